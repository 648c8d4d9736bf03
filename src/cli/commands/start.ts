import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import type { CliCommand, CommandIo } from '../command.ts';
import { readOptions, readPort } from '../options.ts';
import { closeServer, serveApplication } from '../server/http-server.ts';
import { collectAlone, endWithParent, isOneOfMany, processesWanted, startProcesses } from '../server/processes.ts';
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
  APP_PROCESSES   how many processes serve pages (one for each processor, up to 4)
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

/** The address people open: what the environment says, or where we listen. */
const addressOf = (host: string, port: number): string => process.env.ORIGIN || `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

const untilAsked = (): Promise<void> =>
	new Promise((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
	});

const serveHere = (host: string, port: number): Promise<Server> => serveApplication({ host, port, root: projectRoot() });

/** Lets requests in flight end and says good-bye to the database. */
const stopServing = async (server: Server): Promise<void> => {
	// Pages that follow something live would keep their connections until they are cut.
	process.emit('miaopu:stopping' as 'exit', 0);
	await closeServer(server, 6);
	const stopped = new Promise<void>((resolve) => {
		process.once('miaopu:stopped', () => resolve());
		setTimeout(resolve, 3000).unref();
	});
	process.emit('sveltekit:shutdown' as 'exit', 0);
	await stopped;
};

/** One of several processes: the first one has the store and watches over it. */
const serveAsOneOfMany = async (host: string, port: number): Promise<never> => {
	endWithParent();
	const asked = untilAsked();
	const server = await serveHere(host, port);
	await asked;
	await stopServing(server);
	process.exit(0);
};

/** Serves pages, in this process or in several; tells the port, and how to stop. */
const comeUp = async (host: string, port: number, output: CommandIo): Promise<{ port: number; stop: () => Promise<void> }> => {
	process.env.NODE_ENV ??= 'production';
	const count = processesWanted(process.env.APP_PROCESSES);
	if (count > 1) return startProcesses(count, (what) => output.stderr(`${what}\n`));
	collectAlone();
	const server = await serveHere(host, port);
	return { port: boundPort(server.address(), port), stop: () => stopServing(server) };
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
		if (isOneOfMany()) return serveAsOneOfMany(host, port);
		processesWanted(process.env.APP_PROCESSES);
		const asked = untilAsked();
		const folder = mkdtempSync(join(tmpdir(), 'miaopu-changes-'));
		process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
		const changes = join(folder, 'counters');
		const store = await openStore({ changes });
		if (store.embedded) process.env.MIAOPU_CHANGES = changes;
		const running = await (async () => {
			if (wantsDemo(store, host) && (await isEmpty(store.uri))) {
				output.stderr('· Loading the demo data …\n');
				await loadDemo(store.uri);
			}
			return comeUp(host, port, output);
		})().catch(async (error: unknown) => {
			output.stderr(`${error instanceof Error ? error.message : String(error)}\n`);
			// Open connections would keep a process alive that serves nobody.
			await store.close();
			process.exit(1);
		});
		announce(output, addressOf(host, running.port), store, await hasDemoAccounts(store.uri));
		await asked;
		await running.stop();
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
