/** bulkWrite (8.0): inserts, updates and deletes on several collections in one command. */
import { encode } from '../bson/codec.ts';
import { int32, Long, typeName } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { batchSource, DEFAULT_BATCH, documentSource, MAX_BATCH_BYTES } from '../cursors/batches.ts';
import { toNumber } from '../indexes/description.ts';
import { badValue, failedToParse, storeError, typeMismatch } from '../language/errors.ts';
import { compileFilter } from '../language/filter.ts';
import { show } from '../language/show.ts';
import { checkLimits } from '../limits.ts';
import type { Command, Context, Reply } from './context.ts';
import {
	assertNamespace,
	collectionForWrite,
	count,
	doc,
	documentsOf,
	optionalDoc,
	optionalLet,
	optionalFlag,
	reply
} from './context.ts';
import { deleteMatching } from './delete.ts';
import type { DeleteStatement } from './delete.ts';
import { asStoreError } from './error-reply.ts';
import { prepareDocument } from './insert.ts';
import { applyUpdate, arrayFiltersOf, checkUpdate, hintOf } from './modify.ts';
import type { UpdateStatement } from './modify.ts';
import { assertBatch, assertStatement, optionalDocOf, optionalFlagOf } from './statements.ts';
import { variables } from './update.ts';
import { validate } from './validation.ts';
import { isRefusal } from './write-errors.ts';

const UPDATE_FIELDS = [
	'update',
	'filter',
	'updateMods',
	'multi',
	'upsert',
	'arrayFilters',
	'hint',
	'constants',
	'collation',
	'sort',
	'upsertSupplied',
	'sampleId'
];
const DELETE_FIELDS = ['delete', 'filter', 'multi', 'hint', 'collation', 'sampleId'];

interface Totals {
	nErrors: number;
	nInserted: number;
	nMatched: number;
	nModified: number;
	nUpserted: number;
	nDeleted: number;
	results: Doc[];
}

function newTotals(): Totals {
	return { nErrors: 0, nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0, results: [] };
}

function namespaces(context: Context): string[] {
	return documentsOf(context, 'nsInfo').map((info) => {
		assertStatement('bulkWrite.nsInfo', info, ['ns'], ['ns']);
		const namespace = info.get('ns');
		if (typeof namespace !== 'string') {
			throw failedToParse(`BSON field 'bulkWrite.nsInfo.ns' is the wrong type '${typeName(namespace)}'`);
		}
		try {
			assertNamespace(namespace);
		} catch {
			const database = namespace.split('.')[0] ?? '';
			throw storeError('InvalidNamespace', `Invalid namespace specified for bulkWrite: '${database}'`);
		}
		return namespace;
	});
}

type Operation =
	| { kind: 'insert'; namespace: string; document: Doc }
	| { kind: 'update'; namespace: string; statement: UpdateStatement }
	| { kind: 'delete'; namespace: string; statement: DeleteStatement };

const PLACE = 'bulkWrite.ops';

/** What is malformed is refused before anything is written. */
function readOperation(given: Doc, names: string[], common: { let?: Doc; bypass: boolean }): Operation {
	const kind = given.keys().next().value ?? '';
	if (kind !== 'insert' && kind !== 'update' && kind !== 'delete') {
		throw storeError('IDLUnknownField', `BSON field 'bulkWrite.${kind}' is an unknown field.`);
	}
	const at = toNumber(given.get(kind));
	if (at === undefined) {
		throw typeMismatch(
			`BSON field '${PLACE}.${kind}' is the wrong type '${typeName(given.get(kind))}', expected types '[long, int, decimal, double]'`
		);
	}
	if (at < 0) throw badValue(`BSON field '${kind}' value must be >= 0, actual value '${at}'`);
	const namespace = names[Math.trunc(at)];
	if (namespace === undefined) {
		throw storeError('BadValue', `BulkWrite ops entry ${show(given)} has an invalid nsInfo index.`);
	}
	if (kind === 'insert') {
		assertStatement(PLACE, given, ['insert', 'document'], ['document']);
		return { kind, namespace, document: optionalDocOf(PLACE, given, 'document') ?? new Map() };
	}
	assertStatement(PLACE, given, kind === 'update' ? UPDATE_FIELDS : DELETE_FIELDS, kind === 'update' ? ['filter', 'updateMods'] : ['filter']);
	const filter: Doc = optionalDocOf(PLACE, given, 'filter') ?? new Map();
	const multi = optionalFlagOf(PLACE, given, 'multi');
	const collation = optionalDocOf(PLACE, given, 'collation');
	const hint = hintOf(given.get('hint'));
	if (kind === 'delete') {
		return { kind, namespace, statement: { filter, one: !multi, collation, hint, let: common.let } };
	}
	const constants = optionalDocOf(PLACE, given, 'constants');
	const statement: UpdateStatement = {
		filter,
		update: checkUpdate(given.get('updateMods')),
		multi,
		upsert: optionalFlagOf(PLACE, given, 'upsert'),
		collation,
		arrayFilters: arrayFiltersOf(given.get('arrayFilters')),
		hint,
		sort: optionalDocOf(PLACE, given, 'sort'),
		constants,
		let: variables(common.let, constants),
		bypassValidation: common.bypass
	};
	return { kind, namespace, statement };
}

