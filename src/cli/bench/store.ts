import { fork, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../server/project-root.ts';
import { bareLmdb } from './bare-lmdb.ts';
import { ratesOf, type Measured, type Rates } from './rates.ts';
import type { Filling, Workload } from './store-client.ts';
import { GROUPS } from './store-documents.ts';
import type { ServerUsage } from './store-server.ts';

/** One line of the table. Rates are operations a second; ratios compare with the same run's `ping` and bare lmdb. */
export type StoreLine = {
	name: string;
	clients: number;
	ours: Rates;
	/** Processor time of the server for one operation, microseconds. */
	cpuMicros: number;
	/** What the same clients get from `ping`, a round trip that does nothing. */
	ping: number | null;
	/** What lmdb alone does, by itself and in one process. */
	bare: number | null;
	target: string;
};

/** What holds for the store as a whole. */
export type StoreFigures = {
	/** Milliseconds from the start of the process to the first answered find, and the time Node itself takes of it. */
	startMillis: number;
	nodeMillis: number;
	/** Bytes in memory after all of the above, and those that are not pages of the mapped file. */
	rss: number;
	anonymous: number;
	/** Time of a find in the large collection over that in the small one. */
	sizeRatio: number;
};

type Options = { small: number; large: number; grouped: number; seconds: number; say: (text: string) => void };

const file = (name: string): string => join(projectRoot(), 'build', 'cli', `${name}.js`);

const answer = <T>(child: ChildProcess): Promise<T> =>
	new Promise((resolve, reject) => {
		const ended = (code: number | null) => reject(new Error(`a process of the benchmark ended with ${code}`));
		child.once('exit', ended);
		child.once('message', (message) => {
			child.off('exit', ended);
			resolve(message as T);
		});
	});

const end = async (child: ChildProcess): Promise<void> => {
	const ended = new Promise((resolve) => child.once('exit', resolve));
	child.disconnect();
	await ended;
};

type Server = { child: ChildProcess; uri: string };

const startServer = async (folder: string): Promise<Server> => {
	const child = fork(file('store-server'), [folder]);
	const { uri } = await answer<{ uri: string }>(child);
	return { child, uri };
};

const usageOf = (child: ChildProcess): Promise<ServerUsage> => {
	const got = answer<ServerUsage>(child);
	child.send('usage');
	return got;
};

const startClient = async (uri: string): Promise<ChildProcess> => {
	const child = fork(file('store-client'), [uri]);
	await answer(child);
	return child;
};

/**
 * Many clients are shared out among two processes: the driver needs several times the server's time for an operation, and
 * a single process of it would be all that is measured.
 */
const workloadOf = async (processes: readonly ChildProcess[], workload: Workload): Promise<Rates> => {
	const used = workload.clients > 1 ? processes : processes.slice(0, 1);
	const measured = await Promise.all(
		used.map((client) => {
			const got = answer<Measured>(client);
			client.send({ ...workload, clients: workload.clients / used.length } satisfies Workload);
			return got;
		})
	);
	return ratesOf(measured);
};

/** Writes a collection, with a sign of life for each tenth. */
const fill = async (client: ChildProcess, filling: Filling, say: (text: string) => void): Promise<void> => {
	say(`writing ${filling.documents.toLocaleString('en')} documents of 1 kB into "${filling.collection}" …`);
	const began = performance.now();
	const step = Math.max(1, Math.floor(filling.documents / 10));
	let next = step;
	await new Promise<void>((resolve, reject) => {
		const ended = () => reject(new Error('the client of the benchmark ended'));
		client.once('exit', ended);
		const listen = ({ filled, done }: { filled: number; done?: boolean }) => {
			if (filled >= next && filled < filling.documents) {
				next += step;
				say(`  ${filled.toLocaleString('en')} in ${((performance.now() - began) / 1000).toFixed(0)} s`);
			}
			if (!done) return;
			client.off('message', listen);
			client.off('exit', ended);
			resolve();
		};
		client.on('message', listen);
		client.send(filling);
	});
	say(`  done: ${Math.round(filling.documents / ((performance.now() - began) / 1000)).toLocaleString('en')} documents a second`);
};

/** A data directory with the collections of these sizes, kept between runs. */
const prepare = async ({ small, large, grouped, say }: Options): Promise<string> => {
	const folder = join(projectRoot(), 'build', `bench-store-${small}-${large}-${grouped}`);
	const ready = join(folder, 'ready');
	if (existsSync(ready)) return folder;
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const server = await startServer(folder);
	const client = await startClient(server.uri);
	await fill(client, { kind: 'fill', collection: 'small', documents: small }, say);
	await fill(client, { kind: 'fill', collection: 'grouped', documents: grouped }, say);
	await fill(client, { kind: 'fill', collection: 'large', documents: large }, say);
	await end(client);
	await end(server.child);
	writeFileSync(ready, '');
	return folder;
};

/** From nothing to the first answer. */
const measureStart = async (folder: string, documents: number): Promise<{ server: Server; client: ChildProcess; millis: number; node: number }> => {
	const began = performance.now();
	const server = await startServer(folder);
	const opened = performance.now() - began;
	const client = await startClient(server.uri);
	const asked = performance.now();
	client.send({ kind: 'findById', collection: 'large', documents, clients: 1, seconds: 0 } satisfies Workload);
	await answer<Measured>(client);
	const found = performance.now() - asked;
	const empty = performance.now();
	await new Promise((resolve) => spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }).once('exit', resolve));
	return { server, client, millis: opened + found, node: performance.now() - empty };
};

