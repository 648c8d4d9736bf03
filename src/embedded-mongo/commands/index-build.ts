/** Fills indexes with the documents that are there, while others read and write. */
import type { Doc } from '../bson/values.ts';
import type { Index } from '../indexes/description.ts';
import { storeError } from '../language/errors.ts';
import { checkLimits } from '../limits.ts';
import type { Limits } from '../limits.ts';
import type { Collection } from '../storage/catalog.ts';
import { after, readRecordId } from '../storage/keys.ts';
import type { Store } from '../store.ts';

/** Documents indexed between two chances for others to write. */
const BUILD_STEP = 200;

/** Fills an index with the documents that are there, step by step, then opens it to readers. */
export function* build(store: Store, collection: Collection, index: Index, limits: Limits): Generator<void, void, void> {
	let from = collection.prefix;
	const to = after(collection.prefix);
	for (;;) {
		if (collection.dropped || index.dropped) {
			throw storeError(276, 'Index build aborted: collection or index was dropped');
		}
		checkLimits(limits);
		const batch = store.environment.documents.range({ from, to, limit: BUILD_STEP });
		const last = batch.at(-1);
		if (!last) break;
		for (const { key, value } of batch) store.records.indexExisting(collection, index, readRecordId(key, 4), value);
		from = Buffer.concat([last.key, Buffer.of(0)]);
		yield;
	}
}

/** Puts a new index in the place of another; the old one serves until then. */
export async function rebuild(
	store: Store,
	collection: Collection,
	old: Index,
	spec: Doc,
	limits: Limits
): Promise<void> {
	const { catalog, environment } = store;
	const fresh = await environment.write(() => catalog.addIndex(collection, spec, true));
	try {
		await environment.write(function* () {
			yield* build(store, collection, fresh, limits);
		});
		// Only now is all on disk that readers will look for.
		await environment.write(() => {
			catalog.dropIndex(collection, old);
			fresh.building = false;
			catalog.save(collection);
		});
	} catch (error) {
		await environment.write(() => {
			if (!collection.dropped && !fresh.dropped) catalog.dropIndex(collection, fresh);
		});
		throw error;
	} finally {
		store.reapSoon();
	}
}
