/** Hashed indexes: what they accept, what they serve, and that hashes decide nothing by themselves. */
import { Decimal128, Int32, Long } from 'mongodb';
import type { Collection, Filter, Document } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
beforeAll(async () => {
	h = await startHarness();
});
afterAll(() => h.stop());

async function stageOf(c: Collection, filter: Filter<Document>): Promise<string> {
	const plan = (await c.find(filter).explain('queryPlanner')).queryPlanner.winningPlan;
	return plan.inputStage?.stage ?? plan.stage;
}

const idsOf = async (c: Collection, filter: Filter<Document>) => (await c.find(filter).sort({ _id: 1 }).toArray()).map((doc) => doc._id);

it('is listed, found again and dropped by its key', async () => {
	const c = h.fresh();
	expect(await c.createIndex({ t: 'hashed' })).toBe('t_hashed');
	expect(await c.createIndex({ t: 'hashed' })).toBe('t_hashed');
	await c.createIndex({ _id: 'hashed' });
	await c.createIndex({ t: 1 });
	expect(await c.indexes()).toEqual([
		{ v: 2, key: { _id: 1 }, name: '_id_' },
		{ v: 2, key: { t: 'hashed' }, name: 't_hashed' },
		{ v: 2, key: { _id: 'hashed' }, name: '_id_hashed' },
		{ v: 2, key: { t: 1 }, name: 't_1' }
	]);
	await c.insertMany([{ t: 1 }, { t: 1 }]);
	await h.db.command({ dropIndexes: c.collectionName, index: { t: 'hashed' } });
	expect((await c.indexes()).map((index) => index.name)).toEqual(['_id_', '_id_hashed', 't_1']);
	expect(await idsOf(c, { _id: { $in: [1, 2] } as never })).toEqual([]);
	await h.db.command({ dropIndexes: c.collectionName, index: { _id: 'hashed' } });
	await expect(h.db.command({ dropIndexes: c.collectionName, index: { _id: 1 } })).rejects.toMatchObject({ code: 72 });
	expect((await c.indexes()).map((index) => index.name)).toEqual(['_id_', 't_1']);
});

it('refuses uniqueness, several hashed fields and arrays', async () => {
	const c = h.fresh();
	await expect(c.createIndex({ a: 'hashed' }, { unique: true })).rejects.toMatchObject({ code: 16764 });
	await expect(c.createIndex({ a: 'hashed', b: 'hashed' })).rejects.toMatchObject({ code: 31303 });
	await c.createIndex({ a: 'hashed', b: 1 });
	await expect(
		h.db.command({ collMod: c.collectionName, index: { name: 'a_hashed_b_1', prepareUnique: true } })
	).rejects.toMatchObject({ code: 16764 });
	await c.insertOne({ _id: 1 as never, a: 1 });
	for (const doc of [{ a: [1] }, { a: [] }, { b: [1, 2] }]) {
		await expect(c.insertOne(doc)).rejects.toMatchObject({ code: 16766 });
	}
	await expect(c.updateOne({}, { $push: { b: 1 as never } })).rejects.toMatchObject({ code: 16766 });
	expect(await c.find().toArray()).toEqual([{ _id: 1, a: 1 }]);
	const other = h.fresh();
	await other.insertOne({ a: [1] });
	await expect(other.createIndex({ a: 'hashed' })).rejects.toMatchObject({ code: 16766 });
	expect(await other.indexes()).toHaveLength(1);
});

it('serves equality, and nothing else', async () => {
	const c = h.fresh();
	await c.createIndex({ a: 'hashed' });
	const values = [5, 5.5, new Int32(5), Long.fromNumber(5), Decimal128.fromString('5.0'), '5', null, { x: 1 }, new Date(5), true];
	await c.insertMany([...values.map((a, _id) => ({ _id: _id as never, a })), { _id: 10 as never }]);
	const cases: [Filter<Document>, unknown[]][] = [
		[{ a: 5 }, [0, 2, 3, 4]],
		[{ a: 5.5 }, [1]],
		[{ a: '5' }, [5]],
		[{ a: null }, [6, 10]],
		[{ a: { x: 1 } }, [7]],
		[{ a: { $in: [new Date(5), true, 'none'] } }, [8, 9]],
		[{ a: 5, _id: { $gt: 2 as never } }, [3, 4]]
	];
	for (const [filter, ids] of cases) {
		expect(await idsOf(c, filter)).toEqual(ids);
		expect(await c.countDocuments(filter)).toBe(ids.length);
		if (!('_id' in filter)) expect(await stageOf(c, filter)).toBe('IXSCAN');
	}
	for (const filter of [{ a: { $gt: 5 } }, { a: /5/ }, { a: { $in: [/5/] } }, { a: { $exists: false } }, { a: { $ne: 5 } }]) {
		expect(await stageOf(c, filter)).toBe('COLLSCAN');
	}
	expect((await c.find({ a: { $in: [5, 5.5] } }).sort({ a: -1 }).toArray())[0]?._id).toBe(1);
	expect(await idsOf(c, { a: { $exists: false } })).toEqual([10]);
	await c.updateMany({ a: 5 }, { $set: { a: 'six' } });
	await c.deleteOne({ a: '5' });
	expect(await c.countDocuments({ a: 'six' })).toBe(4);
	expect(await c.find({}, { hint: { a: 'hashed' } }).toArray()).toHaveLength(10);
	expect(await h.db.command({ validate: c.collectionName, full: true })).toMatchObject({ valid: true, keysPerIndex: { a_hashed: 10 } });
});

it('may be compound, sparse, partial or under a collation', async () => {
	const c = h.fresh();
	await c.createIndex({ k: 1, a: 'hashed', z: -1 });
	await c.createIndex({ s: 'hashed' }, { sparse: true });
	await c.createIndex({ p: 'hashed' }, { partialFilterExpression: { k: { $gt: 5 } } });
	await c.createIndex({ t: 'hashed' }, { collation: { locale: 'en', strength: 2 } });
	await c.insertMany(Array.from({ length: 20 }, (_, i) => ({ _id: i as never, k: i % 10, a: i, z: i, p: i, t: i % 2 ? 'Odd' : 'even', ...(i < 5 ? { s: i } : {}) })));
	expect(await idsOf(c, { k: 3, a: 13 })).toEqual([13]);
	expect(await stageOf(c, { k: 3, a: 13 })).toBe('IXSCAN');
	expect(await idsOf(c, { s: 3 })).toEqual([3]);
	expect(await c.countDocuments({ s: null })).toBe(15);
	expect(await stageOf(c, { s: null })).toBe('COLLSCAN');
	expect(await idsOf(c, { p: 17, k: { $gt: 6 } })).toEqual([17]);
	expect(await c.find({ t: 'ODD' }).collation({ locale: 'en', strength: 2 }).toArray()).toHaveLength(10);
	expect(await c.countDocuments({ t: 'ODD' })).toBe(0);
	await h.restart();
	expect(await idsOf(h.db.collection(c.collectionName), { s: 3 })).toEqual([3]);
});
