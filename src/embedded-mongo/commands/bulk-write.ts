/** bulkWrite (8.0): inserts, updates and deletes on several collections in one command. */
import { encode } from '../bson/codec.ts';
import { int32, Long, typeName } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { batchSource, DEFAULT_BATCH, documentSource, MAX_BATCH_BYTES } from '../cursors/batches.ts';
import { isTrue, toNumber } from '../indexes/description.ts';
import { failedToParse, storeError } from '../language/errors.ts';
import { checkLimits } from '../limits.ts';
import type { Command, Context, Reply } from './context.ts';
import {
	assertNamespace,
	collectionForWrite,
	count,
	doc,
	documentsOf,
	optionalDoc,
	optionalFlag,
	reply
} from './context.ts';
import { deleteMatching } from './delete.ts';
import { asStoreError } from './error-reply.ts';
import { prepareDocument } from './insert.ts';
import { applyUpdate, arrayFiltersOf, checkUpdate, hintOf } from './modify.ts';
import { assertStatement, optionalDocOf } from './statements.ts';
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
		const namespace = info.get('ns');
		if (typeof namespace !== 'string') {
			throw failedToParse(`BSON field 'bulkWrite.nsInfo.ns' is the wrong type '${typeName(namespace)}'`);
		}
		assertNamespace(namespace);
		return namespace;
	});
}

/** One operation; returns its entry among the results. */
function* runOperation(
	context: Context,
	operation: Doc,
	names: string[],
	totals: Totals,
	common: { let?: Doc; bypass: boolean }
): Generator<void, [string, Value][], void> {
	const { store } = context;
	const kind = operation.keys().next().value ?? '';
	const at = toNumber(operation.get(kind)) ?? -1;
	const namespace = names[at];
	if (!['insert', 'update', 'delete'].includes(kind)) {
		throw storeError('IDLUnknownField', `BSON field 'bulkWrite.ops.${kind}' is an unknown field.`);
	}
	if (namespace === undefined) {
		throw storeError('BadValue', `BulkWrite ops entry ${kind} has an invalid nsInfo index.`);
	}
	if (kind === 'insert') {
		assertStatement('bulkWrite.ops', operation, ['insert', 'document'], ['document']);
		const given = optionalDocOf('bulkWrite.ops', operation, 'document') ?? new Map();
		const bytes = prepareDocument(Buffer.from(encode(given)));
		const collection = collectionForWrite(context, namespace);
		if (!common.bypass) validate(collection, bytes);
		store.records.insert(collection, bytes);
		totals.nInserted++;
		return [['n', int32(1)]];
	}
	const filter: Doc = optionalDocOf('bulkWrite.ops', operation, 'filter') ?? new Map();
	const multi = isTrue(operation.get('multi'));
	const collation = optionalDocOf('bulkWrite.ops', operation, 'collation');
	const hint = hintOf(operation.get('hint'));
	if (kind === 'delete') {
		assertStatement('bulkWrite.ops', operation, DELETE_FIELDS, ['filter']);
		let removed = 0;
		const collection = store.catalog.get(namespace);
		if (collection) {
			yield* deleteMatching(
				context,
				collection,
				{ filter, one: !multi, collation, hint, let: common.let },
				() => removed++
			);
		}
		totals.nDeleted += removed;
		return [['n', count(removed)]];
	}
	assertStatement('bulkWrite.ops', operation, UPDATE_FIELDS, ['filter', 'updateMods']);
	const outcome = yield* applyUpdate(context, namespace, {
		filter,
		update: checkUpdate(operation.get('updateMods')),
		multi,
		upsert: isTrue(operation.get('upsert')),
		collation,
		arrayFilters: arrayFiltersOf(operation.get('arrayFilters')),
		hint,
		sort: optionalDocOf('bulkWrite.ops', operation, 'sort'),
		let: variables(common.let, optionalDocOf('bulkWrite.ops', operation, 'constants')),
		bypassValidation: common.bypass
	});
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
	const operations = documentsOf(context, 'ops');
	if (operations.length === 0 || operations.length > 100_000) {
		throw storeError(
			'InvalidLength',
			`Write batch sizes must be between 1 and 100000. Got ${operations.length} operations.`
		);
	}
	const ordered = !context.command.has('ordered') || optionalFlag(context, 'ordered');
	const errorsOnly = optionalFlag(context, 'errorsOnly');
	const common = { let: optionalDoc(context, 'let'), bypass: optionalFlag(context, 'bypassDocumentValidation') };
	let totals = newTotals();
	await store.environment.write(function* () {
		totals = newTotals();
		for (let i = 0; i < operations.length; i++) {
			checkLimits(context.limits);
			try {
				const entry = yield* runOperation(context, operations[i] as Doc, names, totals, common);
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
		fields: ['ops', 'nsInfo', 'ordered', 'errorsOnly', 'cursor', 'let', 'bypassDocumentValidation'],
		run: bulkWrite,
		adminOnly: true
	}
};
