/** What databases, collections and indexes may be called, and who may ask for what. */
import { MongoClient } from 'mongodb';
import type { Collection, Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
beforeAll(async () => {
	h = await startHarness();
});
afterAll(() => h.stop());

describe('databases', () => {
	it('may not differ from one another in case only', async () => {
		await h.client.db('Shelf').collection('c').insertOne({});
		const refusal = {
			code: 13297,
			message: 'db already exists with different case already have: [Shelf] trying to create [sHELF]'
		};
		const other = h.client.db('sHELF');
		expect(await other.collection('c').find().toArray()).toEqual([]);
		await expect(other.collection('c').insertOne({})).rejects.toMatchObject(refusal);
		await expect(other.collection('c').updateOne({}, { $set: { a: 1 } }, { upsert: true })).rejects.toMatchObject(refusal);
		await expect(other.createCollection('c')).rejects.toMatchObject({ ...refusal, codeName: 'DatabaseDifferCase' });
		await expect(other.collection('c').createIndex({ a: 1 })).rejects.toMatchObject(refusal);
		await h.client.db('Shelf').dropDatabase();
		await other.collection('c').insertOne({});
		expect(await other.collection('c').countDocuments()).toBe(1);
		await other.dropDatabase();
	});

	it('are listed with a size as soon as they hold a collection', async () => {
		await h.client.db('lean').createCollection('nothing');
		const { databases, totalSize } = await h.client.db().admin().listDatabases({ filter: { name: 'lean' } } as Document);
		expect(databases).toEqual([{ name: 'lean', sizeOnDisk: totalSize, empty: false }]);
		expect(totalSize).toBeGreaterThan(0);
		await h.client.db('lean').dropDatabase();
	});
});

describe('collections', () => {
	it('of the system are not written to', async () => {
		const c = h.db.collection('system.mine');
		const refusal = { code: 73, codeName: 'InvalidNamespace', message: `Invalid system namespace: ${c.namespace}` };
		await expect(c.insertOne({})).rejects.toMatchObject(refusal);
		await expect(c.updateOne({}, { $set: { a: 1 } })).rejects.toMatchObject(refusal);
		await expect(c.findOneAndUpdate({}, { $set: { a: 1 } })).rejects.toMatchObject(refusal);
		await expect(c.createIndex({ a: 1 })).rejects.toMatchObject(refusal);
		await expect(h.db.createCollection('system.mine')).rejects.toMatchObject(refusal);
		expect(await c.find().toArray()).toEqual([]);
	});

	it('have no dollar in their name', async () => {
		const refusal = { code: 73, codeName: 'InvalidNamespace', message: 'Invalid collection name: a$b' };
		await expect(h.db.collection('a$b').insertOne({})).rejects.toMatchObject(refusal);
		await expect(h.db.collection('a$b').updateOne({}, { $set: { a: 1 } })).rejects.toMatchObject(refusal);
		expect(await h.db.collection('a$b').find().toArray()).toEqual([]);
	});
});

describe('the index on _id', () => {
	let c: Collection;
	beforeAll(async () => {
		c = await h.db.createCollection('identified');
	});

	it.each([
		[{ unique: true }, 'unique'],
		[{ sparse: true }, 'sparse'],
		[{ background: true }, 'background'],
		[{ expireAfterSeconds: 1 }, 'expireAfterSeconds']
	])('takes no %o', async (options, field) => {
		await expect(c.createIndex({ _id: 1 }, options)).rejects.toMatchObject({
			code: 197,
			codeName: 'InvalidIndexSpecificationOption',
			message: expect.stringContaining(`The field '${field}' is not valid for an _id index specification. Specification: { `) as string
		});
	});

	it('takes the collation of its collection only', async () => {
		const collation = { locale: 'en', strength: 2 };
		const folded = await h.db.createCollection('foldedIds', { collation });
		await folded.createIndex({ _id: 1 }, { collation });
		await c.createIndex({ _id: 1 }, { collation: { locale: 'simple' } });
		const refusal = { code: 67, message: '_id index must have the collection default collation' };
		await expect(c.createIndex({ _id: 1 }, { collation })).rejects.toMatchObject(refusal);
		await expect(folded.createIndex({ _id: 1 }, { collation: { locale: 'de' } })).rejects.toMatchObject(refusal);
	});

	it('is one, whatever its direction', async () => {
		await c.createIndex({ _id: -1 });
		await c.createIndex({ _id: 1 }, { name: 'mine' });
		expect(await c.listIndexes().toArray()).toEqual([{ v: 2, key: { _id: 1 }, name: '_id_' }]);
		await expect(c.createIndex({ _id: 1 }, { hidden: true })).rejects.toMatchObject({ code: 2 });
	});
});

describe('other indexes', () => {
	it('may not be called as what stands for all of them', async () => {
		const all = h.fresh().createIndex({ a: 1 }, { name: '*' });
		await expect(all).rejects.toMatchObject({ code: 2, message: "The index name '*' is not valid." });
	});
});

describe('credentials', () => {
	const connect = (options: object) =>
		MongoClient.connect(h.store.uri, { serverSelectionTimeoutMS: 2000, ...options }).then((client) => client.close());

	it('open nothing, by whatever mechanism', async () => {
		const auth = { username: 'somebody', password: 'secret' };
		for (const authMechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-1', 'DEFAULT'] as const) {
			await expect(connect({ auth, authMechanism })).rejects.toMatchObject({
				code: 18,
				message: expect.stringContaining('Authentication failed.') as string
			});
		}
		await expect(connect({ auth, authMechanism: 'PLAIN' })).rejects.toMatchObject({
			code: 334,
			message: 'Received authentication for mechanism PLAIN which is not enabled'
		});
	});
});
