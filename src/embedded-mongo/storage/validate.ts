/** Compares a collection with its indexes, both ways: every document has its keys, every key has its document. */
import { decode } from '../bson/codec.ts';
import { isCut } from '../indexes/key-encoding.ts';
import { assertWellFormed } from '../wire/raw-bson.ts';
import type { Store } from '../store.ts';
import type { Collection } from './catalog.ts';
import { after, PREFIX_BYTES, readRecordId } from './keys.ts';
import { keysOf } from './records.ts';

export interface ValidationReport {
	records: number;
	invalidDocuments: number;
	keysPerIndex: Map<string, number>;
	invalidIndexes: Set<string>;
	errors: string[];
	/** Keys without a document, and documents' keys that are not there; at most MAX_SHOWN each. */
	extra: string[];
	missing: string[];
}

const STEP = 500;
const MAX_SHOWN = 50;

/** Runs in the write queue so that nothing changes meanwhile; a large collection keeps writers waiting. */
export function validateCollection(store: Store, collection: Collection): Promise<ValidationReport> {
	return store.environment.write(() => {
		const { documents, entries } = store.environment;
		const report: ValidationReport = {
			records: 0,
			invalidDocuments: 0,
			keysPerIndex: new Map(),
			invalidIndexes: new Set(),
			errors: [],
			extra: [],
			missing: []
		};
		const indexes = collection.indexes.filter((index) => !index.building);
		const expected = new Map(indexes.map((index) => [index, 0]));
		let bytes = 0;
		const note = (list: string[], text: string): void => {
			if (list.length < MAX_SHOWN) list.push(text);
		};

		let from = collection.prefix;
		const end = after(collection.prefix);
		for (;;) {
			const batch = documents.range({ from, to: end, limit: STEP });
			const last = batch.at(-1);
			if (!last) break;
			for (const { key, value } of batch) {
				report.records++;
				bytes += value.length;
				const record = readRecordId(key, PREFIX_BYTES);
				try {
					assertWellFormed(value);
				} catch (error) {
					report.invalidDocuments++;
					note(report.errors, `record ${record}: ${String(error)}`);
					continue;
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
			from = Buffer.concat([last.key, Buffer.of(0)]);
		}

		for (const index of indexes) {
			const keys = entries.count(index.prefix, after(index.prefix));
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
	});
}
