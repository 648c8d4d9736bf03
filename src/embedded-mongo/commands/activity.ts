/** What the server is doing and has done: running commands, and counts and times by namespace. */
import { hostname } from 'node:os';
import { int32, Long, typeName } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { isTrue, toNumber } from '../indexes/description.ts';
import { storeError, typeMismatch } from '../language/errors.ts';
import { compileFilter } from '../language/filter.ts';
import type { Store } from '../store.ts';
import type { ClientInfo, Kind, Running, Tally, Usage } from '../state.ts';
import type { Command, Context, Reply } from './context.ts';
import { doc, reply } from './context.ts';

const KINDS: Record<string, Kind> = {
	find: 'queries',
	count: 'queries',
	distinct: 'queries',
	getMore: 'getmore',
	insert: 'insert',
	update: 'update',
	findAndModify: 'update',
	delete: 'remove'
};
const WRITES = new Set<Kind>(['insert', 'update', 'remove']);
const ALL_KINDS: Kind[] = ['queries', 'getmore', 'insert', 'update', 'remove', 'commands'];

export function appNameOf(client: ClientInfo | undefined): string | undefined {
	const application = client?.metadata?.get('application');
	const name = application instanceof Map ? application.get('name') : undefined;
	return typeof name === 'string' ? name : undefined;
}

function namespaceIn({ command, database, name }: Pick<Running, 'command' | 'database' | 'name'>): string | undefined {
	const target = name === 'getMore' ? command.get('collection') : command.get(name);
	return typeof target === 'string' ? `${database}.${target}` : undefined;
}

/** Notes a command while it runs, and its time afterwards. */
export function observed(context: Context, run: () => Reply | Promise<Reply>): Reply | Promise<Reply> {
	const { activity } = context.store;
	const id = activity.nextOperation++;
	const started = performance.now();
	const { connection, database, name, command, limits } = context;
	activity.running.set(id, { connectionId: connection.id, database, name, command, started, limits });
	const done = (): void => {
		activity.running.delete(id);
		note(context, started);
	};
	try {
		const answer = run();
		if (answer instanceof Promise) return answer.finally(done);
		done();
		return answer;
	} catch (error) {
		done();
		throw error;
	}
}

function note(context: Context, started: number): void {
	const { activity, catalog } = context.store;
	const namespace = namespaceIn(context);
	if (namespace === undefined) return;
	// Only of what exists, so that the table cannot grow without limit.
	if (!catalog.get(namespace)) {
		activity.usage.delete(namespace);
		return;
	}
	let usage = activity.usage.get(namespace);
	if (!usage) activity.usage.set(namespace, (usage = new Map()));
	const kind = KINDS[context.name] ?? 'commands';
	let tally = usage.get(kind);
	if (!tally) usage.set(kind, (tally = { time: 0, count: 0 }));
	tally.time += Math.round((performance.now() - started) * 1000);
	tally.count++;
}

function sum(usage: Usage | undefined, which: (kind: Kind) => boolean): Tally {
	const total: Tally = { time: 0, count: 0 };
	for (const [kind, tally] of usage ?? []) {
		if (!which(kind)) continue;
		total.time += tally.time;
		total.count += tally.count;
	}
	return total;
}

const shownTally = ({ time, count }: Tally): Doc => doc(['time', Long.fromNumber(time)], ['count', Long.fromNumber(count)]);

function top({ store }: Context): Doc {
	const totals: Doc = doc(['note', 'all times in microseconds']);
	for (const { namespace } of store.catalog.collections()) {
		const usage = store.activity.usage.get(namespace);
		totals.set(
			namespace,
			doc(
				['total', shownTally(sum(usage, () => true))],
				['readLock', shownTally(sum(usage, (kind) => !WRITES.has(kind)))],
				['writeLock', shownTally(sum(usage, (kind) => WRITES.has(kind)))],
				...ALL_KINDS.map((kind): [string, Value] => [kind, shownTally(sum(usage, (other) => other === kind))])
			)
		);
	}
	return reply(['totals', totals]);
}

