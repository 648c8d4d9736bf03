/** Makes an index unique that was not: looks for documents in the way, then builds it anew. */
import { readPath } from '../bson/codec.ts';
import type { Doc, Value } from '../bson/values.ts';
import type { Index } from '../indexes/description.ts';
import { storeError } from '../language/errors.ts';
import type { Collection } from '../storage/catalog.ts';
import { after, RECORD_ID_BYTES, readRecordId } from '../storage/keys.ts';
import type { Limits } from '../limits.ts';
import type { Store } from '../store.ts';
import { doc } from './context.ts';
import { rebuild } from './index-build.ts';

/** Entries looked at in one step. */
const STEP = 500;
/** What an error reply may list. */
const MAX_SHOWN_BYTES = 8 * 1024 * 1024;

/** Throws CannotConvertIndexToUnique, with the `_id`s of the documents that share a key. */
export async function findViolations(store: Store, collection: Collection, index: Index): Promise<void> {
	const { environment, records } = store;
	const violations: Value[] = [];
	let shown = 0;
	await environment.write(function* () {
		let same: number[] = [];
		let previous = '';
		violations.length = 0;
		shown = 0;
		const close = (): void => {
			if (same.length < 2 || shown > MAX_SHOWN_BYTES) return;
			const ids = same.map((record) => {
				const bytes = records.read(collection, record);
				const id = bytes && readPath(bytes, '_id');
				shown += 64;
				return (typeof id === 'symbol' ? undefined : id) ?? null;
			});
			violations.push(doc(['ids', ids]));
		};
		let from = index.prefix;
		for (;;) {
			const keys = environment.entries.keys({ from, to: after(index.prefix), limit: STEP });
			for (const key of keys) {
				const text = key.toString('latin1', 0, key.length - RECORD_ID_BYTES);
				if (text !== previous) {
					close();
					same = [];
					previous = text;
				}
				same.push(readRecordId(key, key.length - RECORD_ID_BYTES));
			}
			const last = keys.at(-1);
			if (!last) break;
			from = Buffer.concat([last, Buffer.of(0)]);
			yield;
		}
		close();
	});
	if (violations.length === 0) return;
	throw storeError(
		'CannotConvertIndexToUnique',
		'Cannot convert the index to unique. Please resolve conflicting documents before running collMod again.',
		new Map<string, Value>([['violations', violations]])
	);
}

export async function convertToUnique(
	store: Store,
	collection: Collection,
	index: Index,
	limits: Limits
): Promise<void> {
	if (!index.prepareUnique) {
		throw storeError('InvalidOptions', 'Cannot make an index unique that is not set to prepareUnique first');
	}
	await findViolations(store, collection, index);
	const spec: Doc = new Map(index.spec);
	spec.delete('prepareUnique');
	spec.set('unique', true);
	await rebuild(store, collection, index, spec, limits);
}
