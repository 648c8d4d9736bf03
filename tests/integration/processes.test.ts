import { spawnSync } from 'node:child_process';
import { Agent, request } from 'node:http';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeData, startApp, type RunningApp } from '../factories/app-process.ts';

let app: RunningApp;

// The first process deals connections out in turn: of four, each of the two that serve pages has some.
const agents = Array.from({ length: 4 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));

type Answer = { status: number; text: string };

const ask = (agent: Agent | undefined, path: string, options: { method?: string; token?: string; body?: unknown } = {}): Promise<Answer> =>
	new Promise((resolve, reject) => {
		const headers = { 'Content-Type': 'application/json', ...(options.token ? { Authorization: `Bearer ${options.token}` } : {}) };
		const sent = request(app.address + path, { agent, method: options.method ?? 'GET', headers }, (response) => {
			let text = '';
			response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
			response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
		});
		sent.setTimeout(60_000, () => sent.destroy(new Error('No answer.')));
		sent.once('error', reject).end(options.body === undefined ? undefined : JSON.stringify(options.body));
	});

const signIn = async (login: string): Promise<string> => {
	const { text } = await ask(agents[0], '/api/v1/sessions', { method: 'POST', body: { login, password: 'miaopu-demo' } });
	return String((JSON.parse(text) as { token: string }).token);
};

const askAll = (path: string, token: string): Promise<number[]> =>
	Promise.all(agents.map(async (agent) => (await ask(agent, path, { token })).status));

const childrenOf = (pid: number): number[] =>
	readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter((child) => child !== '').map(Number);

beforeAll(async () => {
	app = await startApp({ demo: 'anew', env: { APP_PROCESSES: '2' } });
}, 180_000);

afterAll(async () => {
	for (const agent of agents) agent.destroy();
	removeData(app);
});

describe('two processes that serve pages from one store', () => {
	test('there are two', () => {
		expect(childrenOf(app.pid)).toHaveLength(2);
	});

	test('what one has ended, the other knows with the answer', async () => {
		for (let round = 0; round < 5; round += 1) {
			const token = await signIn('worker');
			expect(await askAll('/api/v1/organizations', token)).toEqual([200, 200, 200, 200]);
			expect((await ask(agents[round % 4], '/api/v1/sessions', { method: 'DELETE', token })).status).toBe(204);
			expect(await askAll('/api/v1/organizations', token)).toEqual([401, 401, 401, 401]);
		}
	});

	test('one that dies is replaced, and the other goes on meanwhile, with the connection it had not taken too', async () => {
		const token = await signIn('worker');
		const [first, second] = childrenOf(app.pid);
		// Stopped, it is given one more connection, and takes none.
		process.kill(first ?? 0, 'SIGSTOP');
		const statuses: number[] = [];
		const asked = Array.from({ length: 4 }, async () => {
			const { status } = await ask(new Agent(), '/api/v1/organizations', { token });
			statuses.push(status);
		});
		await expect.poll(() => statuses, { timeout: 20_000 }).toEqual([200, 200, 200]);
		process.kill(first ?? 0, 'SIGKILL');
		await Promise.all(asked);
		expect(statuses).toEqual([200, 200, 200, 200]);
		await expect.poll(() => childrenOf(app.pid).filter((pid) => pid !== first && pid !== second).length, { timeout: 60_000 }).toBe(1);
		expect(childrenOf(app.pid)).toContain(second);
	}, 180_000);

	test('it ends as one', async () => {
		const children = childrenOf(app.pid);
		expect(await app.stop()).toBe(0);
		for (const pid of children) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
	});
});

test('a start that fails leaves nothing behind in the temporary folder', () => {
	const folder = mkdtempSync(join(tmpdir(), 'miaopu-failing-'));
	const temporary = join(folder, 'tmp');
	mkdirSync(temporary);
	// Nothing can be stored below a file.
	writeFileSync(join(folder, 'file'), '');
	const env = { ...process.env, MONGODB_URI: '', PORT: '0', APP_PROCESSES: '1', TMPDIR: temporary, DATA_DIR: join(folder, 'file', 'data') };
	const { status } = spawnSync(process.execPath, ['build/cli/run.js', 'start'], { env, timeout: 50_000 });
	expect(status).toBeGreaterThan(0);
	expect(readdirSync(temporary)).toEqual([]);
	rmSync(folder, { recursive: true, force: true });
});
