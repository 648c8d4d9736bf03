/** What is said of index specifications that cannot be, through the official driver. */
import type { Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
let c: ReturnType<Harness['fresh']>;
beforeAll(async () => {
	h = await startHarness();
});
beforeEach(() => {
	c = h.fresh();
});
afterAll(() => h.stop());

const create = (...indexes: Document[]) => h.db.command({ createIndexes: c.collectionName, indexes });
const listed = async () => (await c.listIndexes().toArray()).map((index) => index as Document);

describe('a specification that cannot be', () => {
	it.each<[Document, number, string]>([
		[
			{ key: { a: 0 }, name: 'x' },
			67,
			'Error in specification { key: { a: 0 }, name: "x" } :: caused by :: Values in the index key pattern cannot be 0.'
		],
		[
			{ key: { 'a..b': 1 }, name: 'x' },
			67,
			'Error in specification { key: { a..b: 1 }, name: "x" } :: caused by :: Index keys cannot contain an empty field.'
		],
		[
			{ key: { a: 'rtree' }, name: 'x' },
			67,
			'Error in specification { key: { a: "rtree" }, name: "x" } :: caused by :: Unknown index plugin \'rtree\''
		],
		[
			{ key: { a: 1 }, name: 'x', v: 3 },
			67,
			'Error in specification { key: { a: 1 }, name: "x", v: 3 } :: caused by :: Invalid index specification { key: { a: 1 }, name: "x", v: 3 }; cannot create an index with v=3'
		],
		[
			{ key: { a: 1 }, name: 'x', fast: 1 },
			197,
			"Error in specification { key: { a: 1 }, name: \"x\", fast: 1 } :: caused by :: The field 'fast' is not valid for an index specification. Specification: { key: { a: 1 }, name: \"x\", fast: 1 }"
		],
		[
			{ key: { a: 1 }, name: 'x', unique: 'yes' },
			14,
			"Error in specification { key: { a: 1 }, name: \"x\", unique: \"yes\" } :: caused by :: The field 'unique has value unique: \"yes\", which is not convertible to bool"
		],
		[
			{ key: { a: 1 } },
			9,
			"Error in specification { key: { a: 1 } } :: caused by :: The 'name' field is a required property of an index specification"
		],
		[
			{ key: { a: 1 }, name: '' },
			67,
			'Error in specification { key: { a: 1 }, name: "", v: 2 } :: caused by :: index name cannot be empty'
		],
		[
			{ key: { a: 1 }, name: 'x', sparse: true, partialFilterExpression: { b: 1 } },
			67,
			'Error in specification { key: { a: 1 }, name: "x", sparse: true, partialFilterExpression: { b: 1 }, v: 2 } :: caused by :: cannot mix "partialFilterExpression" and "sparse" options'
		],
		[{ key: { a: 1 }, name: '*' }, 2, "The index name '*' is not valid."],
		[
			{ key: { a: 1 }, name: '_id_' },
			2,
			"The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}, found { a: 1 }"
		],
		[{ key: { _id: -1 }, name: 'x' }, 2, "The field 'key' for an _id index must be {_id: 1}, but got { _id: -1 }"],
		[
			{ key: { _id: 1 }, name: '_id_1', unique: true },
			197,
			'The field \'unique\' is not valid for an _id index specification. Specification: { key: { _id: 1 }, name: "_id_1", unique: true, v: 2 }'
		],
		[
			{ key: { a: 1 }, name: 'x', expireAfterSeconds: -5 },
			67,
			'. Index spec: { key: { a: 1 }, name: "x", expireAfterSeconds: -5 } :: caused by :: TTL index \'expireAfterSeconds\' option cannot be less than 0'
		],
		[
			{ key: { a: 1, b: 1 }, name: 'x', expireAfterSeconds: 5 },
			67,
			'TTL indexes are single-field indexes, compound indexes do not support TTL. Index spec: { key: { a: 1, b: 1 }, name: "x", expireAfterSeconds: 5 }'
		]
	])('%j', async (spec, code, message) => {
		await expect(create({ key: { z: 1 }, name: 'z' }, spec)).rejects.toMatchObject({ code, message });
		expect(await h.db.listCollections({ name: c.collectionName }).toArray()).toEqual([]);
	});
});

it('knows indexes of one command from each other', async () => {
	await expect(create({ key: { a: 1 }, name: 'x' }, { key: { b: 1 }, name: 'x' })).rejects.toMatchObject({ code: 86 });
	await expect(create({ key: { a: 1 }, name: 'x' }, { key: { a: 1 }, name: 'y' })).rejects.toMatchObject({ code: 85 });
	await create({ key: { a: 1 }, name: 'x' }, { key: { b: 1 }, name: 'y' });
	expect((await listed()).map(({ name }) => name as string)).toEqual(['_id_', 'x', 'y']);
});

it('shows sparse as it was given, unique only if it is', async () => {
	await c.createIndex({ a: 1 }, { sparse: false, unique: false });
	expect(await listed()).toEqual([
		{ v: 2, key: { _id: 1 }, name: '_id_' },
		{ v: 2, key: { a: 1 }, name: 'a_1', sparse: false }
	]);
});

it('names the arrays that cannot be indexed together', async () => {
	await c.createIndex({ a: 1, 'b.c': 1 });
	await expect(c.insertOne({ a: [1], b: [{ c: 2 }] })).rejects.toMatchObject({
		code: 171,
		message: 'cannot index parallel arrays [b] [a]'
	});
	await c.dropIndexes();
	await c.insertOne({ a: [1], b: [{ c: 2 }] });
	await expect(c.createIndex({ a: 1, 'b.c': 1 })).rejects.toMatchObject({
		code: 171,
		codeName: 'CannotIndexParallelArrays',
		message: expect.stringMatching(/^Index build failed: \S+: Collection .* :: caused by :: cannot index parallel arrays \[b\] \[a\]$/) as string
	});
	expect(await listed()).toHaveLength(1);
});

it('takes no hint for two indexes', async () => {
	await c.createIndex({ a: 1 });
	await c.createIndex({ a: 1 }, { name: 'sparse', sparse: true });
	await expect(c.find({}, { hint: { a: 1 } }).toArray()).rejects.toMatchObject({
		code: 27,
		message: expect.stringContaining('Hint matched multiple indexes, must hint by index name.') as string
	});
	await c.find({}, { hint: 'sparse' }).toArray();
});

it('pads no array beyond its bounds', async () => {
	await c.insertOne({ a: [1] });
	await expect(c.updateOne({}, { $set: { 'a.1500003': 1 } })).rejects.toMatchObject({
		code: 34,
		message: "can't backfill more than 1500000 elements"
	});
});
