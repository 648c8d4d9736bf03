/** Stages that begin a pipeline with what the server knows of itself: $collStats, $indexStats, $currentOp and the like. */
import { int32, Long } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { failedToParse, storeError } from '../language/errors.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Store } from '../store.ts';
import { currentOperations, latencyStats } from './activity.ts';
import { noSearch } from './administration.ts';
import { count, doc } from './context.ts';
import { listSessions } from './sessions.ts';

const SEARCH = ['$search', '$searchMeta', '$vectorSearch', '$listSearchIndexes'];

/** Stages that stand for no collection's documents. */
function serverSource(store: Store, database: string, collectionless: boolean, first: Doc): Doc[] | undefined {
	if (SEARCH.some((name) => first.has(name))) noSearch();
	const [name, spec] = [...first][0] ?? [];
	switch (name) {
		case '$currentOp': {
			if (database !== 'admin' || !collectionless) {
				throw storeError('InvalidNamespace', "$currentOp must be run against the 'admin' database with {aggregate: 1}");
			}
			if (!(spec instanceof Map)) throw failedToParse('$currentOp options must be specified in an object');
			return currentOperations(store, spec.get('idleConnections') === true);
		}
		case '$listLocalSessions':
			if (!collectionless) {
				throw storeError('InvalidNamespace', '$listLocalSessions must be run against the database with {aggregate: 1}');
			}
			return listSessions(store.sessions);
		case '$listSessions':
			return listSessions(store.sessions);
		// Plans are chosen anew for each query.
		case '$planCacheStats':
			return [];
		default:
			return undefined;
	}
}

/** The documents of such a stage; nothing if the first stage is another one. */
export function statisticsSource(
	store: Store,
	collection: Collection | undefined,
	namespace: string,
	first: Doc | undefined
): Doc[] | undefined {
	if (!first) return undefined;
	const database = namespace.slice(0, namespace.indexOf('.'));
	const server = serverSource(store, database, namespace.endsWith('.$cmd.aggregate'), first);
	if (server) return server;
	const collStats = first.get('$collStats');
	if (collStats instanceof Map) {
		if (!collection) throw storeError('NamespaceNotFound', `Collection [${namespace}] not found.`);
		const entries: [string, Value][] = [
			['ns', namespace],
			['localTime', new Date()]
		];
		if (collStats.has('latencyStats')) entries.push(['latencyStats', latencyStats(store, namespace)]);
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
	if (first.get('$indexStats') instanceof Map) {
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
