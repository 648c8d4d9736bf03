/**
 * Nobody waits for somebody else's long work: while one client sorts, groups, counts, validates or rewrites a large
 * collection, another gets its answers; and such work ends when its time is up or its client is gone.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import type { Collection, Db, Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, startChild } from './conformance/child.ts';
import type { Child } from './conformance/child.ts';

interface Row {
	_id: number;
	k: number;
	tags: number[];
	text: string;
	n: number;
}

const ROWS = 30_000;

let server: { file: string; remove(): void };
let child: Child;
let client: MongoClient;
let db: Db;
let rows: Collection<Row>;
const dataDir = mkdtempSync(join(tmpdir(), 'fairness-'));

beforeAll(async () => {
	server = await bundle(new URL('./conformance/serve.ts', import.meta.url));
	child = await startChild(server.file, [dataDir]);
	client = await MongoClient.connect(child.line);
	db = client.db();
	rows = db.collection<Row>('rows');
	await rows.createIndex({ k: 1 });
	for (let from = 0; from < ROWS; from += 5000) {
		const made = Array.from({ length: 5000 }, (_, i): Row => {
			const n = from + i;
			return { _id: n, k: (n * 7919) % ROWS, tags: [n % 7, n % 11], text: `text ${(n * 104_729) % 1_000_003}`.repeat(8), n: 0 };
		});
		await rows.insertMany(made, { ordered: false });
	}
}, 120_000);

afterAll(async () => {
	await client.close();
	child.process.kill('SIGTERM');
	await child.exited;
	server.remove();
	rmSync(dataDir, { recursive: true, force: true });
});

/** Long pieces of work, each done in much less than its client would see without others; each can be done several times. */
const WORK: [string, (attempt: number) => Promise<unknown>][] = [
	['a sort without an index', () => rows.find({}, { sort: { text: 1 } }).skip(ROWS - 10).toArray()],
	['$sort after a computed field', () => rows.aggregate([{ $set: { t: { $concat: ['$text', 'x'] } } }, { $sort: { t: -1 } }, { $limit: 5 }]).toArray()],
	['$group with as many groups as documents', () => rows.aggregate([{ $group: { _id: '$text', all: { $push: '$k' } } }, { $count: 'n' }]).toArray()],
	['$lookup', () => rows.aggregate([{ $limit: 3000 }, { $lookup: { from: 'rows', localField: '_id', foreignField: 'k', as: 'other' } }, { $count: 'n' }]).toArray()],
	['$setWindowFields', () => rows.aggregate([{ $setWindowFields: { sortBy: { k: 1 }, output: { r: { $documentNumber: {} } } } }, { $count: 'n' }]).toArray()],
	['$out', () => rows.aggregate([{ $project: { k: 1 } }, { $out: 'copy' }]).toArray()],
	['count with a filter', () => rows.countDocuments({ text: /999/ })],
	['distinct', () => rows.distinct('text', { n: { $gte: 0 } })],
	['validate', () => db.command({ validate: 'rows', full: true })],
	['an update of everything', () => rows.updateMany({}, { $inc: { n: 1 } })],
	['an update that finds nothing', () => rows.updateMany({ text: 'nowhere' }, { $inc: { n: 1 } })],
	['building an index', (attempt) => rows.createIndex({ text: 1, n: 1 }, { name: `text ${attempt}`, collation: { locale: 'en', strength: attempt } })],
	['building an index on an array', (attempt) => rows.createIndex({ tags: 1 }, { name: `tags ${attempt}`, collation: { locale: 'en', strength: attempt } })],
	['removing some', (attempt) => rows.deleteMany({ tags: { $in: [attempt - 1, attempt + 3] } })]
];

