/** Changes documents: shared by update, findAndModify and bulkWrite. Runs inside write jobs. */
import { decode, encode } from '../bson/codec.ts';
import { setFields } from '../bson/raw-fields.ts';
import { ObjectId, typeName } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { badValue, failedToParse, inContext, storeError, typeMismatch } from '../language/errors.ts';
import { compileFilter } from '../language/filter.ts';
import type { Filter } from '../language/filter.ts';
import { TICK } from '../language/slices.ts';
import { compileUpdate, documentFromFilter } from '../language/update/update.ts';
import type { Update } from '../language/update/update.ts';
import { checkLimits } from '../limits.ts';
import { run } from '../planner/query.ts';
import type { Query } from '../planner/query.ts';
import type { Found } from '../planner/execute.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Context } from './context.ts';
import { collectionForWrite } from './context.ts';
import { MAX_DOCUMENT_BYTES } from './handshake.ts';
import { checkId } from './insert.ts';
import { collationFor, prepareQuery } from './query-arguments.ts';
import { validate } from './validation.ts';

export interface UpdateStatement {
	filter: Doc;
	update: Value;
	multi: boolean;
	upsert: boolean;
	collation?: Doc;
	arrayFilters?: Doc[];
	hint?: Value;
	sort?: Doc;
	/** Variables that only a pipeline may have; in `let` too. */
	constants?: Doc;
	/** Variables for expressions. */
	let?: Doc;
	bypassValidation: boolean;
	/** Put before the message of what goes wrong once the statement is understood. */
	doing?: string;
}

export interface UpdateOutcome {
	matched: number;
	modified: number;
	/** `_id` of the document an upsert made. */
	upserted?: Value;
	/** For findAndModify: the one document before and after. */
	before?: () => Doc;
	after?: () => Doc;
	/** The compiled filter, for positional projections. */
	filter?: Filter;
}

export function checkUpdate(update: Value | undefined): Doc | Value[] {
	if (update instanceof Map || Array.isArray(update)) return update;
	throw failedToParse(`Update argument must be either an object or an array, but was ${typeName(update)}`);
}

export function arrayFiltersOf(value: Value | undefined): Doc[] | undefined {
	if (value === undefined || value === null) return undefined;
	if (!Array.isArray(value) || !value.every((item) => item instanceof Map)) {
		throw typeMismatch("BSON field 'arrayFilters' is the wrong type, expected an array of objects");
	}
	return value as Doc[];
}

function tooLarge(): Error {
	return storeError(17419, `Resulting document after update is larger than ${MAX_DOCUMENT_BYTES}`);
}

/** `_id` first, as documents are stored. */
function withIdFirst(doc: Doc): Doc {
	if (doc.keys().next().value === '_id') return doc;
	const id = doc.get('_id');
	return id === undefined ? new Map([['_id', new ObjectId()], ...doc]) : new Map([['_id', id], ...doc]);
}

function encodeChecked(doc: Doc): Buffer {
	const encoded = encode(doc);
	if (encoded.length > MAX_DOCUMENT_BYTES) throw tooLarge();
	return Buffer.from(encoded.buffer, encoded.byteOffset, encoded.length);
}

type Updated = { before: () => Doc; after: () => Doc; changed: boolean };

/** Applies an update to one stored document. */
export function updateRecord(
	context: Context,
	collection: Collection,
	found: Found,
	filter: Filter,
	update: Update,
	bypassValidation: boolean
): Updated {
	if (update.sets) return setInRecord(context, collection, found, update.sets, bypassValidation);
	const before = decode(found.bytes);
	const { doc, changed } = update.apply(before, filter.match(before));
	if (!changed) return { before: () => before, after: () => before, changed };
	const after = withIdFirst(doc);
	const bytes = encodeChecked(after);
	if (!bypassValidation) validate(collection, bytes, found.bytes);
	context.store.records.replace(collection, found.record, found.bytes, bytes, { before, after });
	return { before: () => before, after: () => after, changed };
}

