/** find, getMore and killCursors. */
import { decode, encode } from '../bson/codec.ts';
import { pickFields } from '../bson/raw-fields.ts';
import { isLong, Long } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { batchSource, cursorReply, DEFAULT_BATCH, MAX_BATCH_BYTES, recordSource } from '../cursors/batches.ts';
import type { Batch, BatchSource, OpenCursor } from '../cursors/cursors.ts';
import { isTrue, toNumber } from '../indexes/description.ts';
import { badValue, inContext, storeError, typeMismatch } from '../language/errors.ts';
import type { Filter } from '../language/filter.ts';
import { compileProjection } from '../language/projection.ts';
import type { Projection } from '../language/projection.ts';
import type { Limits } from '../limits.ts';
import { run } from '../planner/query.ts';
import type { Store } from '../store.ts';
import type { Command, Context } from './context.ts';
import {
	assertNamespace,
	missing,
	namespaceOf,
	optionalArray,
	optionalCount,
	optionalDoc,
	optionalLet,
	optionalFlag,
	optionalNumber,
	reply
} from './context.ts';
import { pointRead } from './point-read.ts';
import { collationFor, prepareQuery } from './query-arguments.ts';

const ZERO = Long.fromNumber(0);

export const FIND_FIELDS = [
	'filter',
	'sort',
	'projection',
	'hint',
	'skip',
	'limit',
	'batchSize',
	'ntoreturn',
	'singleBatch',
	'max',
	'min',
	'returnKey',
	'showRecordId',
	'tailable',
	'awaitData',
	'noCursorTimeout',
	'allowPartialResults',
	'oplogReplay',
	'collation',
	'allowDiskUse',
	'let',
	'term',
	'readOnce',
	'options'
];

/** Sends a first batch and keeps a cursor for the rest. */
export function firstBatch(
	store: Store,
	namespace: string,
	source: BatchSource,
	options: { batchSize?: number; limit?: number; singleBatch?: boolean; noTimeout?: boolean; limits?: Limits; doing?: string }
): Uint8Array[] | Promise<Uint8Array[]> {
	const answer = (batch: Batch): Uint8Array[] => {
		const complete = batch.done || options.singleBatch || (options.limit && batch.documents.length >= options.limit);
		if (complete) {
			source.close();
			return cursorReply('firstBatch', batch.documents, ZERO, namespace);
		}
		const id = store.cursors.open(namespace, source, options.noTimeout ?? false);
		return cursorReply('firstBatch', batch.documents, id, namespace);
	};
	const failed = (error: unknown): never => {
		throw options.doing === undefined ? error : inContext(options.doing, error);
	};
	let batch: Batch | Promise<Batch>;
	try {
		batch = source.take(options.batchSize ?? DEFAULT_BATCH, MAX_BATCH_BYTES, options.limits);
	} catch (error) {
		return failed(error);
	}
	return batch instanceof Promise ? batch.catch(failed).then(answer) : answer(batch);
}

function find(context: Context): Uint8Array[] | Promise<Uint8Array[]> {
	const { store, command } = context;
	const namespace = namespaceOf(context);
	const filter: Doc = optionalDoc(context, 'filter') ?? new Map();
	if (optionalFlag(context, 'tailable') || optionalFlag(context, 'awaitData')) {
		throw storeError('BadValue', 'error processing query: tailable cursor requested on non capped collection');
	}
	if (optionalFlag(context, 'returnKey')) {
		throw storeError('CommandNotSupported', 'returnKey is not offered by this server');
	}
	let limit = optionalCount(context, 'limit') ?? 0;
	let singleBatch = optionalFlag(context, 'singleBatch');
	const ntoreturn = optionalNumber(context, 'ntoreturn');
	if (ntoreturn !== undefined && ntoreturn !== 0) {
		limit = Math.abs(ntoreturn);
		singleBatch ||= ntoreturn < 0;
	}
	const batchSize = optionalCount(context, 'batchSize');
	const skip = optionalCount(context, 'skip') ?? 0;
	const projection = optionalDoc(context, 'projection');
	const sort = optionalDoc(context, 'sort');
	const collationDoc = optionalDoc(context, 'collation');
	const collection = store.catalog.get(namespace);
	const collation = collationFor(collection, collationDoc);
	const letDoc = optionalLet(context);
	const args = {
		filter,
		sort,
		skip,
		limit,
		hint: command.get('hint') ?? undefined,
		min: optionalDoc(context, 'min'),
		max: optionalDoc(context, 'max'),
		collation: collationDoc,
		let: letDoc
	};
	const projector =
		projection && projection.size > 0 ? compileProjection(projection, { collation, let: letDoc }) : undefined;
	if (!collection) {
		// What is malformed is refused whether or not the collection exists.
		prepareQuery(store.environment, NO_COLLECTION, args);
		return cursorReply('firstBatch', [], ZERO, namespace);
	}
	if (!sort && skip === 0 && !collation && !letDoc && !projector?.positional && takesAll(context, batchSize, limit, singleBatch)) {
		const bytes = pointRead(store.environment, collection, filter);
		if (bytes !== undefined) {
			const shape = projector && projectBytes(projector);
			return cursorReply('firstBatch', bytes ? [shape ? shape(bytes) : bytes] : [], ZERO, namespace);
		}
	}
	const query = prepareQuery(store.environment, collection, args);
	const results = run(store.environment, collection, query);
	const shape = projector && projectBytes(projector, query.filter);
	const project = optionalFlag(context, 'showRecordId')
		? (bytes: Buffer, record: number) => withRecordId(shape ? shape(bytes) : bytes, record)
		: shape;
	return firstBatch(store, namespace, batchSource(recordSource(results, project)), {
		limits: context.limits,
		batchSize,
		limit,
		singleBatch,
		doing: `Executor error during find command: ${namespace}`,
		noTimeout: optionalFlag(context, 'noCursorTimeout')
	});
}

