/** delete: one statement removes one matching document (`limit: 1`) or all (`limit: 0`). */
import type { Doc, Value } from '../bson/values.ts';
import { toNumber } from '../indexes/description.ts';
import { storeError } from '../language/errors.ts';
import { compileFilter } from '../language/filter.ts';
import { TICK } from '../language/slices.ts';
import { checkLimits } from '../limits.ts';
import { run } from '../planner/query.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Command, Context, Reply } from './context.ts';
import { count, documentsOf, namespaceOf, optionalLet, optionalFlag, reply } from './context.ts';
import { hintOf } from './modify.ts';
import { prepareQuery } from './query-arguments.ts';
import { assertBatch, assertStatement, optionalDocOf } from './statements.ts';
import { runWrites } from './write-errors.ts';

const FIELDS = ['q', 'limit', 'collation', 'hint', 'sampleId'];

export interface DeleteStatement {
	filter: Doc;
	one: boolean;
	collation?: Doc;
	hint?: Value;
	let?: Doc;
}

/** Removes what matches; gives way between documents. */
export function* deleteMatching(
	context: Context,
	collection: Collection,
	statement: DeleteStatement,
	onRemoved: () => void
): Generator<void, void, void> {
	const { environment, records } = context.store;
	const query = prepareQuery(environment, collection, { ...statement, limit: statement.one ? 1 : 0 });
	const results = run(environment, collection, query);
	for (const found of results.items) {
		if (found === TICK) {
			checkLimits(context.limits);
			yield;
			continue;
		}
		records.remove(collection, found.record, found.bytes);
		onRemoved();
		if (statement.one) return;
		checkLimits(context.limits);
		const { generation } = environment;
		yield;
		// Others ran meanwhile: what was read ahead may be out of date.
		if (environment.generation !== generation) results.pause();
	}
}

function readStatement(given: Doc, letDoc: Doc | undefined): DeleteStatement {
	assertStatement('delete.deletes', given, FIELDS, ['q', 'limit']);
	const limit = toNumber(given.get('limit'));
	if (limit !== 0 && limit !== 1) {
		throw storeError('FailedToParse', `The limit field in delete objects must be 0 or 1. Got ${limit}`);
	}
	return {
		filter: optionalDocOf('delete.deletes', given, 'q') ?? new Map(),
		one: limit === 1,
		collation: optionalDocOf('delete.deletes', given, 'collation'),
		hint: hintOf(given.get('hint')),
		let: letDoc
	};
}

async function remove(context: Context): Promise<Reply> {
	const { store } = context;
	const namespace = namespaceOf(context);
	const given = documentsOf(context, 'deletes');
	assertBatch(given.length);
	const ordered = !context.command.has('ordered') || optionalFlag(context, 'ordered');
	const letDoc = optionalLet(context);
	// What is malformed is refused before anything is removed.
	const statements = given.map((statement) => readStatement(statement, letDoc));
	let removed = 0;
	const errors = await runWrites(context, statements.length, ordered, () => {
		removed = 0;
		return function* (i) {
			const collection = store.catalog.get(namespace);
			const statement = statements[i] as DeleteStatement;
			if (collection) yield* deleteMatching(context, collection, statement, () => removed++);
			else compileFilter(statement.filter, { let: letDoc });
		};
	});
	return reply(['n', count(removed)], ...errors);
}

export const DELETE: Record<string, Command> = {
	delete: { fields: ['deletes', 'ordered', 'let', 'bypassDocumentValidation'], run: remove }
};