/** `latencyStats` of `$collStats`: microseconds and operations. */
export function latencyStats(store: Store, namespace: string): Doc {
	const usage = store.activity.usage.get(namespace);
	const shown = ({ time, count }: Tally): Doc => doc(['latency', Long.fromNumber(time)], ['ops', Long.fromNumber(count)]);
	return doc(
		['reads', shown(sum(usage, (kind) => kind === 'queries' || kind === 'getmore'))],
		['writes', shown(sum(usage, (kind) => WRITES.has(kind)))],
		['commands', shown(sum(usage, (kind) => kind === 'commands'))],
		['transactions', shown({ time: 0, count: 0 })]
	);
}

/** What `$currentOp` gives. */
export function currentOperations(store: Store, idleConnections = false): Doc[] {
	const { activity } = store;
	const host = hostname();
	const busy = new Set<number>();
	const shown = [...activity.running].map(([id, running]) => {
		const { connectionId, name, started, command } = running;
		busy.add(connectionId);
		const client = activity.clients.get(connectionId);
		const micros = Math.round((performance.now() - started) * 1000);
		const entry = doc(
			['type', 'op'],
			['host', host],
			['desc', `conn${connectionId}`],
			['connectionId', int32(connectionId)],
			['client', client?.address ?? '']
		);
		const appName = appNameOf(client);
		if (appName !== undefined) entry.set('appName', appName);
		if (client?.metadata) entry.set('clientMetadata', client.metadata);
		entry.set('active', true).set('currentOpTime', new Date().toISOString()).set('opid', int32(id & 0x7fffffff));
		const lsid = command.get('lsid');
		if (lsid !== undefined) entry.set('lsid', lsid);
		const kind = KINDS[name] ?? 'command';
		return entry
			.set('secs_running', Long.fromNumber(Math.floor(micros / 1e6)))
			.set('microsecs_running', Long.fromNumber(micros))
			.set('op', kind !== 'queries' ? kind : name === 'find' ? 'query' : 'command')
			.set('ns', namespaceIn(running) ?? `${running.database}.$cmd`)
			.set('command', command)
			.set('waitingForLock', false);
	});
	if (!idleConnections) return shown;
	for (const [connection, client] of activity.clients) {
		if (busy.has(connection)) continue;
		shown.push(
			doc(
				['type', 'idleSession'],
				['host', host],
				['desc', `conn${connection}`],
				['connectionId', int32(connection)],
				['client', client.address],
				['active', false]
			)
		);
	}
	return shown;
}

/** Fields of the command that are no filter on the operations shown. */
const NOT_A_FILTER = new Set(['currentOp', '$all', '$ownOps', 'lsid', '$db', '$readPreference', '$clusterTime', 'comment']);

function currentOp({ store, command }: Context): Doc {
	const all = isTrue(command.get('$all'));
	const filter = compileFilter(new Map([...command].filter(([name]) => !NOT_A_FILTER.has(name) && !name.startsWith('api'))));
	return reply(['inprog', currentOperations(store, all).filter((shown) => filter.matches(shown))]);
}

/** Ends a command at its next chance to give way; one that is done or unknown is no error. */
function killOp({ store, command }: Context): Doc {
	if (!command.has('op')) throw storeError('NoSuchKey', 'Missing expected field "op"');
	const id = toNumber(command.get('op'));
	if (id === undefined) throw typeMismatch(`Expected field "op" of type number, found ${typeName(command.get('op'))}`);
	const running = store.activity.running.get(id);
	if (running) running.limits.killed = true;
	return reply(['info', 'attempting to kill op']);
}

export const ACTIVITY: Record<string, Command> = {
	top: { fields: [], run: top, adminOnly: true },
	killOp: { fields: ['*'], run: killOp, adminOnly: true },
	currentOp: { fields: ['*'], run: currentOp, adminOnly: true }
};
