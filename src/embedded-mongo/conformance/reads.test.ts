import { Long, ObjectId } from 'mongodb';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
beforeAll(async () => {
	h = await startHarness();
});
afterAll(() => h.stop());

const run = (command: Document): Promise<Document> => h.db.command(command, { promoteLongs: false });

describe('find and cursors', () => {
	it('gives batches of the size asked for', async () => {
		const c = h.fresh();
		const name = c.collectionName;
		await c.insertMany(Array.from({ length: 300 }, (_, i) => ({ _id: i as never })));
		const first = await run({ find: name });
		expect(first['cursor'].firstBatch).toHaveLength(101);
		expect(first['cursor'].ns).toBe(`miaopu.${name}`);
		const next = await run({ getMore: first['cursor'].id, collection: name, batchSize: 50 });
		expect(next['cursor'].nextBatch.map((each: Document) => each['_id'])[0]).toBe(101);
		expect(next['cursor'].nextBatch).toHaveLength(50);
		const rest = await run({ getMore: first['cursor'].id, collection: name });
		expect(rest['cursor'].nextBatch).toHaveLength(149);
		expect(rest['cursor'].id.toNumber()).toBe(0);
		await expect(run({ getMore: first['cursor'].id, collection: name })).rejects.toMatchObject({ code: 43 });
		expect((await run({ find: name, batchSize: 0 }))['cursor'].firstBatch).toHaveLength(0);
		expect((await run({ find: name, batchSize: 5, singleBatch: true }))['cursor'].id.toNumber()).toBe(0);
		expect((await run({ find: name, limit: 3 }))['cursor']).toMatchObject({ firstBatch: [{ _id: 0 }, { _id: 1 }, { _id: 2 }] });
	});

	it('reads one document by its _id as any other query would', async () => {
		const c = h.fresh();
		const id = new ObjectId();
		const long = 'x'.repeat(3000);
		await c.insertMany([{ _id: id, a: 1, b: { c: 2 }, list: [5, 6] }, { _id: 'text', a: 2 }, { _id: long, a: 3 }, { _id: 7, a: 4 }] as never);
		const one = async (filter: Document, options: Document = {}) => (await run({ find: c.collectionName, filter, ...options }))['cursor'];
		for (const [_id, a] of [[id, 1], ['text', 2], [long, 3], [7, 4]] as const) {
			expect(await one({ _id })).toMatchObject({ firstBatch: [{ _id, a }], id: Long.ZERO, ns: `miaopu.${c.collectionName}` });
			expect((await one({ _id, a }))['firstBatch']).toHaveLength(1);
			expect((await one({ _id, a: 0 }))['firstBatch']).toHaveLength(0);
		}
		expect((await one({ _id: new ObjectId() }))['firstBatch']).toEqual([]);
		expect((await one({ _id: 'TEXT' }))['firstBatch']).toEqual([]);
		expect((await one({ _id: 'TEXT' }, { collation: { locale: 'en', strength: 2 } }))['firstBatch']).toHaveLength(1);
		expect((await one({ _id: id }, { skip: 1 }))['firstBatch']).toEqual([]);
		expect((await one({ _id: id }, { projection: { a: 1, _id: 0 } }))['firstBatch']).toEqual([{ a: 1 }]);
		expect((await one({ _id: id }, { projection: { 'b.c': 1, list: { $slice: 1 }, _id: 0 } }))['firstBatch']).toEqual([{ b: { c: 2 }, list: [5] }]);
		expect((await one({ _id: id }, { projection: { a: 1, _id: 0 }, showRecordId: true }))['firstBatch']).toEqual([{ a: 1, $recordId: expect.anything() }]);
		// A full batch does not look whether anything follows; an empty one has not begun.
		expect((await one({ _id: id }, { batchSize: 1, limit: 1 }))['id'].toNumber()).toBe(0);
		expect((await one({ _id: id }, { batchSize: 1 }))['id'].toNumber()).not.toBe(0);
		expect((await one({ _id: id }, { batchSize: 0 }))).toMatchObject({ firstBatch: [] });
		await c.deleteOne({ _id: id as never });
		expect((await one({ _id: id }))['firstBatch']).toEqual([]);
		const stats = await c.aggregate([{ $indexStats: {} }]).toArray();
		expect(Number(stats[0]?.['accesses'].ops)).toBeGreaterThan(15);
	});

	it('shows record ids, and takes no time limit between batches', async () => {
		const c = h.fresh();
		await c.insertMany([{ _id: 1, a: 1 }, { _id: 2, a: 2 }] as never);
		const shown = await c.find({}, { showRecordId: true, projection: { a: 1, _id: 0 } }).toArray();
		expect(shown).toEqual([{ a: 1, $recordId: 1 }, { a: 2, $recordId: 2 }]);
		const { cursor } = await run({ find: c.collectionName, batchSize: 1, maxTimeMS: 1000 });
		const more = run({ getMore: cursor.id, collection: c.collectionName, maxTimeMS: 10 });
		await expect(more).rejects.toMatchObject({ code: 2 });
	});

	it('kills cursors and notices a dropped collection', async () => {
		const c = h.fresh();
		await c.insertMany(Array.from({ length: 10 }, (_, i) => ({ i })));
		const { cursor } = await run({ find: c.collectionName, batchSize: 2 });
		const absent = Long.fromNumber(12345);
		expect(await run({ killCursors: c.collectionName, cursors: [cursor.id, absent] })).toMatchObject({
			cursorsKilled: [cursor.id],
			cursorsNotFound: [absent]
		});
		const other = await run({ find: c.collectionName, batchSize: 2 });
		await c.drop();
		await expect(run({ getMore: other['cursor'].id, collection: c.collectionName })).rejects.toMatchObject({ code: 175 });
		await expect(run({ getMore: other['cursor'].id, collection: c.collectionName })).rejects.toMatchObject({ code: 43 });
	});

	it('ends with an error when its index is dropped', async () => {
		const c = h.fresh();
		await c.createIndex({ a: 1 });
		await c.insertMany(Array.from({ length: 500 }, (_, i) => ({ a: i })));
		const cursor = c.find({ a: { $gte: 0 } }).batchSize(10);
		await cursor.next();
		await c.dropIndex('a_1');
		await expect(cursor.toArray()).rejects.toMatchObject({ code: 175 });
	});

	it('delivers every unchanged document exactly once while others write', async () => {
		const c = h.fresh();
		await c.createIndex({ k: 1 });
		await c.insertMany(Array.from({ length: 400 }, (_, i) => ({ _id: i as never, k: i, keep: i % 2 })));
		const cursor = c.find({ k: { $gte: 0 } }).batchSize(20);
		const seen: number[] = [];
		for await (const each of cursor) {
			if (each['keep'] === 1) seen.push(each._id as never);
			if (seen.length % 20 === 1) await c.deleteOne({ keep: 0 });
			if (seen.length % 30 === 1) await c.insertOne({ k: Math.random() * 400, keep: 2 });
		}
		expect(seen).toHaveLength(200);
		expect(new Set(seen).size).toBe(200);
	});

	it('sends batches of at most 16 MB', async () => {
		const c = h.fresh();
		const big = 'x'.repeat(6_000_000);
		for (let i = 0; i < 5; i++) await c.insertOne({ i, big });
		const { cursor } = await run({ find: c.collectionName });
		expect(cursor.firstBatch).toHaveLength(2);
		expect(await c.find().toArray()).toHaveLength(5);
		await expect(h.db.collection(c.collectionName).insertOne({ a: 'x'.repeat(17_000_000) })).rejects.toThrow();
	});

	it('sorts in memory up to its limit, and with a limit beyond', async () => {
		const c = h.fresh();
		const big = 'x'.repeat(3_000_000);
		for (let i = 0; i < 36; i++) await c.insertOne({ i: (i * 7) % 36, big });
		await expect(c.find().sort({ i: 1 }).toArray()).rejects.toMatchObject({ code: 292 });
		const top = await c.find({}, { projection: { i: 1, _id: 0 } }).sort({ i: -1 }).limit(2).toArray();
		expect(top).toEqual([{ i: 35 }, { i: 34 }]);
	});

	it('refuses unknown fields, operators and options', async () => {
		const name = h.fresh().collectionName;
		await expect(run({ find: name, frob: 1 })).rejects.toMatchObject({ code: 40415, codeName: 'IDLUnknownField' });
		await expect(run({ find: name, filter: { a: { $frob: 1 } } })).rejects.toMatchObject({ code: 2 });
		await expect(run({ find: name, filter: 5 })).rejects.toMatchObject({ code: 14 });
		await expect(run({ find: name, limit: -1 })).rejects.toMatchObject({ code: 51024 });
		await expect(run({ find: name, tailable: true })).rejects.toMatchObject({ code: 2 });
		await expect(run({ frobnicate: 1 })).rejects.toMatchObject({ code: 59, codeName: 'CommandNotFound' });
	});

	it('stops a slow scan when its time is up', async () => {
		const c = h.fresh();
		await c.insertMany(Array.from({ length: 20_000 }, (_, i) => ({ i, t: 'abc'.repeat(20) })));
		await expect(c.find({ t: /z$/ }).maxTimeMS(1).toArray()).rejects.toMatchObject({ code: 50 });
	});
});