/** The same where whole fields are set: the others need not be looked into. */
function setInRecord(context: Context, collection: Collection, found: Found, sets: Doc, bypassValidation: boolean): Updated {
	const { bytes, changed } = setFields(found.bytes, sets);
	const before = (): Doc => decode(found.bytes);
	if (changed.size === 0) return { before, after: before, changed: false };
	if (bytes.length > MAX_DOCUMENT_BYTES) throw tooLarge();
	if (!bypassValidation) validate(collection, bytes, found.bytes);
	context.store.records.replace(collection, found.record, found.bytes, bytes, { changed });
	return { before, after: () => decode(bytes), changed: true };
}

/** The document an upsert adds when nothing matches. */
function upsertDocument(
	context: Context,
	namespace: string,
	statement: UpdateStatement,
	update: Update
): { id: Value; doc: Doc } {
	const base = documentFromFilter(statement.filter, update.kind === 'replacement');
	const { doc } = update.apply(base, null, { upserting: true });
	const made = withIdFirst(doc);
	const id = made.get('_id') as Value;
	checkId(id);
	const bytes = encodeChecked(made);
	const collection = collectionForWrite(context, namespace);
	if (!statement.bypassValidation) validate(collection, bytes);
	context.store.records.insert(collection, bytes);
	return { id, doc: made };
}

/** Runs one update statement; gives way between documents. */
export function* applyUpdate(
	context: Context,
	namespace: string,
	statement: UpdateStatement
): Generator<void, UpdateOutcome, void> {
	const { environment, catalog } = context.store;
	const collection = catalog.get(namespace);
	if (statement.constants && !Array.isArray(statement.update)) {
		throw storeError(51198, 'Constant values may only be specified for pipeline updates');
	}
	const update = compileUpdate(checkUpdate(statement.update), {
		collation: collationFor(collection, statement.collation),
		arrayFilters: statement.arrayFilters,
		let: statement.let
	});
	if (statement.multi && update.kind === 'replacement') {
		throw failedToParse('multi update is not supported for replacement-style update');
	}
	if (statement.multi && statement.sort) throw failedToParse("Cannot specify sort with multi=true");
	const outcome: UpdateOutcome = { matched: 0, modified: 0 };
	const query =
		collection && prepareQuery(environment, collection, { ...statement, limit: statement.multi ? 0 : 1 });
	// What is malformed is refused whether or not the collection exists.
	if (!query) compileFilter(statement.filter);
	try {
		return yield* carryOut(context, namespace, statement, { collection, query, update, outcome });
	} catch (error) {
		throw statement.doing === undefined ? error : inContext(statement.doing, error);
	}
}

function* carryOut(
	context: Context,
	namespace: string,
	statement: UpdateStatement,
	prepared: { collection: Collection | undefined; query: Query | undefined; update: Update; outcome: UpdateOutcome }
): Generator<void, UpdateOutcome, void> {
	const { environment } = context.store;
	const { collection, query, update, outcome } = prepared;
	if (collection && query) {
		outcome.filter = query.filter;
		const results = run(environment, collection, query);
		// An update may move a record forward in the index that is being read.
		const done = statement.multi && query.plan.access.kind !== 'collection' ? new Set<number>() : undefined;
		for (const found of results.items) {
			if (found === TICK) {
				checkLimits(context.limits);
				yield;
				continue;
			}
			if (done?.has(found.record)) continue;
			const { before, after, changed } = updateRecord(
				context,
				collection,
				found,
				query.filter,
				update,
				statement.bypassValidation
			);
			outcome.matched++;
			if (changed) outcome.modified++;
			if (!statement.multi) return { ...outcome, before, after };
			done?.add(found.record);
			checkLimits(context.limits);
			const { generation } = environment;
			yield;
			// Others ran meanwhile: what was read ahead may be out of date.
			if (environment.generation !== generation) results.pause();
		}
	}
	if (outcome.matched === 0 && statement.upsert) {
		const { id, doc } = upsertDocument(context, namespace, statement, update);
		return { ...outcome, upserted: id, after: () => doc };
	}
	return outcome;
}

export function hintOf(value: Value | undefined): Value | undefined {
	if (value === undefined || value === null) return undefined;
	if (typeof value === 'string' || value instanceof Map) return value;
	throw badValue('Hint must be a string or an object');
}
