/** Compares a collection with its indexes, both ways: every document has its keys, every key has its document. */
import { checkDocument } from '../bson/check.ts';
import { decode } from '../bson/codec.ts';
import type { Index } from '../indexes/description.ts';
import { isCut } from '../indexes/key-encoding.ts';
import { storeError } from '../language/errors.ts';
import { sliceClock } from '../language/slices.ts';
import { checkLimits, giveWay } from '../limits.ts';
import type { Limits } from '../limits.ts';
import type { Store } from '../store.ts';
import { collectionKey, storedCollection } from './catalog.ts';
import type { Collection } from './catalog.ts';
import { countKeys } from './count-keys.ts';
import type { Entry, Tables } from './environment.ts';
import { after, PREFIX_BYTES, readRecordId } from './keys.ts';
import { keysOf } from './records.ts';

export interface ValidationReport {
	records: number;
	indexes: number;
	invalidDocuments: number;
	keysPerIndex: Map<string, number>;
	invalidIndexes: Set<string>;
	errors: string[];
	/** Keys without a document, and documents' keys that are not there; at most MAX_SHOWN each. */
	extra: string[];
	missing: string[];
}

const STEP = 100;
const MAX_SHOWN = 50;

function note(list: string[], text: string): void {
	if (list.length < MAX_SHOWN) list.push(text);
}

/**
 * Looks at one committed state of the collection, so it needs to keep nobody waiting however long it takes: others read
 * and write meanwhile. Throws NamespaceNotFound if there is no such collection.
 */
export async function validateCollection(store: Store, namespace: string, limits: Limits = {}): Promise<ValidationReport> {
	// Everything begun before is to be part of what is looked at.
	await store.environment.write(() => {});
	const snapshot = store.environment.snapshot();
	try {
		const stored = snapshot.catalog.get(collectionKey(namespace));
		if (!stored) throw storeError('NamespaceNotFound', `Collection '${namespace}' does not exist to validate.`);
		return await validateIn(snapshot, storedCollection(snapshot, stored), limits);
	} finally {
		snapshot.release();
	}
}

async function validateIn(tables: Tables, collection: Collection, limits: Limits): Promise<ValidationReport> {
	const { documents, entries } = tables;
	const report: ValidationReport = {
		records: 0,
		indexes: collection.indexes.length,
		invalidDocuments: 0,
		keysPerIndex: new Map(),
		invalidIndexes: new Set(),
		errors: [],
		extra: [],
		missing: []
	};
	const indexes = collection.indexes.filter((index) => !index.building);
	const expected = new Map(indexes.map((index) => [index, 0]));
	const over = sliceClock();
	let bytes = 0;
	let from = collection.prefix;
	const end = after(collection.prefix);
	for (;;) {
		const batch = documents.range({ from, to: end, limit: STEP });
		const last = batch.at(-1);
		if (!last) break;
		for (const entry of batch) {
			bytes += entry.value.length;
			validateDocument(tables, indexes, entry, expected, report);
			if (!over()) continue;
			checkLimits(limits);
			await giveWay();
		}
		from = Buffer.concat([last.key, Buffer.of(0)]);
	}

	for (const index of indexes) {
		const keys = await countKeys(entries, index.prefix, after(index.prefix), limits);
		report.keysPerIndex.set(index.name, keys);
		// Every expected key was found above, so a surplus can only be keys without a document.
		if (keys !== expected.get(index)) {
			report.invalidIndexes.add(index.name);
			note(report.extra, `index ${index.name}: ${keys} keys, ${expected.get(index)} expected`);
		}
	}
	if (report.records !== collection.documents) {
		report.errors.push(`the count is ${collection.documents}, but there are ${report.records} documents`);
	}
	if (bytes !== collection.bytes) report.errors.push(`the size is ${collection.bytes}, but documents have ${bytes} bytes`);
	if (report.extra.length > 0) report.errors.push('there are index keys without a document');
	if (report.missing.length > 0) report.errors.push('there are documents without their index keys');
	return report;
}

/** Looks for the keys a document should have in each index. */
function validateDocument(
	{ entries }: Tables,
	indexes: Index[],
	{ key, value }: Entry,
	expected: Map<Index, number>,
	report: ValidationReport
): void {
	report.records++;
	const record = readRecordId(key, PREFIX_BYTES);
	try {
		checkDocument(value);
	} catch (error) {
		report.invalidDocuments++;
		note(report.errors, `record ${record}: ${String(error)}`);
		return;
	}
	const doc = decode(value);
	for (const index of indexes) {
		const found = keysOf(index, value, () => doc);
		expected.set(index, (expected.get(index) ?? 0) + found.keys.length);
		for (let i = 0; i < found.multikey.length; i++) {
			if (found.multikey[i] && !index.multikey[i]) note(report.errors, `index ${index.name} is not marked multikey`);
		}
		for (const part of found.keys) {
			if (isCut(part) && !index.cut) note(report.errors, `index ${index.name} is not marked as having cut keys`);
			const whole = index.unique ? Buffer.concat([index.prefix, part]) : Buffer.concat([index.prefix, part, key.subarray(PREFIX_BYTES)]);
			const held = entries.get(whole);
			if (held && (!index.unique || readRecordId(held, 0) === record)) continue;
			report.invalidIndexes.add(index.name);
			note(report.missing, `index ${index.name}: no key for record ${record}`);
		}
	}
}
