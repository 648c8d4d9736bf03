/** Stages that begin a pipeline with what the server knows of itself: $collStats, $indexStats, $currentOp and the like. */
import { hostname } from 'node:os';
import { Long } from '../bson/values.ts';
import type { Doc } from '../bson/values.ts';
import { toNumber } from '../indexes/description.ts';
import { badValue, failedToParse, storeError } from '../language/errors.ts';
import { INITIAL_STAGES } from '../language/stages/stage.ts';
import type { Limits } from '../limits.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Store } from '../store.ts';
import { currentOperations, latencyStats } from './activity.ts';
import { noSearch } from './administration.ts';
import { count, doc } from './context.ts';
import { storageStats } from './diagnostics.ts';
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

const COLL_STATS = ['latencyStats', 'storageStats', 'count', 'queryExecStats', 'operationStats'];

async function collectionStats(
	store: Store,
	collection: Collection | undefined,
	namespace: string,
	spec: Doc,
	limits: Limits
): Promise<Doc> {
	for (const name of spec.keys()) {
		if (!COLL_STATS.includes(name)) throw storeError('IDLUnknownField', `BSON field '$collStats.${name}' is an unknown field.`);
	}
	const shown = doc(['ns', namespace], ['host', hostname()], ['localTime', new Date()]);
	if (spec.has('latencyStats')) shown.set('latencyStats', latencyStats(store, namespace));
	const storage = spec.get('storageStats');
	if (storage !== undefined) {
		const scale = storage instanceof Map ? (toNumber(storage.get('scale')) ?? 1) : 1;
		if (!(scale >= 1)) throw badValue(`Scale factor must be positive, found ${scale}`);
		shown.set('storageStats', doc(...(await storageStats(store, collection, scale, limits))));
	}
	if (spec.has('count')) {
		if (!collection) throw storeError('NamespaceNotFound', `Collection [${namespace}] not found.`);
		shown.set('count', count(collection.committed.documents));
	}
	return shown;
}

/** Whether a stage may give documents of its own, without a collection's. */
export const isStatistics = (name: string | undefined): boolean =>
	name !== undefined && (SEARCH.includes(name) || (INITIAL_STAGES.has(name) && name !== '$documents'));

/** The documents of such a stage; nothing if the first stage is another one. */
export async function statisticsSource(
	store: Store,
	collection: Collection | undefined,
	namespace: string,
	first: Doc,
	limits: Limits
): Promise<Doc[] | undefined> {
	const database = namespace.slice(0, namespace.indexOf('.'));
	const server = serverSource(store, database, namespace.endsWith('.$cmd.aggregate'), first);
	if (server) return server;
	const collStats = first.get('$collStats');
	if (collStats instanceof Map) return [await collectionStats(store, collection, namespace, collStats, limits)];
	if (first.get('$indexStats') instanceof Map) {
		return (collection?.indexes ?? []).map((index) =>
			doc(
				['name', index.name],
				['key', index.key],
				['host', hostname()],
				['accesses', doc(['ops', Long.fromNumber(index.uses)], ['since', index.usedSince])],
				['spec', index.spec]
			)
		);
	}
	return undefined;
}
