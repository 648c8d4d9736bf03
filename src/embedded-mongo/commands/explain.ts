/** explain: what the planner chose for a command, and with `executionStats` what that costs. Nothing is written. */
import { hostname } from 'node:os';
import { decode } from '../bson/codec.ts';
import { int32 } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { isTrue, toNumber } from '../indexes/description.ts';
import { badValue, storeError } from '../language/errors.ts';
import { sliceClock, TICK } from '../language/slices.ts';
import { compileUpdate } from '../language/update/update.ts';
import { execute } from '../planner/execute.ts';
import { checkLimits, giveWay } from '../limits.ts';
import { run } from '../planner/query.ts';
import { executionStats, queryPlanner } from '../planner/show.ts';
import type { ShownQuery } from '../planner/show.ts';
import type { Command, Context, Reply } from './context.ts';
import { doc, namespaceOf, optionalDoc, optionalString, reply } from './context.ts';
import { NO_COLLECTION } from './find.ts';
import { VERSION } from './handshake.ts';
import { arrayFiltersOf, checkUpdate } from './modify.ts';
import { splitPipeline } from './pipeline-head.ts';
import { collationFor, prepareQuery } from './query-arguments.ts';
import type { QueryArguments } from './query-arguments.ts';

interface Read extends QueryArguments {
	projection?: Doc;
	stages?: Doc[];
	act?: ShownQuery['act'];
	returnsDocument?: boolean;
	/** Of an update. */
	update?: Value;
	arrayFilters?: Doc[];
	upsert?: boolean;
}

type Reader = (command: Doc) => Read;

const docOf = (value: Value | undefined): Doc | undefined => (value instanceof Map ? value : undefined);

function statement(field: string): Reader {
	return (command) => {
		const list = command.get(field);
		const first = Array.isArray(list) ? docOf(list[0]) : undefined;
		if (!first || (Array.isArray(list) && list.length > 1)) {
			throw storeError('FailedToParse', 'explained write batches must be of size 1');
		}
		const one = field === 'updates' ? !isTrue(first.get('multi')) : toNumber(first.get('limit')) === 1;
		return {
			filter: docOf(first.get('q')) ?? new Map(),
			hint: first.get('hint') ?? undefined,
			collation: docOf(first.get('collation')),
			let: docOf(command.get('let')),
			sort: docOf(first.get('sort')),
			limit: one ? 1 : 0,
			act: field === 'updates' ? 'UPDATE' : 'DELETE',
			update: first.get('u'),
			arrayFilters: arrayFiltersOf(first.get('arrayFilters')),
			upsert: isTrue(first.get('upsert'))
		};
	};
}

const READERS: Record<string, Reader> = {
	find: (command) => ({
		filter: docOf(command.get('filter')) ?? new Map(),
		sort: docOf(command.get('sort')),
		projection: docOf(command.get('projection')),
		skip: toNumber(command.get('skip')) ?? 0,
		limit: Math.abs(toNumber(command.get('limit')) ?? 0),
		hint: command.get('hint') ?? undefined,
		min: docOf(command.get('min')),
		max: docOf(command.get('max')),
		collation: docOf(command.get('collation')),
		let: docOf(command.get('let'))
	}),
	count: (command) => ({
		filter: docOf(command.get('query')) ?? new Map(),
		hint: command.get('hint') ?? undefined,
		collation: docOf(command.get('collation')),
		skip: toNumber(command.get('skip')) ?? 0,
		limit: Math.abs(toNumber(command.get('limit')) ?? 0),
		act: 'COUNT'
	}),
	distinct: (command) => ({
		filter: docOf(command.get('query')) ?? new Map(),
		hint: command.get('hint') ?? undefined,
		collation: docOf(command.get('collation'))
	}),
	update: statement('updates'),
	delete: statement('deletes'),
	findAndModify: (command) => ({
		filter: docOf(command.get('query')) ?? new Map(),
		sort: docOf(command.get('sort')),
		hint: command.get('hint') ?? undefined,
		collation: docOf(command.get('collation')),
		let: docOf(command.get('let')),
		limit: 1,
		act: isTrue(command.get('remove')) ? 'DELETE' : 'UPDATE',
		returnsDocument: true,
		update: command.get('update'),
		arrayFilters: arrayFiltersOf(command.get('arrayFilters')),
		upsert: isTrue(command.get('upsert'))
	}),
	aggregate(command) {
		const pipeline = command.get('pipeline');
		const { head, rest } = splitPipeline(Array.isArray(pipeline) ? (pipeline as Doc[]) : []);
		return {
			...head,
			hint: command.get('hint') ?? undefined,
			collation: docOf(command.get('collation')),
			stages: rest
		};
	}
};

