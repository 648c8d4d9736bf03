/** Which index a query goes by, where several could serve it. */
import type { Document } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHarness } from '../conformance/harness.ts';
import type { Harness } from '../conformance/harness.ts';

let h: Harness;
beforeAll(async () => {
	h = await startHarness();
	const rows = Array.from({ length: 600 }, (_, i) => ({ _id: i as never, few: i % 3, many: i % 40, rank: i }));
	await h.db.collection('rows').insertMany(rows);
	await h.db.collection('rows').createIndexes([
		{ key: { few: 1 }, name: 'few' },
		{ key: { many: 1 }, name: 'many' },
		{ key: { rank: 1 }, name: 'rank' },
		{ key: { few: 1, rank: 1 }, name: 'few_rank' }
	]);
});
afterAll(() => h.stop());

/** The name of the index, and the keys it takes. */
async function chosen(filter: Document, sort?: Document): Promise<[string, number]> {
	const found = h.db.collection('rows').find(filter);
	const told = await (sort ? found.sort(sort) : found).explain('executionStats');
	let stage = told['queryPlanner'].winningPlan as Document;
	while (stage['inputStage']) stage = stage['inputStage'];
	return [stage['indexName'], Number(told['executionStats'].totalKeysExamined)];
}

it.each<[Document, Document | undefined, string, number]>([
	// An _id says it all, whatever else is asked.
	[{ _id: 7, few: 1, many: { $gte: 0 } }, undefined, '_id_', 1],
	[{ few: 1, $and: [{ _id: 7 }] }, { rank: 1 }, '_id_', 1],
	// The trial ends with the index that has the fewest keys.
	[{ few: 1, many: 7 }, undefined, 'many', 15],
	[{ many: 7, rank: { $gt: 590 } }, undefined, 'rank', 9],
	[{ many: 7, rank: { $gt: 100 } }, undefined, 'many', 15],
	// What bounds one index bounds the other as well.
	[{ few: 1, rank: { $gte: 0 } }, { rank: 1 }, 'few_rank', 200],
	[{ few: 1, rank: { $gt: 590 } }, undefined, 'few_rank', 3],
	// None comes to its end within the trial: the first by rule.
	[{ few: { $lt: 2 }, rank: { $lt: 500 } }, undefined, 'few', 400]
])('%j sorted by %j goes by %s', async (filter, sort, name, keys) => {
	expect(await chosen(filter, sort)).toEqual([name, keys]);
});
