/** count and distinct. */
import { decode } from '../bson/codec.ts';
import { typeName } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { canonicalKey } from '../language/compare.ts';
import { storeError, typeMismatch } from '../language/errors.ts';
import { valuesAt } from '../language/paths.ts';
import { sliceClock, TICK } from '../language/slices.ts';
import { execute } from '../planner/execute.ts';
import { checkLimits, giveWay } from '../limits.ts';
import { noteUse } from '../planner/plan.ts';
import { run } from '../planner/query.ts';
import type { Query } from '../planner/query.ts';
import type { Collection } from '../storage/catalog.ts';
import { countKeys } from '../storage/count-keys.ts';
import type { Command, Context, Reply } from './context.ts';
import { collectionOf, count as countValue, missing, namespaceOf, optionalDoc, optionalNumber, reply } from './context.ts';
import { MAX_DOCUMENT_BYTES } from './handshake.ts';
import { NO_COLLECTION } from './find.ts';
import { collationFor, prepareQuery } from './query-arguments.ts';

/** How many records a query has, looking at keys only where they tell enough. */
export async function countMatching(context: Context, collection: Collection, query: Query): Promise<number> {
	const { environment } = context.store;
	const { access } = query.plan;
	const cut = (total: number): number => {
		const rest = Math.max(0, total - query.skip);
		return query.limit > 0 ? Math.min(rest, query.limit) : rest;
	};
	const everything = query.filter.tree.kind === 'and' && query.filter.tree.children.length === 0;
	if (everything && access.kind === 'collection') return cut(collection.committed.documents);
	if (access.kind === 'index' && access.exact) {
		noteUse(access);
		if (!access.index.multikey.includes(true)) {
			let keys = 0;
			for (const range of access.ranges) keys += await countKeys(environment.entries, range.from, range.to, context.limits);
			return cut(keys);
		}
		const executor = execute(environment, collection, access);
		const over = sliceClock();
		let total = 0;
		while (executor.nextRecord() !== undefined) {
			total++;
			if (!over()) continue;
			executor.pause();
			checkLimits(context.limits);
			await giveWay();
		}
		return cut(total);
	}
	const results = run(environment, collection, query);
	let total = 0;
	for (const item of results.items) {
		if (item !== TICK) total++;
		else {
			checkLimits(context.limits);
			await giveWay();
		}
	}
	return total;
}

async function count(context: Context): Promise<Reply> {
	const collection = collectionOf(context) ?? { ...NO_COLLECTION, namespace: namespaceOf(context) };
	const limit = Math.abs(optionalNumber(context, 'limit') ?? 0);
	const skip = optionalNumber(context, 'skip') ?? 0;
	if (skip < 0) throw storeError(51024, `BSON field 'skip' value must be >= 0, actual value '${skip}'`);
	const query = prepareQuery(context.store.environment, collection, {
		filter: optionalDoc(context, 'query') ?? new Map(),
		skip,
		limit,
		hint: context.command.get('hint') ?? undefined,
		collation: optionalDoc(context, 'collation')
	});
	if (collection.id === 0) return reply(['n', countValue(0)]);
	return reply(['n', countValue(await countMatching(context, collection, query))]);
}

async function distinct(context: Context): Promise<Reply> {
	const collection = collectionOf(context) ?? { ...NO_COLLECTION, namespace: namespaceOf(context) };
	const key = context.command.get('key');
	if (key === undefined) throw missing(context, 'key');
	if (typeof key !== 'string') {
		throw typeMismatch(`BSON field 'distinct.key' is the wrong type '${typeName(key)}', expected type 'string'`);
	}
	if (key === '' || key.includes('\0')) throw storeError(31032, 'Illegal key: embedded null');
	const collationDoc = optionalDoc(context, 'collation');
	const filter: Doc = optionalDoc(context, 'query') ?? new Map();
	const collation = collationFor(collection, collationDoc);
	const query = prepareQuery(
		context.store.environment,
		collection,
		{ filter, collation: collationDoc, hint: context.command.get('hint') ?? undefined }
	);
	const seen = new Map<string | number, Value>();
	let bytes = 0;
	if (collection.id !== 0) {
		for (const item of run(context.store.environment, collection, query).items) {
			if (item === TICK) {
				checkLimits(context.limits);
				await giveWay();
				continue;
			}
			for (const value of distinctValues(decode(item.bytes), key)) {
				const canonical = canonicalKey(value, collation);
				if (seen.has(canonical)) continue;
				seen.set(canonical, value);
				bytes += typeof value === 'string' ? value.length + 8 : 16;
				if (bytes > MAX_DOCUMENT_BYTES) throw storeError(17217, 'distinct too big, 16mb cap');
			}
		}
	}
	return reply(['values', [...seen.values()]]);
}

/** The values at a path, with an array at its end taken apart. */
function distinctValues(doc: Doc, key: string): Value[] {
	return valuesAt(doc, key, 'elements');
}

export const COUNT: Record<string, Command> = {
	count: { fields: ['query', 'limit', 'skip', 'hint', 'collation', 'fields', 'mode'], reads: true, run: count },
	distinct: { fields: ['key', 'query', 'collation', 'hint', 'unique'], reads: true, run: distinct }
};
