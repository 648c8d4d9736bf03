/** findAndModify: changes or removes one document and returns it as it was before or after. */
import { decode } from '../bson/codec.ts';
import { int32 } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { failedToParse, inContext } from '../language/errors.ts';
import { compileFilter } from '../language/filter.ts';
import type { Filter } from '../language/filter.ts';
import { compileProjection } from '../language/projection.ts';
import type { Found } from '../planner/execute.ts';
import { first, run } from '../planner/query.ts';
import type { Query } from '../planner/query.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Command, Context, Reply } from './context.ts';
import { doc, optionalDoc, optionalLet, optionalFlag, reply, writableNamespaceOf } from './context.ts';
import { projectDoc } from './find.ts';
import { applyUpdate, arrayFiltersOf, hintOf } from './modify.ts';
import { collationFor, prepareQuery } from './query-arguments.ts';

const DOING = 'Plan executor error during findAndModify';

const FIELDS = [
	'query',
	'sort',
	'hint',
	'collation',
	'arrayFilters',
	'remove',
	'update',
	'new',
	'fields',
	'upsert',
	'bypassDocumentValidation',
	'bypassEmptyTsReplacement',
	'let',
	'stmtId',
	'sampleId'
];

interface Outcome {
	value: Doc | null;
	last: [string, Value][];
	filter?: Filter;
}

async function findAndModify(context: Context): Promise<Reply> {
	const { store, command } = context;
	const namespace = writableNamespaceOf(context);
	const filter: Doc = optionalDoc(context, 'query') ?? new Map();
	const remove = optionalFlag(context, 'remove');
	const returnNew = optionalFlag(context, 'new');
	const upsert = optionalFlag(context, 'upsert');
	const update = command.get('update') ?? undefined;
	const sort = optionalDoc(context, 'sort');
	const collation = optionalDoc(context, 'collation');
	const letDoc = optionalLet(context);
	const hint = hintOf(command.get('hint'));
	const fields = optionalDoc(context, 'fields');
	if (remove && update !== undefined) throw failedToParse('Cannot specify both an update and remove=true');
	if (!remove && update === undefined) throw failedToParse('Either an update or remove=true must be specified');
	if (remove && upsert) throw failedToParse('Cannot specify both upsert=true and remove=true');
	if (remove && returnNew) {
		throw failedToParse(
			"Cannot specify both new=true and remove=true; 'remove' always returns the deleted document"
		);
	}
	if (remove && command.has('arrayFilters')) throw failedToParse('Cannot specify arrayFilters and remove=true');
	const projection =
		fields && fields.size > 0
			? compileProjection(fields, { collation: collationFor(store.catalog.get(namespace), collation), let: letDoc })
			: undefined;

	const firstOf = function* (query: Query, collection: Collection): Generator<void, Found | undefined, void> {
		try {
			return yield* first(run(store.environment, collection, query), context.limits);
		} catch (error) {
			throw inContext(DOING, error);
		}
	};

	const removeOne = function* (): Generator<void, Outcome, void> {
		const collection = store.catalog.get(namespace);
		if (!collection) compileFilter(filter);
		else {
			const query = prepareQuery(
				store.environment,
				collection,
				{ filter, sort, hint, collation, let: letDoc, limit: 1 }
			);
			const found = yield* firstOf(query, collection);
			if (found) {
				store.records.remove(collection, found.record, found.bytes);
				return { value: decode(found.bytes), last: [['n', int32(1)]], filter: query.filter };
			}
		}
		return { value: null, last: [['n', int32(0)]] };
	};

	const updateOne = function* (): Generator<void, Outcome, void> {
		const outcome = yield* applyUpdate(context, namespace, {
			filter,
			update: update as Value,
			multi: false,
			upsert,
			sort,
			hint,
			collation,
			arrayFilters: arrayFiltersOf(command.get('arrayFilters')),
			let: letDoc,
			doing: DOING,
			bypassValidation: optionalFlag(context, 'bypassDocumentValidation')
		});
		const last: [string, Value][] = [
			['n', int32(outcome.matched > 0 || outcome.upserted !== undefined ? 1 : 0)],
			['updatedExisting', outcome.matched > 0]
		];
		if (outcome.upserted !== undefined) last.push(['upserted', outcome.upserted]);
		const value = (returnNew ? outcome.after : outcome.before)?.() ?? null;
		return { value, last, filter: outcome.filter };
	};

	const outcome = await store.environment.write<Outcome>(remove ? removeOne : updateOne);
	let { value } = outcome;
	if (value && projection) {
		try {
			value = projectDoc(projection, value, outcome.filter ?? compileFilter(filter));
		} catch (error) {
			throw inContext(DOING, error);
		}
	}
	return reply(['lastErrorObject', doc(...outcome.last)], ['value', value]);
}

export const FIND_AND_MODIFY: Record<string, Command> = {
	findAndModify: { fields: FIELDS, run: findAndModify },
	findandmodify: { fields: FIELDS, run: findAndModify }
};
