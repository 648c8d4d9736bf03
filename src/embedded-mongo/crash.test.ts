/**
 * Durability: a process with the store is killed (SIGKILL) at random moments, in a storm of writes or while it starts.
 * It opens again by itself, no acknowledged write is missing, none is half there, and its counts are exact.
 * CRASH_ROUNDS sets how often (default 24).
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoBulkWriteError, MongoClient, MongoServerError } from 'mongodb';
import type { AnyBulkWriteOperation, Collection } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle, startChild } from './conformance/child.ts';
import { startStore, StoreLockedError } from './index.ts';

interface Row {
	_id: string;
	/** Who writes it. */
	w: number;
	/** Unique; `copy` always changes with it. */
	u: number;
	copy: number;
	/** Times it was changed; `tags` always has two more. */
	n: number;
	tags: string[];
}

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 24);
const WRITERS = 8;
/** Few enough for conflicts. */
const UNIQUES = 4000;

let server: { file: string; remove(): void };
const dataDir = mkdtempSync(join(tmpdir(), 'crash-'));
beforeAll(async () => {
	server = await bundle(new URL('./conformance/serve.ts', import.meta.url));
}, 60_000);
afterAll(() => {
	server.remove();
	rmSync(dataDir, { recursive: true, force: true });
});

const below = (limit: number): number => Math.floor(Math.random() * limit);

/** What the clients know: what was acknowledged, and what was under way when the server died. */
interface Known {
	rows: Map<string, { n: number; u: number }>;
	/** Acknowledged as removed. */
	removed: Set<string>;
	/** Rows with a change nobody got an answer for. */
	open: Set<string>;
	acknowledged: number;
	conflicts: number;
}

/** One client: changes rows of its own, one command after the other, until the server is gone. */
async function storm(client: MongoClient, writer: number, round: number, known: Known): Promise<void> {
	const rows = client.db().collection<Row>('rows');
	const mine = [...known.rows.keys()].filter((id) => id.startsWith(`${writer}-`));
	let made = 0;
	const fresh = (): Row => {
		const u = below(UNIQUES);
		return { _id: `${writer}-${round}-${made++}`, w: writer, u, copy: u, n: 0, tags: ['a', `t${u % 5}`] };
	};
	const pick = (): string | undefined => mine[below(mine.length)];
	const added = (row: Row): void => {
		known.rows.set(row._id, { n: 0, u: row.u });
		mine.push(row._id);
	};
	const changed = (id: string): void => {
		const row = known.rows.get(id);
		if (row) row.n++;
	};
	const gone = (id: string): void => {
		known.rows.delete(id);
		known.removed.add(id);
		mine.splice(mine.indexOf(id), 1);
	};
	const grow = { $inc: { n: 1 }, $push: { tags: `x${below(7)}` } };

	/** Runs a command whose outcome for these rows is open until it is answered. */
	async function attempt(ids: string[], run: () => Promise<() => void>): Promise<void> {
		for (const id of ids) known.open.add(id);
		try {
			(await run())();
			known.acknowledged++;
		} catch (error) {
			if (!(error instanceof MongoServerError) || error.code !== 11000) throw error;
			known.conflicts++;
		}
		for (const id of ids) known.open.delete(id);
	}

	async function insertSeveral(): Promise<void> {
		const several = [fresh(), fresh(), fresh(), fresh()];
		await attempt(
			several.map((row) => row._id),
			async () => {
				const refused = new Set<number>();
				await rows.insertMany(several, { ordered: false }).catch((error: unknown) => {
					if (!(error instanceof MongoBulkWriteError) || error.code !== 11000) throw error;
					for (const { index } of [error.writeErrors].flat()) refused.add(index);
				});
				return () => several.filter((_, i) => !refused.has(i)).forEach(added);
			}
		);
	}

	async function bulk(target: string): Promise<void> {
		const row = fresh();
		await attempt([target, row._id], async () => {
			const { _id, ...rest } = row;
			const operations: AnyBulkWriteOperation<Row>[] = [
				{ updateOne: { filter: { _id: target }, update: grow } },
				{ updateOne: { filter: { _id }, update: { $setOnInsert: { ...rest, u: -1 - row.u, copy: -1 - row.u } }, upsert: true } },
				{ deleteOne: { filter: { _id } } }
			];
			await rows.bulkWrite(operations, { ordered: true }).catch((error: unknown) => {
				// The upsert may meet another client's value; the update before it is done then.
				if (!(error instanceof MongoBulkWriteError) || error.code !== 11000) throw error;
				expect(error.result.modifiedCount).toBe(1);
			});
			return () => changed(target);
		});
	}

	async function clientBulk(target: string): Promise<void> {
		const namespace = rows.namespace;
		await attempt([target], async () => {
			await client.bulkWrite<Record<string, Row>>([
				{ namespace, name: 'updateOne', filter: { _id: target }, update: grow },
				{ namespace: `${namespace}.log`, name: 'updateOne', filter: { _id: `log-${round}` }, update: grow, upsert: true }
			]);
			return () => changed(target);
		});
	}

	async function moveUnique(target: string): Promise<void> {
		const u = below(UNIQUES);
		await attempt([target], async () => {
			await rows.updateOne({ _id: target }, { $set: { u, copy: u } });
			return () => {
				const row = known.rows.get(target);
				if (row) row.u = u;
			};
		});
	}

	const actions: ((target: string) => Promise<void>)[] = [
		(target) => attempt([target], async () => (await rows.updateOne({ _id: target }, grow), () => changed(target))),
		(target) => attempt([target], async () => (await rows.findOneAndUpdate({ _id: target }, grow), () => changed(target))),
		(target) => attempt([target], async () => (await rows.deleteOne({ _id: target }), () => gone(target))),
		() => attempt([...mine], async () => (await rows.updateMany({ w: writer }, grow), () => mine.forEach(changed))),
		moveUnique,
		moveUnique,
		clientBulk,
		bulk
	];
	for (;;) {
		const target = pick();
		const dice = below(10);
		if (dice < 2 || target === undefined || mine.length < 8) {
			const row = fresh();
			await attempt([row._id], async () => (await rows.insertOne(row), () => added(row)));
		} else if (dice < 3) await insertSeveral();
		else await (actions[below(actions.length)] as (typeof actions)[number])(target);
	}
}

