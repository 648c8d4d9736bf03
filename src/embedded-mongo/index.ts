/**
 * A small MongoDB-compatible server that lives in the application's own process tree. See README.md.
 */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ChangeOptions } from './change-counters.ts';
import { lockDirectory, StoreLockedError } from './lock.ts';
import { createListener } from './server.ts';
import { openStore } from './store.ts';

export { StoreLockedError };

export interface StoreOptions {
	/** Directory of the data; made if it is not there. */
	dataDir: string;
	/** Unix socket to listen on; default `<dataDir>/store.sock`. */
	socketPath?: string;
	/** TCP port to listen on instead of a socket; 0 takes any free one. */
	port?: number;
	/** Address for `port`; default 127.0.0.1. There is no authentication, so think before changing it. */
	host?: string;
	/** Database named in the returned URI; default `miaopu`. */
	database?: string;
	/** Counts changes in a file, for processes that keep answers made from what they read here. */
	changes?: ChangeOptions;
	/** Runs in the calling thread instead of a worker. */
	inThread?: boolean;
	/** Where the bundled `worker.ts` is; needed unless `inThread`. */
	workerUrl?: URL | string;
}

export interface RunningStore {
	/** What to give to MongoClient or mongoose. */
	uri: string;
	/** Finishes what is under way, closes connections and files. */
	close(): Promise<void>;
}

/** Longest path `bind` takes on Linux (108 bytes with the final zero), less some room; macOS has 104. */
const MAX_SOCKET_PATH = 100;

/** Connections that may wait to be accepted; a Unix socket refuses more (EAGAIN). The system may allow fewer. */
const BACKLOG = 4096;

/**
 * The socket in the data directory, or a short path in a private directory below the temporary one if that path is too
 * long for `bind`.
 */
export function socketPathFor(dataDir: string): string {
	const natural = join(resolve(dataDir), 'store.sock');
	if (Buffer.byteLength(natural) <= MAX_SOCKET_PATH) return natural;
	const digest = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16);
	return join(tmpdir(), `store-${digest}`, 'store.sock');
}

/** Makes the socket's directory and sees to it that nobody else can put a socket there. */
function prepareSocketDirectory(socketPath: string): void {
	const directory = dirname(socketPath);
	mkdirSync(directory, { recursive: true, mode: 0o700 });
	const { uid } = statSync(directory);
	const own = process.getuid?.();
	if (own !== undefined && uid !== own && uid !== 0) {
		throw new Error(`${directory} belongs to another user; name another place with socketPath`);
	}
	rmSync(socketPath, { force: true });
}

/** Opens the data directory and serves it. Throws StoreLockedError if another process has it open. */
export async function startStore(options: StoreOptions): Promise<RunningStore> {
	if (options.inThread) return startInThread(options);
	if (!options.workerUrl) throw new Error('startStore needs workerUrl unless inThread is set');
	return startWorker(options, options.workerUrl);
}

async function startInThread(options: StoreOptions): Promise<RunningStore> {
	const { port, host = '127.0.0.1', database = 'miaopu' } = options;
	const dataDir = resolve(options.dataDir);
	mkdirSync(dataDir, { recursive: true, mode: 0o700 });
	const unlock = lockDirectory(dataDir);
	try {
		const store = openStore(join(dataDir, 'store'), options.changes);
		const listener = createListener(store);
		const socketPath = options.socketPath ?? socketPathFor(dataDir);
		if (port === undefined) prepareSocketDirectory(socketPath);
		await new Promise<void>((done, failed) => {
			listener.server.once('error', failed);
			if (port === undefined) listener.server.listen({ path: socketPath, backlog: BACKLOG }, done);
			else listener.server.listen({ port, host, backlog: BACKLOG }, done);
		});
		if (port === undefined) chmodSync(socketPath, 0o600);
		const address = listener.server.address();
		const place =
			typeof address === 'object' && address !== null ? `${host}:${address.port}` : encodeURIComponent(socketPath);
		return {
			uri: `mongodb://${place}/${database}?directConnection=true`,
			async close() {
				await listener.close();
				await store.stop();
				if (port === undefined) rmSync(socketPath, { force: true });
				unlock();
			}
		};
	} catch (error) {
		unlock();
		throw error;
	}
}

/** Messages between this thread and worker.ts. */
export type WorkerMessage = { ready: string } | { failed: string; locked: boolean } | { closed: true };

async function startWorker(options: StoreOptions, workerUrl: URL | string): Promise<RunningStore> {
	const { workerUrl: _, ...rest } = options;
	const worker = new Worker(workerUrl, { workerData: { ...rest, inThread: true } });
	const uri = await new Promise<string>((done, failed) => {
		worker.once('error', failed);
		worker.once('exit', (code) => failed(new Error(`the store's thread ended with code ${code}`)));
		worker.once('message', (message: WorkerMessage) => {
			if ('ready' in message) done(message.ready);
			else if ('failed' in message) failed(message.locked ? new StoreLockedError(message.failed) : new Error(message.failed));
		});
	});
	// From here on a failure of the thread is fatal: an 'error' event nobody listens to ends the process.
	worker.removeAllListeners('exit');
	worker.removeAllListeners('error');
	return {
		uri,
		async close() {
			const closed = new Promise<void>((done) => worker.once('exit', () => done()));
			worker.postMessage('close');
			await closed;
		}
	};
}