/** Pings and writes on other connections until the work is done; their times in milliseconds. */
async function beside(work: Promise<unknown>): Promise<{ reads: number[]; writes: number[]; millis: number }> {
	let done = false;
	const began = performance.now();
	const finished = work.finally(() => (done = true));
	const keepAsking = async (ask: () => Promise<unknown>): Promise<number[]> => {
		const times: number[] = [];
		while (!done) {
			const sent = performance.now();
			await ask();
			times.push(performance.now() - sent);
		}
		return times;
	};
	let turn = 0;
	const [reads, writes] = await Promise.all([
		keepAsking(() => db.command({ ping: 1 })),
		keepAsking(() => db.collection<Document>('side').updateOne({ k: turn++ % 10 }, { $inc: { n: 1 } }, { upsert: true })),
		finished
	]);
	return { reads, writes, millis: performance.now() - began };
}

describe('long work', () => {
	it.each(WORK)('%s lets others read and write', { timeout: 120_000 }, async (_name, start) => {
		// Work that is not cut into slices makes somebody wait every time; a machine that stands still for a moment does not.
		const seen: string[] = [];
		for (let attempt = 1; attempt <= 3; attempt++) {
			await db.collection('side').deleteMany({});
			const { reads, writes, millis } = await beside(start(attempt));
			const longest = Math.max(...reads);
			// Without slices the whole time would be one answer's. How many writes there is time for depends on the disk.
			if (reads.length > millis / 100 && writes.length > Math.min(2, millis / 150) && longest < Math.max(200, millis * 0.6)) return;
			seen.push(`${millis.toFixed(0)} ms: ${reads.length} reads, the longest ${longest.toFixed(0)} ms, ${writes.length} writes`);
		}
		expect.fail(seen.join('; '));
	});

	const slow: Document[] = [{ $unionWith: 'rows' }, { $unionWith: 'rows' }, { $unionWith: 'rows' }];
	it.each<[string, Document]>([
		['find', { find: 'rows', filter: { text: /no such/ }, sort: { text: 1 }, maxTimeMS: 2 }],
		['$sort', { aggregate: 'rows', pipeline: [...slow, { $sort: { text: 1 } }, { $count: 'n' }], cursor: {}, maxTimeMS: 2 }],
		['$group', { aggregate: 'rows', pipeline: [...slow, { $group: { _id: '$text' } }, { $count: 'n' }], cursor: {}, maxTimeMS: 2 }],
		['count', { count: 'rows', query: { text: /999/ }, maxTimeMS: 2 }],
		['distinct', { distinct: 'rows', key: 'text', query: { n: { $gte: 0 } }, maxTimeMS: 2 }],
		['validate', { validate: 'rows', maxTimeMS: 2 }],
		['update', { update: 'rows', updates: [{ q: { text: { $exists: true } }, u: { $inc: { n: 1 } }, multi: true }], maxTimeMS: 2 }],
		['delete', { delete: 'rows', deletes: [{ q: { text: /no such/ }, limit: 0 }], maxTimeMS: 2 }],
		['findAndModify', { findAndModify: 'rows', query: { text: /no such/ }, remove: true, maxTimeMS: 2 }],
		['createIndexes', { createIndexes: 'rows', indexes: [{ key: { text: -1, k: 1 }, name: 'late' }], maxTimeMS: 2 }]
	])('%s ends with error 50 when its time is up', async (_name, command) => {
		await expect(db.command(command)).rejects.toMatchObject({ code: 50, codeName: 'MaxTimeMSExpired' });
		expect(await rows.indexExists('late')).toBe(false);
	});

	it('ends when its client is gone', { timeout: 30_000 }, async () => {
		const killed = async (): Promise<number> =>
			Number((await db.admin().serverStatus())['metrics'].operation.killedDueToClientDisconnect);
		const before = await killed();
		const other = await MongoClient.connect(child.line);
		const work = other.db().collection('rows').aggregate([...slow, ...slow, { $sort: { text: 1 } }, { $limit: 1 }]).toArray();
		const failed = expect(work).rejects.toThrow();
		await new Promise((done) => setTimeout(done, 100));
		await other.close(true);
		await failed;
		await expect.poll(killed).toBe(before + 1);
		expect(await db.command({ validate: 'rows' })).toMatchObject({ valid: true });
	});
});
