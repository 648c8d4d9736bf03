import { fork, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { demoPassword } from '../seed/demo.ts';
import { projectRoot } from '../server/project-root.ts';

/** A process of the bench that answers over http. */
export type Served = { child: ChildProcess; address: string };

const run = join('build', 'cli', 'run.js');


/** A seeded data folder of that scale, kept between runs. */
export const dataOf = async (scale: number, say: (text: string) => void): Promise<string> => {
	const folder = join(projectRoot(), 'build', `bench-${scale}`);
	if (existsSync(join(folder, 'ready'))) return folder;
	say(`seeding at scale ${scale} …`);
	mkdirSync(folder, { recursive: true });
	await new Promise<void>((resolve, reject) => {
		const child = spawn(process.execPath, [run, 'seed', '--scale', String(scale)], {
			cwd: projectRoot(),
			stdio: ['ignore', 'inherit', 'inherit'],
			env: { ...process.env, DATA_DIR: folder, MONGODB_URI: '', LOG_LEVEL: 'warn' }
		});
		child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`seeding failed: ${code}`))));
	});
	mkdirSync(join(folder, 'ready'));
	return folder;
};

/** The built application on that data. */
export const startServer = (folder: string): Promise<Served> =>
	new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [run, 'start'], {
			cwd: projectRoot(),
			stdio: ['ignore', 'pipe', 'inherit'],
			env: { ...process.env, PORT: '0', HOST: '127.0.0.1', DATA_DIR: folder, MONGODB_URI: '', ORIGIN: '', MIAOPU_DEMO: '0', LOG_LEVEL: 'error' }
		});
		let text = '';
		child.stdout?.on('data', (chunk: Buffer) => {
			text += chunk.toString();
			const address = /ready: (http:\/\/\S+)/.exec(text)?.[1];
			if (address) resolve({ child, address });
		});
		child.on('exit', (code) => reject(new Error(`the application ended with ${code}`)));
	});

/** A bare server that answers so many bytes. */
export const bareServer = (bytes: number): Promise<Served> =>
	new Promise((resolve) => {
		const child = fork(join(projectRoot(), 'build', 'cli', 'bare-server.js'), [String(bytes)]);
		child.once('message', (port) => resolve({ child, address: `http://127.0.0.1:${String(port)}` }));
	});

/** A session for programs. */
export const token = async (address: string, login: string): Promise<string> => {
	const answer = await fetch(`${address}/api/v1/sessions`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ login, password: demoPassword })
	});
	const body = (await answer.json()) as { token?: string };
	if (!body.token) throw new Error(`Could not sign in as ${login}.`);
	return body.token;
};

/** A signed-in browser: sessions made by program or by form are the same. */
export const cookie = async (address: string, login: string): Promise<Record<string, string>> => ({ Cookie: `miaopu_session=${await token(address, login)}` });

/** Ends a process of the bench and waits for it. */
export const endServer = async ({ child }: Served): Promise<void> => {
	child.removeAllListeners('exit');
	const ended = new Promise((resolve) => child.once('exit', resolve));
	child.kill('SIGTERM');
	await ended;
};
