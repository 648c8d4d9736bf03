import cluster, { type Worker } from 'node:cluster';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { marksBytes } from '#lib/server/platform/marks.ts';
import { InputError } from '../command.ts';
import { createHandovers } from './handovers.ts';
import { projectRoot } from './project-root.ts';

/** More than so many would wait for the one store. */
const most = 4;

/** How many processes serve pages: `APP_PROCESSES`, else one for each processor, up to four. */
export const processesWanted = (setting: string | undefined): number => {
	if (setting === undefined || setting === '') return Math.min(most, availableParallelism());
	const count = Number(setting);
	if (!Number.isInteger(count) || count < 1 || count > 64) throw new InputError(`APP_PROCESSES is a number from 1 to 64, not ${setting}.`);
	return count;
};

// On a small machine the collector's helpers for young objects take the cores away from the application and the store.
const lonely = (): string[] => (availableParallelism() <= 2 ? ['--no-parallel-scavenge'] : []);

/** Tells the engine of this process what it can still be told. */
export const collectAlone = (): void => lonely().forEach((flag) => setFlagsFromString(flag));

/**
 * Flags of the engine for a process that renders pages. A page in the making is a megabyte of small strings: with room
 * for a few dozen of them the collector finds most dead when it looks, and copies less. What lives is a quarter of what the
 * heap would grow to before it is looked through, and the memory is never given back: half of that does as well.
 */
const engineFlags = (): string[] => ['--max-semi-space-size=32', '--heap-growing-percent=100', ...lonely()];

/** Processes that share one port. */
export type Processes = { port: number; stop: () => Promise<void> };

/** A process that ends by itself gets a successor at once, unless it had not lived this long, milliseconds. */
const shortLife = 5000;

type Member = { number: number; born: number };

const untilExit = (worker: Worker): Promise<void> =>
	worker.isDead() ? Promise.resolve() : new Promise((resolve) => void worker.once('exit', () => resolve()));

/**
 * Starts so many processes of this command that serve pages, waits until all of them listen, and replaces those that
 * end. `lost` hears of each.
 */
export const startProcesses = async (count: number, lost: (what: string) => void): Promise<Processes> => {
	const folder = mkdtempSync(join(tmpdir(), 'miaopu-marks-'));
	const file = join(folder, 'marks');
	writeFileSync(file, Buffer.alloc(marksBytes(count)), { mode: 0o600 });
	cluster.setupPrimary({ exec: join(projectRoot(), 'build', 'cli', 'run.js'), args: ['start'], execArgv: [...process.execArgv, ...engineFlags()] });
	const members = new Map<Worker, Member>();
	const handovers = createHandovers(() => members.keys());
	let stopping = false;
	let port = 0;

	const begin = (number: number): Promise<void> => {
		const worker = cluster.fork({ MIAOPU_MARKS: file, MIAOPU_PROCESS: String(number), MIAOPU_PROCESSES: String(count) });
		members.set(worker, { number, born: Date.now() });
		handovers.watch(worker);
		return new Promise((resolve, reject) => {
			worker.once('listening', (address) => {
				port = address.port;
				handovers.passOn();
				resolve();
			});
			worker.once('exit', (code, signal) => reject(new Error(`A process of the application ended before it was ready (${signal ?? code}).`)));
		});
	};

	const replace = async ({ number, born }: Member): Promise<void> => {
		if (Date.now() - born < shortLife) await wait(shortLife);
		if (!stopping) await begin(number);
	};

	const stop = async (): Promise<void> => {
		stopping = true;
		const workers = [...members.keys()];
		for (const worker of workers) worker.process.kill('SIGTERM');
		await Promise.all(workers.map(untilExit));
		rmSync(folder, { recursive: true, force: true });
	};

	cluster.on('exit', (worker, code, signal) => {
		const member = members.get(worker);
		members.delete(worker);
		if (stopping || !member || port === 0) return;
		lost(`Process ${worker.process.pid} of the application ended (${signal ?? code}); another one takes its place.`);
		replace(member).catch((error: unknown) => lost(String(error)));
	});

	try {
		await Promise.all(Array.from({ length: count }, (_, number) => begin(number)));
	} catch (error) {
		await stop();
		throw error;
	}
	return { port, stop };
};

/** Whether this process is one of several that serve pages. */
export const isOneOfMany = (): boolean => cluster.isWorker;

/** A process whose parent is gone has no store any more. */
export const endWithParent = (): void => {
	process.once('disconnect', () => process.exit(1));
};
