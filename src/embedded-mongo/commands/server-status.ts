/** serverStatus: what monitoring tools read every second. */
import { hostname } from 'node:os';
import { int32, Long } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import type { Store } from '../store.ts';
import type { Command, Context, Reply } from './context.ts';
import { doc, reply } from './context.ts';
import { VERSION } from './handshake.ts';

const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify', 'bulkWrite']);

function networkOf({ activity: { network } }: Store): Doc {
	return doc(
		['bytesIn', Long.fromNumber(network.bytesIn)],
		['bytesOut', Long.fromNumber(network.bytesOut)],
		['numRequests', Long.fromNumber(network.requests)]
	);
}

/** Commands that are being run or wait for the disk, as readers and writers. */
function globalLock(store: Store): Doc {
	const running = [...store.activity.running.values()];
	const writers = running.filter(({ name }) => WRITES.has(name)).length;
	const shown = (readers: number, writing: number): Doc =>
		doc(['total', int32(readers + writing)], ['readers', int32(readers)], ['writers', int32(writing)]);
	return doc(
		['totalTime', Long.fromNumber((Date.now() - store.startedAt) * 1000)],
		['currentQueue', shown(0, 0)],
		['activeClients', shown(running.length - writers, writers)]
	);
}

function serverStatus(context: Context): Reply {
	const { store } = context;
	const memory = process.memoryUsage();
	const uptime = (Date.now() - store.startedAt) / 1000;
	const ops = (names: string[]): Long =>
		Long.fromNumber(names.reduce((sum, name) => sum + (store.opcounters.get(name) ?? 0), 0));
	return reply(
		['host', hostname()],
		['version', VERSION],
		['process', 'mongod'],
		['pid', Long.fromNumber(process.pid)],
		['uptime', uptime],
		['uptimeMillis', Long.fromNumber(Math.round(uptime * 1000))],
		['localTime', new Date()],
		[
			'connections',
			doc(
				['current', int32(store.connections.current)],
				['available', int32(10_000)],
				['totalCreated', int32(store.connections.totalCreated)]
			)
		],
		['mem', doc(['bits', int32(64)], ['resident', int32(Math.round(memory.rss / 1048576))], ['supported', true])],
		[
			'metrics',
			doc(
				['cursor', doc(['open', doc(['total', Long.fromNumber(store.cursors.size)])])],
				[
					'operation',
					doc(
						['killedDueToClientDisconnect', Long.fromNumber(store.interrupted.disconnect)],
						['killedDueToMaxTimeMSExpired', Long.fromNumber(store.interrupted.time)]
					)
				]
			)
		],
		[
			'opcounters',
			doc(
				['insert', ops(['insert'])],
				['query', ops(['find'])],
				['update', ops(['update', 'findAndModify'])],
				['delete', ops(['delete'])],
				['getmore', ops(['getMore'])],
				['command', ops([...store.opcounters.keys()])]
			)
		],
		['network', networkOf(store)],
		['globalLock', globalLock(store)],
		['asserts', doc(...['regular', 'warning', 'msg', 'user', 'rollovers'].map((name): [string, Value] => [name, int32(0)]))],
		['storageEngine', doc(['name', 'lmdb'], ['persistent', true])]
	);
}

export const SERVER_STATUS: Record<string, Command> = {
	serverStatus: { fields: ['*'], run: serverStatus }
};
