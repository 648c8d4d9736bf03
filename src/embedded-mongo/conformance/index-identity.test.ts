/** When two indexes are the same one, when they may stand side by side, and what is said when neither holds. */
import type { Collection } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
let c: Collection;
beforeAll(async () => {
	h = await startHarness();
});
beforeEach(() => {
	c = h.fresh('ix');
});
afterAll(() => h.stop());

const names = async () => (await c.listIndexes().toArray()).map(({ name }) => name as string);

it('lets indexes on one key differ in unique, sparse, filter and collation', async () => {
	await c.createIndex({ a: 1 }, { name: 'plain' });
	await c.createIndex({ a: 1 }, { name: 'unique', unique: true });
	await c.createIndex({ a: 1 }, { name: 'sparse', sparse: true });
	await c.createIndex({ a: 1 }, { name: 'partial', partialFilterExpression: { b: 1 } });
	await c.createIndex({ a: 1 }, { name: 'folded', collation: { locale: 'en', strength: 2 } });
	expect(await names()).toEqual(['_id_', 'plain', 'unique', 'sparse', 'partial', 'folded']);
	await c.insertOne({ a: 1 });
	await expect(c.insertOne({ a: 1 })).rejects.toMatchObject({ code: 11000 });
	await expect(c.dropIndex({ a: 1 } as never)).rejects.toMatchObject({ codeName: 'AmbiguousIndexKeyPattern' });
	await c.dropIndex('unique');
	await c.insertOne({ a: 1 });
});

it('refuses the same index under another name, and a name for another index', async () => {
	await c.createIndex({ a: 1 }, { name: 'x' });
	await expect(c.createIndex({ a: 1 }, { name: 'y' })).rejects.toMatchObject({
		code: 85,
		codeName: 'IndexOptionsConflict',
		message: 'Index already exists with a different name: x'
	});
	await expect(c.createIndex({ a: 1 }, { name: 'y', expireAfterSeconds: 5 })).rejects.toMatchObject({
		code: 85,
		message: expect.stringContaining('different name and options') as string
	});
	for (const [key, options] of [
		[{ b: 1 }, {}],
		[{ a: 1 }, { unique: true }],
		[{ a: 1 }, { collation: { locale: 'en' } }]
	] as const) {
		await expect(c.createIndex(key, { ...options, name: 'x' })).rejects.toMatchObject({
			code: 86,
			codeName: 'IndexKeySpecsConflict'
		});
	}
	expect(await c.createIndex({ a: 1 }, { name: 'x' })).toBe('x');
});

it('tells a changed time to live from another index', async () => {
	await c.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
	await expect(c.createIndex({ at: 1 }, { expireAfterSeconds: 90 })).rejects.toMatchObject({
		code: 85,
		message: [
			'An equivalent index already exists with the same name but different options.',
			'Requested index: { v: 2, key: { at: 1 }, name: "at_1", expireAfterSeconds: 90 },',
			'existing index: { v: 2, key: { at: 1 }, name: "at_1", expireAfterSeconds: 60 }'
		].join(' ')
	});
	await c.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
	expect(await names()).toEqual(['_id_', 'at_1']);
});

it('shows background as it was given, and does not tell indexes apart by it', async () => {
	await c.createIndex({ a: 1 }, { background: true });
	await c.createIndex({ a: 1 });
	expect(await c.listIndexes().toArray()).toEqual([
		{ v: 2, key: { _id: 1 }, name: '_id_' },
		{ v: 2, key: { a: 1 }, name: 'a_1', background: true }
	]);
});

it('takes the index on _id as given, whatever collation or name the collection gave it', async () => {
	const folded = await h.db.createCollection('folded', { collation: { locale: 'en', strength: 2 } });
	await folded.createIndex({ _id: 1 });
	expect(await folded.listIndexes().toArray()).toHaveLength(1);
	const clustered = await h.db.createCollection('clustered', {
		clusteredIndex: { key: { _id: 1 }, unique: true, name: 'mine' }
	});
	await clustered.createIndex({ _id: 1 });
	expect((await clustered.listIndexes().toArray()).map(({ name }) => name as string)).toEqual(['mine']);
});

it('says which index of which collection could not be built', async () => {
	await c.insertMany([{ a: 'twice' }, { a: 'twice' }]);
	const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
	const where = `Collection ${c.namespace} \\( ${uuid} \\)`;
	const what = `E11000 duplicate key error collection: ${c.namespace} index: a_1 dup key: \\{ a: "twice" \\}`;
	await expect(c.createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({
		code: 11000,
		message: expect.stringMatching(new RegExp(`^Index build failed: ${uuid}: ${where} :: caused by :: ${what}$`)) as string,
		keyPattern: { a: 1 },
		keyValue: { a: 'twice' }
	});
	expect(await names()).toEqual(['_id_']);
});
