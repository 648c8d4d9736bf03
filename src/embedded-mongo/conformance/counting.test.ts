/** Pipelines that only count, against the same count taken the long way. */
import type { Document } from 'mongodb';
import { Int32 } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
beforeAll(async () => {
	h = await startHarness();
	const rows = Array.from({ length: 300 }, (_, i) => ({ _id: i as never, a: i % 7, tags: i % 3 === 0 ? [i % 5, 9] : i % 5, name: `n${i % 11}` }));
	await h.db.collection('rows').insertMany(rows);
	await h.db.collection('rows').createIndexes([{ key: { a: 1, name: 1 } }, { key: { tags: 1 } }]);
});
afterAll(() => h.stop());

const FILTERS: Document[] = [
	{},
	{ a: 3 },
	{ a: { $gte: 2, $lt: 5 } },
	{ a: 3, name: 'n3' },
	{ a: 3, _id: { $lt: 100 } },
	{ _id: 7, a: 0 },
	{ _id: 7, a: 1 },
	{ tags: 9 },
	{ tags: { $in: [1, 9] } },
	{ $or: [{ a: 1 }, { tags: 4 }] },
	{ name: /n1/ },
	{ a: 'none' }
];

describe('counts', () => {
	it.each(FILTERS)('%j', async (filter) => {
		const rows = h.db.collection('rows');
		const found = (await rows.find(filter).toArray()).length;
		expect(await rows.countDocuments(filter)).toBe(found);
		expect(await rows.countDocuments(filter, { skip: 3, limit: 20 })).toBe(Math.max(0, Math.min(found - 3, 20)));
		expect(await rows.aggregate([{ $match: filter }, { $count: 'n' }]).toArray()).toEqual(found === 0 ? [] : [{ n: found }]);
		const grouped = await rows.aggregate([{ $match: filter }, { $group: { n: { $sum: 1 }, _id: null } }]).toArray();
		expect(grouped).toEqual(found === 0 ? [] : [{ _id: null, n: found }]);
		expect(Object.keys(grouped[0] ?? { _id: 0, n: 0 })).toEqual(['_id', 'n']);
	});
	it('keeps to the types and the errors of the long way', async () => {
		const rows = h.db.collection('rows');
		const typed = await rows.aggregate([{ $group: { _id: null, n: { $sum: 1 } } }], { promoteValues: false }).toArray();
		expect(typed[0]?.['n']).toEqual(new Int32(300));
		const double = await rows.aggregate([{ $group: { _id: null, n: { $sum: 0.5 } } }]).toArray();
		expect(double).toEqual([{ _id: null, n: 150 }]);
		expect(await h.db.collection('nowhere').countDocuments()).toBe(0);
		await expect(rows.aggregate([{ $group: { _id: null, 'a.b': { $sum: 1 } } }]).toArray()).rejects.toMatchObject({ code: 40235 });
		await expect(rows.aggregate([{ $count: '' }]).toArray()).rejects.toMatchObject({ code: 40157 });
		expect(await h.db.command({ aggregate: 'rows', pipeline: [{ $count: 'n' }], cursor: { batchSize: 0 } })).toMatchObject({ cursor: { firstBatch: [] } });
	});
});
