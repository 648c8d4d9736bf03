import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setClockOffset } from './clock.ts';

/** The application as a person starts it, in a process tree of its own, on a data folder of its own. */
export type RunningApp = {
	address: string;
	dataDir: string;
	pid: number;
	/** Moves the server's clock by so many milliseconds. */
	setClock: (offset: number) => void;
	/** Ends it as an operator would; answers the exit code. */
	stop: () => Promise<number>;
	/** Ends the whole process tree at once, as a power cut would. */
	kill: () => Promise<void>;
};

const waitForExit = (child: ChildProcess): Promise<number> =>
	child.exitCode !== null ? Promise.resolve(child.exitCode) : new Promise((resolve) => child.once('exit', (code) => resolve(code ?? -1)));

type StartOptions = {
	/** Data to go on with; without it the application starts empty, or with the demo data. */
	dataDir?: string;
	/** `anew`: it loads the demo data by itself, as at the first `npm start`, even where a copy could be had. */
	demo?: boolean | 'anew';
	env?: NodeJS.ProcessEnv;
};

/** A folder with the demo data as they are on the first day: copied where they were loaded before, else loaded at the start. */
const demoFolder = (): string => {
	const dataDir = mkdtempSync(join(tmpdir(), 'miaopu-'));
	const loaded = process.env.MIAOPU_TEST_DEMO_DATA;
	if (loaded) cpSync(loaded, dataDir, { recursive: true, filter: (path) => !path.endsWith('.sock') });
	return dataDir;
};

/** Starts the built application on a free port and waits until it says that it is ready. */
export const startApp = async (options: StartOptions = {}): Promise<RunningApp> => {
	const dataDir = options.dataDir ?? (options.demo === true ? demoFolder() : mkdtempSync(join(tmpdir(), 'miaopu-')));
	const clock = `${dataDir}.clock`;
	setClockOffset(clock, 0);
	const child = spawn(process.execPath, ['build/cli/run.js', 'start'], {
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
		env: {
			...process.env,
			MONGODB_URI: '',
			ORIGIN: '',
			LOG_LEVEL: 'warn',
			// Two tests run side by side on two cores; what several processes do together has tests of its own.
			APP_PROCESSES: '1',
			...options.env,
			PORT: '0',
			HOST: '127.0.0.1',
			DATA_DIR: dataDir,
			MIAOPU_DEMO: options.demo ? '1' : '0',
			MIAOPU_CLOCK_OFFSET_FILE: clock
		}
	});
	let printed = '';
	const address = await new Promise<string>((resolve, reject) => {
		const read = (chunk: Buffer) => {
			printed += chunk.toString();
			const found = /ready: (http:\/\/\S+)/.exec(printed)?.[1];
			if (found) resolve(found);
		};
		child.stdout.on('data', read);
		child.stderr.on('data', read);
		child.once('exit', (code) => reject(new Error(`The application ended with ${code} before it was ready:\n${printed}`)));
	});
	const pid = child.pid;
	if (pid === undefined) throw new Error('The application has no process.');
	return {
		address,
		dataDir,
		pid,
		setClock: (offset) => setClockOffset(clock, offset),
		stop: async () => {
			child.kill('SIGTERM');
			return waitForExit(child);
		},
		kill: async () => {
			process.kill(-pid, 'SIGKILL');
			await waitForExit(child);
		}
	};
};

/** Removes the data of a stopped application. */
export const removeData = (app: RunningApp): void => {
	rmSync(app.dataDir, { recursive: true, force: true });
	rmSync(`${app.dataDir}.clock`, { force: true });
};