/** One operation; returns its entry among the results. */
function* runOperation(
	context: Context,
	operation: Operation,
	totals: Totals,
	bypass: boolean
): Generator<void, [string, Value][], void> {
	const { store } = context;
	const { namespace } = operation;
	if (operation.kind === 'insert') {
		const bytes = prepareDocument(Buffer.from(encode(operation.document)), optionalFlag(context, 'bypassEmptyTsReplacement'));
		const collection = collectionForWrite(context, namespace);
		if (!bypass) validate(collection, bytes);
		store.records.insert(collection, bytes);
		totals.nInserted++;
		return [['n', int32(1)]];
	}
	if (operation.kind === 'delete') {
		let removed = 0;
		const collection = store.catalog.get(namespace);
		if (collection) yield* deleteMatching(context, collection, operation.statement, () => removed++);
		else compileFilter(operation.statement.filter, { let: operation.statement.let });
		totals.nDeleted += removed;
		return [['n', count(removed)]];
	}
	const outcome = yield* applyUpdate(context, namespace, operation.statement);
	totals.nMatched += outcome.matched;
	totals.nModified += outcome.modified;
	const entry: [string, Value][] = [
		['n', count(outcome.matched + (outcome.upserted === undefined ? 0 : 1))],
		['nModified', count(outcome.modified)]
	];
	if (outcome.upserted !== undefined) {
		totals.nUpserted++;
		entry.push(['upserted', doc(['_id', outcome.upserted])]);
	}
	return entry;
}

async function bulkWrite(context: Context): Promise<Reply> {
	const { store } = context;
	const names = namespaces(context);
	const given = documentsOf(context, 'ops');
	assertBatch(given.length);
	const ordered = !context.command.has('ordered') || optionalFlag(context, 'ordered');
	const errorsOnly = optionalFlag(context, 'errorsOnly');
	const common = { let: optionalLet(context), bypass: optionalFlag(context, 'bypassDocumentValidation') };
	const operations = given.map((operation) => readOperation(operation, names, common));
	let totals = newTotals();
	await store.environment.write(function* () {
		totals = newTotals();
		for (let i = 0; i < operations.length; i++) {
			checkLimits(context.limits);
			try {
				const entry = yield* runOperation(context, operations[i] as Operation, totals, common.bypass);
				if (!errorsOnly) totals.results.push(doc(['ok', 1], ['idx', int32(i)], ...entry));
			} catch (error) {
				if (!isRefusal(error)) throw error;
				const known = asStoreError(error);
				totals.nErrors++;
				totals.results.push(
					doc(
						['ok', 0],
						['idx', int32(i)],
						['code', int32(known.code)],
						['errmsg', known.message],
						...(known.extra ?? []),
						['n', int32(0)]
					)
				);
				if (ordered) break;
			}
			yield;
		}
	});
	const cursor = optionalDoc(context, 'cursor');
	const source = batchSource(documentSource(totals.results));
	const batch = await source.take(
		toNumber(cursor?.get('batchSize')) ?? Math.max(DEFAULT_BATCH, operations.length),
		MAX_BATCH_BYTES / 2
	);
	const id = batch.done ? Long.fromNumber(0) : store.cursors.open('admin.$cmd.bulkWrite', source, false);
	const shown = totals.results.slice(0, batch.documents.length);
	return reply(
		['cursor', doc(['id', id], ['firstBatch', shown], ['ns', 'admin.$cmd.bulkWrite'])],
		['nErrors', count(totals.nErrors)],
		['nInserted', count(totals.nInserted)],
		['nMatched', count(totals.nMatched)],
		['nModified', count(totals.nModified)],
		['nUpserted', count(totals.nUpserted)],
		['nDeleted', count(totals.nDeleted)]
	);
}

export const BULK_WRITE: Record<string, Command> = {
	bulkWrite: {
		fields: ['ops', 'nsInfo', 'ordered', 'errorsOnly', 'cursor', 'let', 'bypassDocumentValidation', 'bypassEmptyTsReplacement'],
		run: bulkWrite,
		adminOnly: true
	}
};