/** An index that comes and goes meanwhile. */
async function rebuild(rows: Collection<Row>): Promise<void> {
	for (;;) {
		await rows.createIndex({ tags: 1, u: 1 }, { name: 'passing' });
		await rows.dropIndex('passing');
	}
}

async function killInStorm(round: number, known: Known): Promise<void> {
	const child = await startChild(server.file, [dataDir]);
	if (round === 0) await expect(startStore({ dataDir, inThread: true })).rejects.toThrow(StoreLockedError);
	const client = await MongoClient.connect(child.line, { maxPoolSize: WRITERS + 1, retryWrites: false });
	const rows = client.db().collection<Row>('rows');
	await rows.createIndexes([
		{ key: { u: 1 }, unique: true },
		{ key: { tags: 1, n: -1 } },
		{ key: { w: 1, n: 1 }, partialFilterExpression: { n: { $gt: 1 } } }
	]);
	const writers = Array.from({ length: WRITERS }, (_, writer) => storm(client, writer, round, known));
	if (round % 3 === 0) writers.push(rebuild(rows));
	const ended = Promise.allSettled(writers);
	// Some answers in, so that there is a storm on a slow machine too, and then at any moment.
	const until = known.acknowledged + below(120);
	for (let waited = 0; known.acknowledged < until && waited < 3000; waited += 5) await new Promise((done) => setTimeout(done, 5));
	await new Promise((done) => setTimeout(done, Math.random() * 20));
	child.process.kill('SIGKILL');
	await child.exited;
	await client.close(true);
	for (const outcome of await ended) {
		// Writers end because the server is gone and for no other reason.
		if (outcome.status === 'rejected') expect(String(outcome.reason)).toMatch(/connect|ECONN|ENOENT|server selection|Topology|closed|EPIPE/i);
	}
}

/** Killed at any moment of its start. */
async function killAtStart(): Promise<void> {
	const child = spawn(process.execPath, [server.file, dataDir], { stdio: 'ignore' });
	const ended = new Promise((done) => child.once('exit', done));
	await new Promise((done) => setTimeout(done, Math.random() * 250));
	child.kill('SIGKILL');
	await ended;
}

async function check(known: Known): Promise<void> {
	const store = await startStore({ dataDir, inThread: true });
	const client = await MongoClient.connect(store.uri);
	try {
		const db = client.db();
		const rows = db.collection<Row>('rows');
		const stored = new Map((await rows.find().toArray()).map((row) => [row._id, row]));
		for (const [id, { n, u }] of known.rows) {
			const row = stored.get(id);
			if (known.open.has(id)) {
				// What was under way happened once or not at all.
				if (row) expect(row.n - n, `${id}: no change twice, none lost`).toBeOneOf([0, 1]);
			} else {
				expect(row?.n, `${id} has all its changes`).toBe(n);
				expect(row?.u, `${id} has its last value`).toBe(u);
			}
		}
		for (const id of known.removed) if (!known.open.has(id)) expect(stored.has(id), `${id} was removed`).toBe(false);
		for (const row of stored.values()) {
			expect(known.rows.has(row._id) || known.open.has(row._id), `${row._id} was asked for`).toBe(true);
			expect(row.tags, `${row._id} is whole`).toHaveLength(2 + row.n);
			expect(row.copy, `${row._id} is whole`).toBe(row.u);
		}
		expect(new Set([...stored.values()].map((row) => row.u)).size).toBe(stored.size);
		for (const { name } of await db.listCollections().toArray()) {
			expect(await db.command({ validate: name, full: true })).toMatchObject({ valid: true, errors: [] });
			const collection = db.collection(name);
			expect(await collection.estimatedDocumentCount(), `count of ${name}`).toBe(await collection.countDocuments());
		}
		// What is stored is the truth the next round starts from.
		known.open.clear();
		known.removed.clear();
		known.rows = new Map([...stored].map(([id, { n, u }]) => [id, { n, u }]));
	} finally {
		await client.close();
		await store.close();
	}
}

it('loses nothing acknowledged when it is killed', { timeout: 120_000 + ROUNDS * 20_000 }, async () => {
	const known: Known = { rows: new Map(), removed: new Set(), open: new Set(), acknowledged: 0, conflicts: 0 };
	for (let round = 0; round < ROUNDS; round++) {
		if (round % 6 === 5) await killAtStart();
		else await killInStorm(round, known);
		await check(known);
	}
	expect(known.acknowledged).toBeGreaterThan(ROUNDS * 5);
	expect(known.conflicts).toBeGreaterThan(0);
	if (process.env['CRASH_ROUNDS']) console.log(`${ROUNDS} rounds, ${known.acknowledged} acknowledged, ${known.conflicts} conflicts`);
});
