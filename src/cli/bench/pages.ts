import { fork, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { socketPathFor } from '#embedded-mongo';
import { demoPassword } from '../seed/demo.ts';
import { projectRoot } from '../server/project-root.ts';
import { readLoad, writeLoad, type Load } from './load.ts';

/** One line of the table: ours, a bare server answering as many bytes in the same run, and what is asked for. */
export type BenchLine = { name: string; ours: Load; bare: Load; target: string };

const run = join('build', 'cli', 'run.js');

/** A seeded data folder of that scale, kept between runs. */
const dataOf = async (scale: number, say: (text: string) => void): Promise<string> => {
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

const startServer = (folder: string): Promise<{ child: ChildProcess; address: string }> =>
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

const bareServer = (bytes: number): Promise<{ child: ChildProcess; address: string }> =>
	new Promise((resolve) => {
		const child = fork(join(projectRoot(), 'build', 'cli', 'bare-server.js'), [String(bytes)]);
		child.once('message', (port) => resolve({ child, address: `http://127.0.0.1:${String(port)}` }));
	});

const token = async (address: string, login: string): Promise<string> => {
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
const cookie = async (address: string, login: string): Promise<Record<string, string>> => ({ Cookie: `miaopu_session=${await token(address, login)}` });

type Card = { id: string; judge: string };

/** Opens scorecards again, straight in the database, so that there is something to save and to submit. */
const openCards = async (folder: string, judges: number): Promise<{ competition: string; cards: Card[][]; scores: Record<string, number> }> => {
	const client = await MongoClient.connect(`mongodb://${encodeURIComponent(socketPathFor(folder))}/miaopu?directConnection=true`);
	try {
		const cards = client.db().collection('scorecards');
		const users = client.db().collection('users');
		const one = await cards.findOne({});
		if (!one) throw new Error('There are no scorecards.');
		await cards.updateMany({}, { $set: { status: 'draft', submittedAt: null, closedAt: null } });
		const lists: Card[][] = [];
		for (let index = 1; index <= judges; index += 1) {
			const user = await users.findOne({ loginNames: `judge${index}` });
			// Each writer below is one tab that has saved before, so that its saves follow each other.
			await cards.updateMany({ user: String(user?._id) }, { $set: { lastSave: { client: `bench-${index - 1}`, seq: 0 } } });
			const found = await cards.find({ user: String(user?._id) }, { projection: { _id: 1 } }).toArray();
			lists.push(found.map(({ _id }) => ({ id: String(_id), judge: `judge${index}` })));
		}
		return { competition: String(one.competition), cards: lists, scores: one.scores as Record<string, number> };
	} finally {
		await client.close();
	}
};

/** Measures the pages people use most, at 16 connections, saves at 8. */
export const benchPages = async (options: { scale: number; seconds: number; say: (text: string) => void }): Promise<BenchLine[]> => {
	const { scale, seconds, say } = options;
	const folder = await dataOf(scale, say);
	const server = await startServer(folder);
	const lines: BenchLine[] = [];
	const { address } = server;
	try {
		const judges = Math.max(5, Math.floor(scale / 2));
		const { competition, cards, scores } = await openCards(folder, Math.min(8, judges));
		const [judge, head, city] = await Promise.all(['judge1', 'head', 'city'].map((login) => cookie(address, login)));
		const reads: { name: string; paths: string[]; headers?: Record<string, string>; target: string }[] = [
			{ name: "judge's queue", paths: ['/app/judging'], headers: judge, target: '500/s, p95 ≤ 50 ms' },
			{ name: 'scorecard beside its proposal', paths: (cards[0] ?? []).slice(0, 20).map(({ id }) => `/app/judging/${id}`), headers: judge, target: '850/s, p95 ≤ 35 ms' },
			{ name: "organizer's ranking", paths: [`/app/competitions/${competition}/ranking`], headers: head, target: '300/s, p95 ≤ 90 ms' },
			{ name: 'organization list', paths: ['/app/organizations'], headers: city, target: '500/s, p95 ≤ 50 ms' },
			{ name: 'station dashboard', paths: ['/app/station'], headers: city, target: '500/s, p95 ≤ 50 ms' },
			{ name: 'public competition page', paths: ['/competitions/scale'], target: '3,000/s' }
		];
		for (const { name, paths, headers, target } of reads) {
			say(name);
			await readLoad({ address, paths, headers, connections: 16, seconds: Math.min(2, seconds) });
			const ours = await readLoad({ address, paths, headers, connections: 16, seconds });
			const bare = await bareServer(ours.bytes);
			const plain = await readLoad({ address: bare.address, paths: ['/'], connections: 16, seconds: Math.min(3, seconds) });
			bare.child.disconnect();
			lines.push({ name, ours, bare: plain, target });
		}
		const tokens = await Promise.all(cards.map(async ([first]) => `Bearer ${await token(address, first?.judge ?? 'judge1')}`));
		let saves = 0;
		for (const [name, status, target] of [
			['save a draft, durable', 'draft', '1,000/s, p95 ≤ 20 ms'],
			['submit a scorecard, durable', 'submitted', '700/s, p95 ≤ 25 ms']
		] as const) {
			say(name);
			const turns = cards.map(() => 0);
			const ours = await writeLoad({
				address,
				writers: cards.length,
				seconds,
				next: (writer) => {
					const list = cards[writer] ?? [];
					const turn = (turns[writer] = (turns[writer] ?? 0) + 1);
					const card = status === 'draft' ? list[turn % Math.max(1, list.length)] : list[turn - 1];
					if (!card) return null;
					saves += 1;
					return {
						method: 'PUT',
						path: `/api/v1/scorecards/${card.id}`,
						headers: { Authorization: tokens[writer] ?? '' },
						body: { scores, comments: {}, overall: `第 ${saves} 次`, status, version: 0, client: `bench-${writer}`, seq: saves }
					};
				}
			});
			const bare = await bareServer(ours.bytes);
			const plain = await writeLoad({ address: bare.address, writers: 8, seconds: Math.min(3, seconds), next: () => ({ method: 'PUT', path: '/', headers: {}, body: { scores } }) });
			bare.child.disconnect();
			lines.push({ name, ours, bare: plain, target });
		}
	} finally {
		server.child.removeAllListeners('exit');
		const ended = new Promise((resolve) => server.child.once('exit', resolve));
		server.child.kill('SIGTERM');
		await ended;
	}
	return lines;
};
