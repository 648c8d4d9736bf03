/** $collStats and $indexStats, which read the catalog instead of documents. */
import { int32, Long } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { storeError } from '../language/errors.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Store } from '../store.ts';
import { count, doc } from './context.ts';

/** The documents of such a stage; nothing if the first stage is another one. */
export function statisticsSource(
	store: Store,
	collection: Collection | undefined,
	namespace: string,
	first: Doc | undefined
): Doc[] | undefined {
	const collStats = first?.get('$collStats');
	if (collStats instanceof Map) {
		if (!collection) throw storeError('NamespaceNotFound', `Collection [${namespace}] not found.`);
		const entries: [string, Value][] = [
			['ns', namespace],
			['localTime', new Date()]
		];
		if (collStats.has('count')) entries.push(['count', count(collection.committed.documents)]);
		if (collStats.has('storageStats')) {
			entries.push([
				'storageStats',
				doc(
					['size', count(collection.committed.bytes)],
					['count', count(collection.committed.documents)],
					['avgObjSize', count(collection.committed.documents > 0 ? Math.floor(collection.committed.bytes / collection.committed.documents) : 0)],
					['storageSize', count(collection.committed.bytes)],
					['capped', false],
					['nindexes', int32(collection.indexes.length)],
					['totalIndexSize', int32(0)],
					['totalSize', count(collection.committed.bytes)],
					['indexSizes', new Map(collection.indexes.map((index): [string, Value] => [index.name, int32(0)]))],
					['scaleFactor', int32(1)]
				)
			]);
		}
		return [doc(...entries)];
	}
	if (first?.get('$indexStats') instanceof Map) {
		return (collection?.indexes ?? []).map((index) =>
			doc(
				['name', index.name],
				['key', index.key],
				['host', 'embedded'],
				['accesses', doc(['ops', Long.fromNumber(0)], ['since', new Date(store.startedAt)])],
				['spec', index.spec]
			)
		);
	}
	return undefined;
}
