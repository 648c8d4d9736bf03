/** In a collection with a collation, `_id` is compared by it too. */
import type { Collection, Document } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

interface Named extends Document {
	_id: string;
	n?: number;
}

let h: Harness;
let c: Collection<Named>;
beforeAll(async () => {
	h = await startHarness();
	c = await h.db.createCollection<Named>('folded', { collation: { locale: 'en', strength: 2 } });
	await c.insertMany(['Ash', 'birch', 'Cedar'].map((_id, n) => ({ _id, n })));
});
afterAll(() => h.stop());

const ids = async (found: Promise<Named[]>): Promise<string[]> => (await found).map(({ _id }) => _id);

it('is shown with its index', async () => {
	const collation = { locale: 'en', strength: 2, caseLevel: false };
	const [index] = await c.listIndexes().toArray();
	expect(index).toMatchObject({ v: 2, key: { _id: 1 }, name: '_id_', collation });
	const [info] = (await h.db.command({ listCollections: 1, filter: { name: 'folded' } }))['cursor'].firstBatch as Document[];
	expect(info?.['idIndex']).toEqual(index);
});

it('holds what compares equal once', async () => {
	const refusal = {
		code: 11000,
		keyPattern: { _id: 1 },
		collation: { locale: 'en' },
		message: expect.stringMatching(/ index: _id_ collation: \{ locale: "en", .* \} dup key: \{ _id: /) as string
	};
	await expect(c.insertOne({ _id: 'ASH' })).rejects.toMatchObject(refusal);
	await expect(c.updateOne({ _id: 'ASH', n: 99 }, { $set: { n: 5 } }, { upsert: true })).rejects.toMatchObject({ code: 11000 });
	const { matchedCount, upsertedCount } = await c.updateOne({ _id: 'ASH' }, { $set: { n: 7 } }, { upsert: true });
	expect([matchedCount, upsertedCount]).toEqual([1, 0]);
});

it('is found however it is written, by one key', async () => {
	expect(await c.findOne({ _id: 'BIRCH' })).toEqual({ _id: 'birch', n: 1 });
	expect(await ids(c.find({ _id: { $in: ['ash', 'CEDAR'] } }).sort({ _id: -1 }).toArray())).toEqual(['Cedar', 'Ash']);
	expect(await ids(c.find({ _id: { $gt: 'B' } }).sort({ _id: 1 }).toArray())).toEqual(['birch', 'Cedar']);
	const { executionStats } = await c.find({ _id: 'BIRCH' }).explain('executionStats');
	expect(executionStats).toMatchObject({ totalKeysExamined: 1, nReturned: 1 });
});

it('is compared in binary order where that is asked for', async () => {
	const collation = { locale: 'simple' };
	expect(await c.findOne({ _id: 'BIRCH' }, { collation })).toBeNull();
	expect(await c.findOne({ _id: 'birch' }, { collation })).toEqual({ _id: 'birch', n: 1 });
	expect(await ids(c.find({}, { collation }).sort({ _id: 1 }).toArray())).toEqual(['Ash', 'Cedar', 'birch']);
	expect(await ids(c.find({ _id: { $gte: 'D' } }, { collation }).toArray())).toEqual(['birch']);
});

it('goes with its document', async () => {
	expect(await c.deleteOne({ _id: 'CEDAR' })).toMatchObject({ deletedCount: 1 });
	await c.insertOne({ _id: 'cedar' });
	expect(await h.db.command({ validate: 'folded', full: true })).toMatchObject({ valid: true, nrecords: 3, keysPerIndex: { _id_: 3 } });
	await h.restart();
	const again = h.db.collection<Named>('folded');
	expect(await again.findOne({ _id: 'CEDAR' })).toEqual({ _id: 'cedar' });
	await expect(again.insertOne({ _id: 'CEDAR' })).rejects.toMatchObject({ code: 11000 });
});

it('keeps its name for itself', async () => {
	await expect(h.db.collection('folded').createIndex({ n: 1 }, { name: '_id_' })).rejects.toMatchObject({ code: 2 });
});