describe('count, distinct, aggregate', () => {
	it('counts with and without an index', async () => {
		const c = h.fresh();
		await c.insertMany(Array.from({ length: 100 }, (_, i) => ({ a: i % 10, tags: [i % 3, i % 2] })));
		const counts = async (): Promise<number[]> => [
			(await run({ count: c.collectionName, query: { a: { $lt: 5 } } }))['n'],
			(await run({ count: c.collectionName, query: { a: 3 }, skip: 2, limit: 5 }))['n'],
			(await run({ count: c.collectionName, query: { tags: { $in: [0, 1] } } }))['n'],
			(await run({ count: c.collectionName }))['n']
		];
		const before = await counts();
		expect(before).toEqual([50, 5, 100, 100]);
		await c.createIndex({ a: 1 });
		await c.createIndex({ tags: 1 });
		expect(await counts()).toEqual(before);
		expect(await c.distinct('tags', { a: 1 })).toEqual(expect.arrayContaining([0, 1, 2]));
		expect((await run({ count: 'nowhere' }))['n']).toBe(0);
	});

	it('runs pipelines, over an index where it can', async () => {
		const [c, d] = [h.fresh(), h.fresh()];
		await c.insertMany(Array.from({ length: 60 }, (_, i) => ({ _id: i as never, g: i % 3, n: i })));
		await d.insertMany([0, 1, 2].map((g) => ({ _id: g as never, label: `g${g}` })));
		const made = await c
			.aggregate([
				{ $match: { n: { $gte: 30 } } },
				{ $group: { _id: '$g', sum: { $sum: '$n' } } },
				{ $sort: { _id: 1 } },
				{ $lookup: { from: d.collectionName, localField: '_id', foreignField: '_id', as: 'd' } },
				{ $set: { label: { $first: '$d.label' } } },
				{ $unset: 'd' }
			])
			.toArray();
		expect(made).toEqual([
			{ _id: 0, sum: 435, label: 'g0' },
			{ _id: 1, sum: 445, label: 'g1' },
			{ _id: 2, sum: 455, label: 'g2' }
		]);
		expect(await c.aggregate([{ $sort: { n: -1 } }, { $limit: 2 }]).toArray()).toEqual([{ _id: 59, g: 2, n: 59 }, { _id: 58, g: 1, n: 58 }]);
		expect(await c.aggregate([{ $match: {} }], { cursor: { batchSize: 7 } } as never).toArray()).toHaveLength(60);
		await expect(c.aggregate([{ $frob: 1 }]).toArray()).rejects.toMatchObject({ code: 40324 });
		await expect(c.aggregate([{ $changeStream: {} }]).toArray()).rejects.toMatchObject({ code: 40573 });
		expect(await h.db.aggregate([{ $documents: [{ a: 1 }] }]).toArray()).toEqual([{ a: 1 }]);
	});

	it('writes with $out and $merge', async () => {
		const [c, target] = [h.fresh(), h.fresh()];
		await c.insertMany([1, 2, 3].map((n) => ({ _id: n as never, n })));
		await target.createIndex({ n: 1 });
		await target.insertOne({ _id: 99 as never });
		await c.aggregate([{ $match: { n: { $lte: 2 } } }, { $out: target.collectionName }]).toArray();
		expect(await target.find().toArray()).toEqual([{ _id: 1, n: 1 }, { _id: 2, n: 2 }]);
		expect(await target.indexes()).toHaveLength(2);
		await c.aggregate([{ $set: { x: 1 } }, { $merge: { into: target.collectionName, whenMatched: 'merge' } }]).toArray();
		expect(await target.countDocuments({ x: 1 })).toBe(3);
		await c.aggregate([{ $merge: { into: target.collectionName, whenMatched: [{ $set: { y: '$$new.n' } }] } }]).toArray();
		expect(await target.findOne({ _id: 3 as never })).toMatchObject({ y: 3 });
		await expect(c.aggregate([{ $merge: { into: target.collectionName, on: 'n' } }]).toArray()).rejects.toMatchObject({ code: 51183 });
		expect(await h.db.command({ validate: target.collectionName })).toMatchObject({ valid: true });
	});
});