/** The explanation of a command document, for explain itself and for aggregate's own `explain: true`. */
export async function explainCommand(context: Context, command: Doc, verbosity: string): Promise<Reply> {
	const { store } = context;
	const given = command.keys().next().value ?? '';
	const name = given.toLowerCase() === 'findandmodify' ? 'findAndModify' : given;
	const reader = READERS[name];
	if (!reader) throw storeError('CommandNotFound', `Explain failed due to unknown command: ${given}`);
	const inner: Context = { ...context, name: given, command };
	const namespace = namespaceOf(inner);
	const { projection, stages = [], act, returnsDocument, update, arrayFilters, upsert, ...args } = reader(command);
	const collection = store.catalog.get(namespace);
	const query = prepareQuery(store.environment, collection ?? NO_COLLECTION, args);
	const countOnly = act === 'COUNT';
	const shown: ShownQuery = { query, filter: args.filter, sort: args.sort, projection, countOnly, act };
	const change =
		act === 'UPDATE'
			? compileUpdate(checkUpdate(update), { collation: collationFor(collection, args.collation), arrayFilters, let: args.let })
			: undefined;
	if (!collection) query.plan.access = { kind: 'nothing' };
	const sections: [string, Value][] = [
		['explainVersion', '1'],
		['queryPlanner', queryPlanner(namespace, shown)]
	];
	if (verbosity !== 'queryPlanner' && collection) {
		const counts = { keysExamined: 0, docsExamined: 0 };
		const started = performance.now();
		let found = 0;
		let modified = 0;
		const { access } = query.plan;
		if (countOnly && access.kind === 'collection' && args.filter.size === 0) {
			found = collection.committed.documents;
		} else if (countOnly && access.kind === 'index' && access.exact) {
			const executor = execute(store.environment, collection, access, counts);
			const over = sliceClock();
			while (executor.nextRecord() !== undefined) {
				found++;
				if (!over()) continue;
				executor.pause();
				checkLimits(context.limits);
				await giveWay();
			}
		} else {
			for (const item of run(store.environment, collection, query, counts).items) {
				if (item === TICK) {
					checkLimits(context.limits);
					await giveWay();
					continue;
				}
				found++;
				if (!change) continue;
				const before = decode(item.bytes);
				if (change.apply(before, query.filter.match(before)).changed) modified++;
			}
		}
		const upserted = upsert && found === 0 ? 1 : 0;
		const milliseconds = performance.now() - started;
		const stats = executionStats(shown, { ...counts, found, modified, upserted, milliseconds, returnsDocument });
		// Plans are not raced against each other.
		if (verbosity === 'allPlansExecution') stats.set('allPlansExecution', []);
		sections.push(['executionStats', stats]);
	}
	const serverInfo = doc(['host', hostname()], ['port', int32(0)], ['version', VERSION], ['gitVersion', 'unknown']);
	const tail: [string, Value][] = [
		['command', command],
		['serverInfo', serverInfo]
	];
	if (stages.length === 0) return reply(...sections, ...tail);
	const shownStages: Value[] = [doc(['$cursor', doc(...sections.slice(1))]), ...stages];
	return reply(['explainVersion', '1'], ['stages', shownStages], ...tail);
}

async function explain(context: Context): Promise<Reply> {
	const inner = optionalDoc(context, 'explain');
	if (!inner) throw storeError('FailedToParse', 'explain command requires a nested object');
	const verbosity = optionalString(context, 'verbosity') ?? 'allPlansExecution';
	if (!['queryPlanner', 'executionStats', 'allPlansExecution'].includes(verbosity)) {
		throw badValue(`verbosity string must be one of {'queryPlanner', 'executionStats', 'allPlansExecution'}`);
	}
	return explainCommand(context, inner, verbosity);
}

export const EXPLAIN: Record<string, Command> = {
	explain: { fields: ['verbosity'], reads: true, run: explain }
};
