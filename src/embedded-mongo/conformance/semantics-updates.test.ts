/** What a naive implementation of updates gets wrong, seen by a client. */
import { Long, Timestamp } from 'bson';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let store: Harness;
beforeAll(async () => {
	store = await startHarness();
});
afterAll(() => store.stop());

interface Given {
	filter?: Document;
	options?: Document;
}

async function updated(document: Document, update: Document, { filter = {}, options = {} }: Given = {}): Promise<Document> {
	const collection = store.fresh();
	await collection.insertOne({ _id: 1, ...document } as never);
	await collection.updateOne(filter, update, options);
	return (await collection.findOne()) ?? {};
}

describe('updates', () => {
	test.each<[string, Document, Document, Document, Given?]>([
		['$set same _id is a no-op', { a: 1 }, { $set: { _id: 1, a: 2 } }, { a: 2 }],
		['$set a.2 pads with null', { a: [1] }, { $set: { 'a.2': 9 } }, { a: [1, null, 9] }],
		['$set order of new fields: lexicographic', {}, { $set: { b: 1, a: 2 } }, { a: 2, b: 1 }],
		['$inc Long', { a: Long.fromNumber(1) }, { $inc: { a: 2 } }, { a: 3 }],
		['$addToSet keeps old duplicates', { a: [1, 1] }, { $addToSet: { a: 2 } }, { a: [1, 1, 2] }],
		['$addToSet: key order counts', { a: [{ x: 1, y: 1 }] }, { $addToSet: { a: { y: 1, x: 1 } } }, { a: [{ x: 1, y: 1 }, { y: 1, x: 1 }] }],
		['$pull with $or', { a: [{ x: 1 }, { y: 2 }, { z: 3 }] }, { $pull: { a: { $or: [{ x: 1 }, { y: 2 }] } } }, { a: [{ z: 3 }] }],
		['$setOnInsert accepted', {}, { $setOnInsert: { a: 1 } }, {}],
		[
			'positional twice in one update',
			{ a: [{ x: 1 }, { x: 2 }] },
			{ $set: { 'a.$.b': 9, 'a.$.c': 8 } },
			{ a: [{ x: 1 }, { x: 2, b: 9, c: 8 }] },
			{ filter: { 'a.x': 2 } }
		],
		[
			'positional $set + $inc on the same element',
			{ a: [{ x: 1 }, { x: 2 }] },
			{ $set: { 'a.$.b': 9 }, $inc: { 'a.$.x': 1 } },
			{ a: [{ x: 1 }, { x: 3, b: 9 }] },
			{ filter: { 'a.x': 2 } }
		],
		['positional inside $and', { a: [1, 2] }, { $set: { 'a.$': 9 } }, { a: [1, 9] }, { filter: { $and: [{ a: 2 }] } }],
		[
			'a.$[e] and a.$[f] in one update',
			{ a: [{ x: 1 }, { x: 2 }] },
			{ $set: { 'a.$[e].y': 8, 'a.$[f].x': 9 } },
			{ a: [{ x: 1, y: 8 }, { x: 9 }] },
			{ options: { arrayFilters: [{ 'e.x': 1 }, { 'f.x': 2 }] } }
		]
	])('%s', async (_, document, update, expected, given) => {
		expect(Object.entries(await updated(document, update, given))).toEqual(Object.entries({ _id: 1, ...expected }));
	});
	test('$currentDate timestamp', async () => {
		const made = await updated({}, { $currentDate: { a: { $type: 'timestamp' } } });
		expect(made.a).toMatchObject({ _bsontype: 'Timestamp' });
	});
});

describe('refused updates leave the document as it was', () => {
	test.each<[string, Document, Document, number, Document?]>([
		['$set through a scalar', { a: 5 }, { $set: { 'a.b': 1 } }, 28],
		['$set through null', { a: null }, { $set: { 'a.b': 1 } }, 28],
		['$set name through an array', { a: [1] }, { $set: { 'a.b': 1 } }, 28],
		['$inc on a string', { a: 'x' }, { $inc: { a: 1 } }, 14],
		['$inc on null', { a: null }, { $inc: { a: 1 } }, 14],
		['$inc on a Timestamp', { a: new Timestamp({ t: 5, i: 2 }) }, { $inc: { a: 1 } }, 14],
		['$bit with a Timestamp', { a: 1 }, { $bit: { a: { or: new Timestamp({ t: 5, i: 2 }) } } }, 2],
		['$mul on a string', { a: 'x' }, { $mul: { a: 2 } }, 14],
		['$push on a non-array', { a: 5 }, { $push: { a: 1 } }, 2],
		['$addToSet on a non-array', { a: 5 }, { $addToSet: { a: 1 } }, 2],
		['$pop on a non-array', { a: 5 }, { $pop: { a: 1 } }, 14],
		['$pull on a non-array', { a: 5 }, { $pull: { a: 1 } }, 2],
		['unused arrayFilter', { a: [1] }, { $set: { b: 1 } }, 9, { arrayFilters: [{ e: 1 }] }],
		['failed update of several fields', { b: 'x' }, { $set: { a: 1 }, $inc: { b: 1 } }, 14],
		['$set of another _id', {}, { $set: { _id: 2 } }, 66]
	])('%s', async (_, document, update, code, options) => {
		const collection = store.fresh();
		await collection.insertOne({ _id: 1, ...document } as never);
		await expect(collection.updateOne({}, update, options)).rejects.toMatchObject({ code });
		expect(await collection.findOne()).toEqual({ _id: 1, ...document });
	});
});

describe('upserts and large documents', () => {
	test('$setOnInsert counts when there is nothing yet', async () => {
		const collection = store.fresh();
		await collection.updateOne({ _id: 1 as never }, { $set: { b: 1 }, $setOnInsert: { a: 1 } }, { upsert: true });
		expect(await collection.findOne()).toEqual({ _id: 1, a: 1, b: 1 });
	});
	test('a document that grows beyond 16 MB is refused', async () => {
		const collection = store.fresh();
		await collection.insertOne({ _id: 1 as never, a: 'x'.repeat(9_000_000) });
		const update = collection.updateOne({}, { $set: { b: 'x'.repeat(9_000_000) } });
		await expect(update).rejects.toMatchObject({ code: expect.toBeOneOf([10334, 17419, 17420]) as number });
		expect(await collection.findOne({}, { projection: { a: 0 } })).toEqual({ _id: 1 });
	});
});