/** Whether one document is the whole answer, and nothing is asked for that needs more than its bytes. */
function takesAll(context: Context, batchSize: number | undefined, limit: number, singleBatch: boolean): boolean {
	const { command } = context;
	if (command.has('hint') || command.has('min') || command.has('max') || command.has('showRecordId')) return false;
	return batchSize === undefined || batchSize > 1 || (batchSize === 1 && (limit === 1 || singleBatch));
}

/** A projection on bytes: top-level fields are picked without decoding the document, and only they are decoded for what lies deeper. */
function projectBytes(projection: Projection, filter?: Filter): (bytes: Buffer) => Uint8Array {
	const { included, positional } = projection;
	// The positional operator asks what the filter matched, which may lie in any field.
	if (!included || positional) return (bytes) => encode(projectDoc(projection, decode(bytes), filter));
	const names = new Set(included.map((path) => path.split('.', 1)[0] as string));
	if (!included.some((path) => path.includes('.'))) return (bytes) => pickFields(bytes, names);
	return (bytes) => encode(projection.apply(decode(pickFields(bytes, names))));
}

function withRecordId(bytes: Uint8Array, record: number): Uint8Array {
	return encode(decode(bytes).set('$recordId', Long.fromNumber(record)));
}

/** Applies a projection, telling it what the filter matched if it asks. */
export function projectDoc(projection: Projection, doc: Doc, filter?: Filter): Doc {
	return projection.apply(doc, projection.positional ? filter?.match(doc) : undefined);
}

/** Stands for a collection that does not exist, to check a query against. */
export const NO_COLLECTION = {
	id: 0,
	namespace: '',
	database: '',
	name: '',
	uuid: undefined as never,
	options: new Map<string, Value>(),
	indexes: [],
	prefix: Buffer.alloc(4),
	documents: 0,
	bytes: 0,
	committed: { documents: 0, bytes: 0 },
	nextRecord: 1,
	version: 0,
	dropped: false
};

async function takeMore({ source }: OpenCursor, wanted: number, limits: Limits): Promise<Batch> {
	try {
		return await source.take(wanted, MAX_BATCH_BYTES, limits);
	} catch (error) {
		throw inContext('Executor error during getMore', error);
	}
}

async function getMore(context: Context): Promise<Uint8Array[]> {
	const { store, command } = context;
	const id = command.get('getMore');
	const name = command.get('collection');
	if (!isLong(id)) {
		throw typeMismatch("BSON field 'getMore.getMore' is the wrong type, expected type 'long'");
	}
	if (typeof name !== 'string') throw missing(context, 'collection');
	const namespace = `${context.database}.${name}`;
	assertNamespace(namespace);
	const cursor = store.cursors.get(id.toBigInt(), namespace);
	if (cursor.busy) throw storeError('CursorInUse', `cursor id ${id.toString()} is already in use`);
	// Only cursors that wait for new data take a time limit here, and there are none.
	if (isTrue(command.get('maxTimeMS'))) {
		throw badValue('cannot set maxTimeMS on getMore command for a non-awaitData cursor');
	}
	const asked = optionalCount(context, 'batchSize');
	cursor.busy = true;
	try {
		const batch = await takeMore(cursor, asked || Infinity, context.limits);
		if (cursor.killed) throw storeError('CursorKilled', `cursor id ${id.toString()} was killed`);
		if (batch.done) store.cursors.close(cursor.id);
		return cursorReply('nextBatch', batch.documents, batch.done ? ZERO : id, namespace);
	} catch (error) {
		store.cursors.close(cursor.id);
		throw error;
	} finally {
		cursor.busy = false;
		cursor.lastUsed = Date.now();
	}
}

function killCursors(context: Context): Doc {
	const ids = optionalArray(context, 'cursors');
	if (!ids) throw missing(context, 'cursors');
	const killed: Value[] = [];
	const notFound: Value[] = [];
	for (const id of ids) {
		const found = isLong(id) ? context.store.cursors.close(id.toBigInt()) : false;
		if (!isLong(id) && toNumber(id) === undefined) throw typeMismatch('cursor ids must be of type long');
		(found ? killed : notFound).push(id);
	}
	return reply(
		['cursorsKilled', killed],
		['cursorsNotFound', notFound],
		['cursorsAlive', []],
		['cursorsUnknown', []]
	);
}

export const FIND: Record<string, Command> = {
	find: { fields: FIND_FIELDS, reads: true, run: find },
	getMore: { fields: ['collection', 'batchSize', 'term', 'lastKnownCommittedOpTime'], reads: true, run: getMore },
	killCursors: { fields: ['cursors'], run: killCursors }
};
