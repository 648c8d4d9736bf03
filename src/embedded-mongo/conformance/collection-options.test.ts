import { Double } from 'mongodb';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepExpired } from '../indexes/ttl.ts';
import { openStore } from '../store.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from '../bson/codec.ts';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let store: Harness;
beforeAll(async () => {
	store = await startHarness();
});
afterAll(() => store.stop());

const CLUSTERED = { key: { _id: 1 }, unique: true, name: 'by id' };

describe('clustered collections', () => {
	it('show their index as their own', async () => {
		await store.db.createCollection('clustered', { clusteredIndex: CLUSTERED });
		const [info] = await store.db.listCollections({ name: 'clustered' }).toArray();
		expect(info).toMatchObject({ options: { clusteredIndex: { v: 2, ...CLUSTERED } } });
		expect(info).not.toHaveProperty('idIndex');
		const collection = store.db.collection('clustered');
		expect(await collection.indexes()).toEqual([{ v: 2, ...CLUSTERED, clustered: true }]);
		await collection.insertOne({ _id: 1 as never });
		await expect(collection.insertOne({ _id: 1 as never })).rejects.toMatchObject({ code: 11000 });
		await expect(collection.dropIndex('by id')).rejects.toMatchObject({ code: 72 });
		await store.restart();
		expect(await store.db.collection('clustered').indexes()).toHaveLength(1);
	});
	it('must be unique on _id', async () => {
		const create = (clusteredIndex: object) => store.db.command({ create: 'refused', clusteredIndex });
		await expect(create({ key: { a: 1 }, unique: true })).rejects.toMatchObject({ code: 197 });
		await expect(create({ key: { _id: 1 }, unique: false })).rejects.toMatchObject({ code: 5979700 });
		await expect(create({ key: { _id: 1 } })).rejects.toMatchObject({ code: 40414 });
		await expect(store.db.command({ create: 'refused', expireAfterSeconds: 5 })).rejects.toMatchObject({ code: 72 });
	});
	it('lose documents whose _id is old enough', async () => {
		const dir = mkdtempSync(join(tmpdir(), 'clustered-'));
		const opened = openStore(join(dir, 'store'));
		const collection = await opened.environment.write(() =>
			opened.catalog.create(
				'db.c',
				new Map<string, never>([
					['clusteredIndex', new Map<string, unknown>([['key', new Map([['_id', 1]])], ['name', 'x']]) as never],
					['expireAfterSeconds', 60 as never]
				])
			)
		);
		await opened.environment.write(() => {
			for (const id of [new Date(0), new Date(), 'text']) {
				opened.records.insert(collection, Buffer.from(encode(new Map([['_id', id]]))));
			}
		});
		expect(await sweepExpired(opened)).toBe(1);
		expect(collection.documents).toBe(2);
		await opened.stop();
		rmSync(dir, { recursive: true });
	});
});

describe('collMod', () => {
	it('finds an index by its key, whatever type its numbers have, if there is one only', async () => {
		const collection = store.fresh();
		const { collectionName: name, namespace } = collection;
		await collection.createIndexes([{ key: { k: new Double(1) } as never }, { key: { k: 1 }, name: 'some', sparse: true }]);
		const hide = (key: Document) => store.db.command({ collMod: name, index: { keyPattern: key, hidden: true } });
		await expect(hide({ j: 1 })).rejects.toMatchObject({ code: 27, message: `cannot find index { j: 1 } for ns ${namespace}` });
		await expect(hide({ k: 1 })).rejects.toMatchObject({ code: 181, message: expect.stringContaining('k_1, some') as string });
		await collection.dropIndex('some');
		expect(await hide({ k: 1 })).toMatchObject({ hidden_old: false, hidden_new: true });
	});

	it('keeps change stream images as asked', async () => {
		await store.db.createCollection('images', { changeStreamPreAndPostImages: { enabled: true } });
		await store.db.command({ collMod: 'images', changeStreamPreAndPostImages: { enabled: false } });
		const [info] = await store.db.listCollections({ name: 'images' }).toArray();
		expect(info).toMatchObject({ options: { changeStreamPreAndPostImages: { enabled: false } } });
	});
	it('makes an index unique, or tells which documents are in the way', async () => {
		const collection = store.fresh('unique');
		await collection.insertMany([{ _id: 1, x: 1 }, { _id: 2, x: 1 }, { _id: 3, x: 2 }] as never);
		await collection.createIndex({ x: 1 });
		const modify = (index: object, more: object = {}) =>
			store.db.command({ collMod: collection.collectionName, index: { keyPattern: { x: 1 }, ...index }, ...more });
		await expect(modify({ unique: true })).rejects.toMatchObject({ code: 72 });
		expect(await modify({ prepareUnique: true })).toMatchObject({ prepareUnique_old: false, prepareUnique_new: true });
		// New duplicates are refused already, old ones may stay and change elsewhere.
		await expect(collection.insertOne({ x: 2 })).rejects.toMatchObject({ code: 11000, keyValue: { x: 2 } });
		await collection.updateOne({ _id: 1 as never }, { $set: { y: 1 } });
		await expect(modify({ unique: true }, { dryRun: true })).rejects.toMatchObject({ code: 359 });
		await expect(modify({ unique: true })).rejects.toMatchObject({
			code: 359,
			codeName: 'CannotConvertIndexToUnique',
			errorResponse: { violations: [{ ids: [1, 2] }] }
		});
		await collection.deleteOne({ _id: 2 as never });
		expect(await modify({ unique: true })).toMatchObject({ unique_new: true });
		expect((await collection.indexes())[1]).toEqual({ v: 2, key: { x: 1 }, name: 'x_1', unique: true });
		await expect(collection.insertOne({ x: 1 })).rejects.toMatchObject({ code: 11000 });
		expect(await store.db.command({ validate: collection.collectionName })).toMatchObject({ valid: true, nIndexes: 2 });
	});
});

describe('reIndex', () => {
	it('builds all indexes anew', async () => {
		const collection = store.fresh('again');
		await collection.insertMany(Array.from({ length: 500 }, (_, i) => ({ _id: i, a: i % 7, b: [i, -i] })) as never);
		await collection.createIndexes([{ key: { a: 1 } }, { key: { b: 1 }, unique: true, sparse: true }]);
		const before = await collection.indexes();
		expect(await store.db.command({ reIndex: collection.collectionName })).toMatchObject({ nIndexesWas: 3, nIndexes: 3 });
		expect(await collection.indexes()).toEqual(before);
		expect(await store.db.command({ validate: collection.collectionName })).toMatchObject({ valid: true });
		expect(await collection.countDocuments({ b: -499 })).toBe(1);
		await expect(store.db.command({ reIndex: 'nothing' })).rejects.toMatchObject({ code: 26 });
	});
});