/**
 * Measures the store in a process of its own. The clients are the official driver in other processes: one of them has a
 * processor to itself on a machine with two, several share both with the store.
 */
export const benchStore = async (options: Options): Promise<{ lines: StoreLine[]; figures: StoreFigures }> => {
	const { small, large, grouped, seconds, say } = options;
	const folder = await prepare(options);
	say('start');
	const { server, client, millis, node } = await measureStart(folder, large);
	const processes = [client, await startClient(server.uri)];
	const lines: StoreLine[] = [];
	const pings = new Map<number, number>();
	const bares = new Map<string, number>();
	const barePath = join(folder, 'bare');

	const run = async (workload: Workload): Promise<{ rates: Rates; cpuMicros: number }> => {
		const before = await usageOf(server.child);
		const rates = await workloadOf(processes, workload);
		const after = await usageOf(server.child);
		return { rates, cpuMicros: (after.cpu - before.cpu) / rates.operations };
	};
	const bareOf = async (kind: 'get' | 'put', writers: number): Promise<number> => {
		const known = bares.get(`${kind}${writers}`);
		if (known !== undefined) return known;
		const { perSecond } = await bareLmdb({ kind, path: barePath, writers, seconds: Math.min(seconds, 2) });
		rmSync(barePath, { recursive: true, force: true });
		bares.set(`${kind}${writers}`, perSecond);
		return perSecond;
	};
	const line = async (name: string, workload: Omit<Workload, 'seconds'>, bare: 'get' | 'put' | null, target: string): Promise<StoreLine> => {
		say(`${name}, ${workload.clients} ${workload.clients === 1 ? 'client' : 'clients'}`);
		await run({ ...workload, seconds: 1 });
		const { rates, cpuMicros } = await run({ ...workload, seconds });
		if (workload.kind === 'ping') pings.set(workload.clients, rates.perSecond);
		const made: StoreLine = {
			name,
			clients: workload.clients,
			ours: rates,
			cpuMicros,
			ping: pings.get(workload.clients) ?? null,
			bare: bare === null ? null : await bareOf(bare, workload.clients),
			target
		};
		lines.push(made);
		return made;
	};

	try {
		const at = (collection: 'small' | 'large' | 'grouped') => ({ collection, documents: { small, large, grouped }[collection] });
		for (const clients of [1, 16]) await line('ping', { kind: 'ping', ...at('small'), clients }, null, '');
		for (const clients of [1, 16])
			await line(`find by _id among ${large.toLocaleString('en')}`, { kind: 'findById', ...at('large'), clients }, 'get', clients === 16 ? '8,000/s' : '');
		const few = await line(`indexed find of 20 among ${small.toLocaleString('en')}`, { kind: 'findSorted', ...at('small'), clients: 16 }, null, '');
		const many = await line(`indexed find of 20 among ${large.toLocaleString('en')}`, { kind: 'findSorted', ...at('large'), clients: 16 }, null, 'half the line above');
		await line(`$match and $group over ${grouped.toLocaleString('en')}`, { kind: 'group', ...at('grouped'), clients: 1 }, null, '');
		for (const clients of [1, 16]) await line('durable update', { kind: 'update', ...at('small'), clients }, 'put', '');
		for (const clients of [1, 16]) await line('durable insert', { kind: 'insert', collection: 'inserts', documents: GROUPS, clients }, 'put', clients === 16 ? '4,000/s' : '');
		const { rss, anonymous } = await usageOf(server.child);
		return {
			lines,
			figures: { startMillis: millis, nodeMillis: node, rss, anonymous, sizeRatio: few.ours.perSecond / many.ours.perSecond }
		};
	} finally {
		for (const one of processes) await end(one);
		await end(server.child);
	}
};