describe('explain', () => {
	const stageOf = (plan: Document): string[] => [plan['stage'], ...(plan['inputStage'] ? stageOf(plan['inputStage']) : [])];

	it('shows scans, indexes, sorts and what they cost', async () => {
		const c = h.fresh();
		await c.insertMany(Array.from({ length: 100 }, (_, i) => ({ a: i % 10, b: i })));
		const scan = await c.find({ a: 3 }).explain('executionStats');
		expect(stageOf(scan['queryPlanner'].winningPlan)).toEqual(['COLLSCAN']);
		expect(scan['executionStats']).toMatchObject({ nReturned: 10, totalDocsExamined: 100, totalKeysExamined: 0 });
		await c.createIndex({ a: 1, b: -1 });
		const indexed = await c.find({ a: 3 }).sort({ b: -1 }).limit(4).explain('executionStats');
		expect(stageOf(indexed['queryPlanner'].winningPlan)).toEqual(['LIMIT', 'FETCH', 'IXSCAN']);
		expect(indexed['executionStats']).toMatchObject({ nReturned: 4, totalKeysExamined: 4, totalDocsExamined: 4 });
		const sorted = await c.find({ a: { $in: [1, 2] } }).sort({ b: 1 }).explain();
		expect(stageOf(sorted['queryPlanner'].winningPlan)).toEqual(['SORT', 'FETCH', 'IXSCAN']);
		const natural = await c.find({ a: 3 }).hint({ $natural: -1 }).explain();
		expect(natural['queryPlanner'].winningPlan).toMatchObject({ stage: 'COLLSCAN', direction: 'backward' });
		const either = await c.find({ $or: [{ a: 1 }, { _id: 5 as never }] }).explain();
		expect(stageOf(either['queryPlanner'].winningPlan)).toEqual(['FETCH', 'OR']);
		const counted = await h.db.command(
			{ explain: { count: c.collectionName, query: { a: 1 } }, verbosity: 'executionStats' }
		);
		expect(counted['executionStats']).toMatchObject({ totalKeysExamined: 10, totalDocsExamined: 0 });
		const piped = await c.aggregate([{ $match: { a: 1 } }, { $group: { _id: '$b' } }]).explain();
		expect(JSON.stringify(piped)).toContain('IXSCAN');
		const removal = await h.db.command(
			{ explain: { delete: c.collectionName, deletes: [{ q: { a: 1 }, limit: 0 }] } }
		);
		expect(JSON.stringify(removal)).toContain('IXSCAN');
		expect(await c.countDocuments()).toBe(100);
	});

	it('honours hints, min and max, and hidden indexes', async () => {
		const c = h.fresh();
		await c.insertMany(Array.from({ length: 20 }, (_, i) => ({ a: i })));
		await c.createIndex({ a: 1 });
		expect(await c.find().hint('a_1').min({ a: 5 }).max({ a: 8 }).toArray()).toHaveLength(3);
		await expect(c.find().min({ a: 5 }).toArray()).rejects.toMatchObject({ code: 51173 });
		await expect(c.find().hint('nope').toArray()).rejects.toMatchObject({ code: 2 });
		await h.db.command({ collMod: c.collectionName, index: { name: 'a_1', hidden: true } });
		expect((await c.find({ a: 1 }).explain())['queryPlanner'].winningPlan.stage).toBe('COLLSCAN');
		await expect(c.find().hint('a_1').toArray()).rejects.toMatchObject({ code: 2 });
	});
});
