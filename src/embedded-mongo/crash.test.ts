/**
 * Durability: a process with the store is killed (SIGKILL) at random moments in a storm of writes. After reopening, no
 * acknowledged write may be missing and indexes must be whole. CRASH_ROUNDS sets how often (default 4).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import type { Collection } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle, startChild } from './conformance/child.ts';
import { startStore, StoreLockedError } from './index.ts';

interface Row {
	_id: string;
	u: number;
	tags: string[];
	n: number;
}

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 4);
const WRITERS = 8;

let server: { file: string; remove(): void };
const dataDir = mkdtempSync(join(tmpdir(), 'crash-'));
beforeAll(async () => {
	server = await bundle(new URL('./conformance/serve.ts', import.meta.url));
}, 60_000);
afterAll(() => {
	server.remove();
	rmSync(dataDir, { recursive: true, force: true });
});

/** What the clients know: values acknowledged, and what was under way when the server died. */
interface Known {
	/** Acknowledged counter of a row; undefined once its removal was acknowledged. */
	rows: Map<string, number | undefined>;
	/** Rows with an operation nobody got an answer for. */
	open: Set<string>;
}

async function storm(rows: Collection<Row>, writer: number, known: Known, stopped: () => boolean): Promise<void> {
	for (let i = 0; !stopped(); i++) {
		const id = `${writer}-${known.rows.size}-${i}`;
		const dice = Math.random();
		const mine = [...known.rows].filter(([key, n]) => key.startsWith(`${writer}-`) && n !== undefined && !known.open.has(key));
		const victim = mine[Math.floor(Math.random() * mine.length)]?.[0];
		const target = dice < 0.5 || victim === undefined ? id : victim;
		known.open.add(target);
		try {
			if (target === id) {
				const u = Math.floor(Math.random() * 3000);
				await rows.insertOne({ _id: id, u, tags: [`t${i % 5}`, `w${writer}`], n: 0 });
				known.rows.set(id, 0);
			} else if (dice < 0.9) {
				await rows.updateOne({ _id: target }, { $inc: { n: 1 }, $push: { tags: `x${i % 7}` } });
				known.rows.set(target, (known.rows.get(target) ?? 0) + 1);
			} else {
				await rows.deleteOne({ _id: target });
				known.rows.set(target, undefined);
			}
			known.open.delete(target);
		} catch (error) {
			if ((error as { code?: number }).code === 11000) {
				known.open.delete(target);
				continue;
			}
			return;
		}
	}
}

async function round(known: Known): Promise<void> {
	const child = await startChild(server.file, [dataDir]);
	await expect(startStore({ dataDir, inThread: true })).rejects.toThrow(StoreLockedError);
	const client = await MongoClient.connect(child.line, { maxPoolSize: WRITERS, serverSelectionTimeoutMS: 500 });
	const rows = client.db().collection<Row>('rows');
	await rows.createIndex({ u: 1 }, { unique: true });
	await rows.createIndex({ tags: 1, n: -1 });
	let dead = false;
	const writers = Array.from({ length: WRITERS }, (_, writer) => storm(rows, writer, known, () => dead));
	await new Promise((done) => setTimeout(done, 60 + Math.random() * 400));
	child.process.kill('SIGKILL');
	await child.exited;
	dead = true;
	await Promise.allSettled(writers);
	await client.close(true);
}

async function check(known: Known): Promise<void> {
	const store = await startStore({ dataDir, inThread: true });
	const client = await MongoClient.connect(store.uri);
	try {
		const rows = client.db().collection<Row>('rows');
		const stored = new Map((await rows.find().toArray()).map((row) => [row._id, row]));
		for (const [id, acknowledged] of known.rows) {
			const row = stored.get(id);
			if (known.open.has(id)) continue;
			if (acknowledged === undefined) expect(row, `${id} was removed`).toBeUndefined();
			else expect(row?.n, `${id} has all its increments`).toBe(acknowledged);
			if (row) expect(row.tags).toHaveLength(2 + row.n);
		}
		for (const id of known.open) {
			const row = stored.get(id);
			const before = known.rows.get(id);
			// What was under way happened once or not at all, and whole.
			if (row && before !== undefined) expect(row.n - before).toBeOneOf([0, 1]);
			if (row) expect(row.tags).toHaveLength(2 + row.n);
		}
		expect(new Set([...stored.values()].map((row) => row.u)).size).toBe(stored.size);
		expect(await client.db().command({ validate: 'rows' })).toMatchObject({ valid: true, errors: [] });
		// What is stored is the truth the next round starts from.
		known.open.clear();
		known.rows = new Map([...stored].map(([id, row]) => [id, row.n]));
	} finally {
		await client.close();
		await store.close();
	}
}

it('loses nothing acknowledged when it is killed', { timeout: 30_000 + ROUNDS * 5_000 }, async () => {
	const known: Known = { rows: new Map(), open: new Set() };
	for (let i = 0; i < ROUNDS; i++) {
		await round(known);
		await check(known);
	}
	expect(known.rows.size).toBeGreaterThan(10);
});
