import { fork } from 'node:child_process';
import type { Server } from 'node:http';
import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { MongoClient } from 'mongodb';
import type { CliCommand, CommandIo } from '../command.ts';
import { readOptions, readPort } from '../options.ts';
import { closeServer, serveApplication } from '../server/http-server.ts';
import { projectRoot } from '../server/project-root.ts';
import { openStore, type RunningStore } from '../server/with-store.ts';

const help = `
Usage: npm start
       npm run -s miaopu -- start

Starts the application. Settings come from the environment:

  PORT, HOST      where to listen (3000, 127.0.0.1)
  ORIGIN          public address behind a proxy, for example https://miaopu.example.org
  MONGODB_URI     a MongoDB 6+ server; unset: the embedded store
  DATA_DIR        where the embedded store keeps its data (./data)
  MIAOPU_DEMO     1 loads the demo data into an empty store, 0 never does
  LOG_LEVEL       debug, info, warn, error (info)
`;

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

const isEmpty = async (uri: string): Promise<boolean> => {
	const client = await MongoClient.connect(uri);
	try {
		return (await client.db().collection('users').estimatedDocumentCount()) === 0;
	} finally {
		await client.close();
	}
};

const loadDemo = (uri: string): Promise<void> =>
	new Promise((resolve, reject) => {
		const child = fork(join(projectRoot(), 'build', 'cli', 'run.js'), ['seed', '--demo'], { env: { ...process.env, MONGODB_URI: uri }, stdio: 'inherit' });
		child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error('Loading the demo data failed.'))));
	});

const wantsDemo = (store: RunningStore, host: string): boolean => {
	if (process.env.MIAOPU_DEMO === '1') return true;
	if (process.env.MIAOPU_DEMO === '0') return false;
	return store.embedded && isLoopback(host) && (!process.env.ORIGIN || isLoopback(new URL(process.env.ORIGIN).hostname));
};

const announce = (output: CommandIo, address: string, store: RunningStore, demo: boolean): void => {
	output.stdout(`\n  苗圃 Miaopu is ready: ${address}\n`);
	output.stdout(`  Data: ${store.dataDir ?? 'the MongoDB server of MONGODB_URI'}\n`);
	if (demo)
		output.stdout(
			'  Demo accounts (password miaopu-demo): admin, city, head, worker, supervisor, finance, leader, judge1 … judge7, observer\n'
		);
	output.stdout('  Stop with Ctrl-C.\n\n');
};

/**
 * On a small machine the collector's helpers for young objects take the cores away from the application and the store:
 * without them a page costs the application's thread the same and all others together half.
 */
const collectAlone = (): void => {
	if (availableParallelism() <= 2) setFlagsFromString('--no-parallel-scavenge');
};

/** Everything between an open store and an application that answers. */
const comeUp = async (store: RunningStore, host: string, port: number, output: CommandIo): Promise<Server> => {
	if (wantsDemo(store, host) && (await isEmpty(store.uri))) {
		output.stderr('· Loading the demo data …\n');
		await loadDemo(store.uri);
	}
	const demo = await hasDemoAccounts(store.uri);
	process.env.NODE_ENV ??= 'production';
	const server = await serveApplication({ host, port, root: projectRoot() });
	announce(output, process.env.ORIGIN ?? `http://${host.includes(':') ? `[${host}]` : host}:${boundPort(server.address(), port)}`, store, demo);
	return server;
};

/** Starts store and application, and stops them in the reverse order. */
export const start: CliCommand = {
	name: 'start',
	summary: 'start the application',
	help,
	run: async (args, output) => {
		readOptions(args, {});
		const host = process.env.HOST ?? '127.0.0.1';
		const port = readPort(process.env.PORT ?? '3000');
		collectAlone();
		const store = await openStore();
		const server = await comeUp(store, host, port, output).catch(async (error: unknown) => {
			output.stderr(`${error instanceof Error ? error.message : String(error)}\n`);
			// Open connections would keep a process alive that serves nobody.
			await store.close();
			process.exit(1);
		});
		await new Promise<void>((resolve) => {
			for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
		});
		// Pages that follow something live would keep their connections until they are cut.
		process.emit('miaopu:stopping' as 'exit', 0);
		await closeServer(server, 6);
		const stopped = new Promise<void>((resolve) => {
			process.once('miaopu:stopped', () => resolve());
			setTimeout(resolve, 3000).unref();
		});
		process.emit('sveltekit:shutdown' as 'exit', 0);
		await stopped;
		await store.close();
		process.exit(0);
	}
};

const boundPort = (address: ReturnType<Server['address']>, asked: number): number =>
	typeof address === 'object' && address !== null ? address.port : asked;

const hasDemoAccounts = async (uri: string): Promise<boolean> => {
	const client = await MongoClient.connect(uri);
	try {
		return (await client.db().collection<{ _id: string }>('settings').countDocuments({ _id: 'demo' })) > 0;
	} finally {
		await client.close();
	}
};
