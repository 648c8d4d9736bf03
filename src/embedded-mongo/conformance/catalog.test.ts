import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
beforeAll(async () => {
	h = await startHarness();
});
afterAll(() => h.stop());

const run = (command: Document): Promise<Document> => h.db.command(command);
const names = async (): Promise<string[]> => (await h.db.listCollections().toArray()).map((each) => each.name);

describe('collections', () => {
	it('are made, listed, renamed and dropped', async () => {
		expect(await run({ create: 'made' })).toEqual({ ok: 1 });
		expect(await run({ create: 'made' })).toEqual({ ok: 1 });
		await expect(run({ create: 'made', validator: { a: 1 } })).rejects.toMatchObject({ code: 48 });
		await expect(run({ create: 'x', capped: true, size: 1000 })).rejects.toMatchObject({ code: 115 });
		await expect(run({ create: 'x', viewOn: 'made', pipeline: [] })).rejects.toMatchObject({ code: 115 });
		await expect(run({ create: 'sys$tem' })).rejects.toMatchObject({ code: 73 });
		await h.db.collection('made').insertOne({ a: 1 });
		await h.db.collection('made').rename('renamed');
		expect(await names()).toEqual(['renamed']);
		expect(await h.db.collection('renamed').countDocuments()).toBe(1);
		await expect(h.db.collection('made').rename('other')).rejects.toMatchObject({ code: 26 });
		expect(await run({ drop: 'renamed' })).toMatchObject({ nIndexesWas: 1, ok: 1 });
		expect(await names()).toEqual([]);
		const [info] = await h.db.listCollections({ name: 'absent' }).toArray();
		expect(info).toBeUndefined();
	});

	it('list with options, uuid and filter', async () => {
		await run({ create: 'v', validator: { n: { $gt: 0 } } });
		expect((await run({ listCollections: 1, filter: { name: 'v' } }))['cursor'].firstBatch).toMatchObject([
			{
				name: 'v',
				type: 'collection',
				options: { validator: { n: { $gt: 0 } }, validationLevel: 'strict', validationAction: 'error' },
				info: { readOnly: false },
				idIndex: { v: 2, key: { _id: 1 }, name: '_id_' }
			}
		]);
	});

	it('validate documents', async () => {
		const c = h.db.collection('v');
		await expect(c.insertOne({ n: 0 })).rejects.toMatchObject({ code: 121, errInfo: { failingDocumentId: expect.anything() } });
		await c.insertOne({ _id: 1 as never, n: 1 });
		await expect(c.updateOne({ _id: 1 as never }, { $set: { n: -1 } })).rejects.toMatchObject({ code: 121 });
		await c.insertOne({ _id: 2 as never, n: 0 }, { bypassDocumentValidation: true });
		await run({ collMod: 'v', validationLevel: 'moderate' });
		await c.updateOne({ _id: 2 as never }, { $set: { n: -5 } });
		await run({ collMod: 'v', validator: {} });
		await c.insertOne({ n: 'anything' });
	});

	it('belong to databases', async () => {
		const other = h.client.db('other');
		await other.collection('x').insertOne({ a: 1 });
		const list = await h.client.db('admin').command({ listDatabases: 1 });
		expect(list['databases'].map((each: Document) => each['name'])).toContain('other');
		expect(await other.command({ dbStats: 1 })).toMatchObject({ db: 'other', collections: 1, objects: 1 });
		expect(await other.command({ collStats: 'x' })).toMatchObject({ ns: 'other.x', count: 1, nindexes: 1 });
		expect(await other.dropDatabase()).toBe(true);
		expect(await other.listCollections().toArray()).toEqual([]);
		await expect(h.db.command({ listDatabases: 1 })).rejects.toMatchObject({ code: 13 });
	});
});

describe('indexes', () => {
	it('are made once', async () => {
		const name = h.fresh().collectionName;
		const indexes = [{ key: { a: 1 }, name: 'a_1' }];
		expect(await run({ createIndexes: name, indexes })).toEqual({ numIndexesBefore: 1, numIndexesAfter: 2, createdCollectionAutomatically: true, ok: 1 });
		expect(await run({ createIndexes: name, indexes })).toEqual({
			numIndexesBefore: 2,
			numIndexesAfter: 2,
			createdCollectionAutomatically: false,
			note: 'all indexes already exist',
			ok: 1
		});
		await expect(run({ createIndexes: name, indexes: [{ key: { a: 1 }, name: 'other' }] })).rejects.toMatchObject({ code: 85 });
		await expect(run({ createIndexes: name, indexes: [{ key: { a: 1 }, name: 'a_1', unique: true }] })).rejects.toMatchObject({ code: 86 });
		await expect(run({ createIndexes: name, indexes: [{ key: { b: 1 }, name: 'a_1' }] })).rejects.toMatchObject({ code: 86 });
		for (const key of [{ a: 'text' }, { a: '2dsphere' }, { '$**': 1 }, { a: 0 }, { a: 'hash' }]) {
			await expect(run({ createIndexes: name, indexes: [{ key, name: 'x' }] })).rejects.toMatchObject({ code: 67 });
		}
		await expect(run({ createIndexes: name, indexes: [{ key: { z: 1 }, name: 'z', frob: 1 }] })).rejects.toMatchObject({ code: 197 });
		expect(await run({ dropIndexes: name, index: 'a_1' })).toEqual({ nIndexesWas: 2, ok: 1 });
		await expect(run({ dropIndexes: name, index: 'a_1' })).rejects.toMatchObject({ code: 27 });
		await expect(run({ dropIndexes: name, index: '_id_' })).rejects.toMatchObject({ code: 72 });
		await expect(run({ listIndexes: 'absent' })).rejects.toMatchObject({ code: 26 });
	});

	it('refuse duplicates that are there already, and leave nothing behind', async () => {
		const c = h.fresh();
		await c.insertMany([{ a: 1 }, { a: 1 }]);
		await expect(c.createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({ code: 11000, keyValue: { a: 1 } });
		expect(await c.indexes()).toHaveLength(1);
		await c.insertOne({ a: 1 });
		expect(await run({ validate: c.collectionName })).toMatchObject({ valid: true, nIndexes: 1 });
	});

	it('are built while others write', async () => {
		const c = h.fresh();
		await c.insertMany(Array.from({ length: 3000 }, (_, i) => ({ _id: i as never, n: i })));
		const building = c.createIndex({ n: 1 }, { unique: true });
		const writes = Array.from({ length: 200 }, (_, i) =>
			i % 3 === 0 ? c.deleteOne({ _id: (i * 10) as never }) : i % 3 === 1 ? c.insertOne({ n: 100_000 + i }) : c.updateOne({ _id: (i * 10) as never }, { $set: { n: 200_000 + i } })
		);
		await Promise.all([building, ...writes]);
		expect(await run({ validate: c.collectionName })).toMatchObject({ valid: true, nIndexes: 2 });
	});

	it('count null once when unique, skip it when sparse or partial', async () => {
		const c = h.fresh();
		await c.createIndex({ u: 1 }, { unique: true });
		await c.insertOne({});
		await expect(c.insertOne({ u: null })).rejects.toMatchObject({ code: 11000 });
		const s = h.fresh();
		await s.createIndex({ u: 1 }, { unique: true, sparse: true });
		await s.insertMany([{}, {}, { u: 1 }]);
		await expect(s.insertOne({ u: 1 })).rejects.toMatchObject({ code: 11000 });
		expect(await s.find().sort({ u: 1 }).toArray()).toHaveLength(3);
		const p = h.fresh();
		await p.createIndex({ u: 1 }, { unique: true, partialFilterExpression: { live: true } });
		await p.insertMany([{ u: 1, live: true }, { u: 1, live: false }, { u: 1 }]);
		await expect(p.insertOne({ u: 1, live: true })).rejects.toMatchObject({ code: 11000 });
		expect((await p.find({ u: 1, live: true }).explain())['queryPlanner'].winningPlan.inputStage.stage).toBe('IXSCAN');
		expect((await p.find({ u: 1 }).explain())['queryPlanner'].winningPlan.stage).toBe('COLLSCAN');
		expect(await p.find({ u: 1 }).toArray()).toHaveLength(3);
	});

	it('hold each number once, whatever its type, and long strings', async () => {
		const c = h.fresh();
		await c.createIndex({ v: 1 }, { unique: true });
		const { Long, Decimal128, Double } = await import('mongodb');
		await c.insertOne({ v: 1 });
		for (const same of [Long.fromNumber(1), Decimal128.fromString('1.00'), new Double(1)]) {
			await expect(c.insertOne({ v: same })).rejects.toMatchObject({ code: 11000 });
		}
		const long = 'ü'.repeat(3000);
		await c.insertMany([{ v: `${long}1` }, { v: `${long}2` }]);
		await expect(c.insertOne({ v: `${long}1` })).rejects.toMatchObject({ code: 11000 });
		expect(await c.find({ v: `${long}2` }).toArray()).toHaveLength(1);
		expect((await c.find({ v: { $gt: long } }).sort({ v: -1 }).toArray()).map((each) => String(each['v']).at(-1))).toEqual(['2', '1']);
		expect(await run({ validate: c.collectionName })).toMatchObject({ valid: true });
	});

	it('with a collation serve equality and uniqueness', async () => {
		const c = h.fresh();
		const collation = { locale: 'en', strength: 2 };
		await c.createIndex({ name: 1 }, { unique: true, collation });
		await c.insertMany([{ name: 'Ana' }, { name: 'bob' }, { name: 'Zoé' }]);
		await expect(c.insertOne({ name: 'ANA' })).rejects.toMatchObject({ code: 11000 });
		const collated = c.find({ name: { $in: ['ana', 'BOB'] } }).collation(collation);
		expect(await collated.clone().toArray()).toHaveLength(2);
		expect(JSON.stringify(await collated.clone().explain())).toContain('IXSCAN');
		expect(await c.find({ name: 'ana' }).toArray()).toHaveLength(0);
		expect(JSON.stringify(await c.find({ name: 'ana' }).explain())).toContain('COLLSCAN');
		expect(await c.find({ name: { $gt: 'ANA' } }).collation(collation).sort({ name: -1 }).map((each) => each['name']).toArray()).toEqual(['Zoé', 'bob']);
		const own = h.fresh();
		await h.db.createCollection(own.collectionName, { collation });
		await own.createIndex({ a: 1 });
		await own.insertMany([{ a: 'x' }, { a: 'X' }, { a: 1 }]);
		expect(await own.countDocuments({ a: 'x' })).toBe(2);
		expect((await own.indexes())[1]).toMatchObject({ collation: { locale: 'en', strength: 2, caseLevel: false } });
		expect(await h.db.command({ validate: own.collectionName })).toMatchObject({ valid: true });
	});

	it('refuse parallel arrays', async () => {
		const c = h.fresh();
		await c.createIndex({ a: 1, b: 1 });
		await expect(c.insertOne({ a: [1], b: [2] })).rejects.toMatchObject({ code: 171 });
		expect(await c.countDocuments()).toBe(0);
	});

	it('sweep expired documents', async () => {
		const c = h.fresh();
		await c.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
		const old = new Date(Date.now() - 120_000);
		await c.insertMany([{ at: old }, { at: new Date() }, { at: 'never' }, { at: [old, new Date()] }, {}]);
		const admin = h.client.db('admin');
		expect(await admin.command({ setParameter: 1, ttlMonitorSleepSecs: 1 })).toMatchObject({ was: 60 });
		await expect.poll(() => c.countDocuments()).toBe(3);
		expect(await admin.command({ getParameter: 1, ttlMonitorSleepSecs: 1 })).toMatchObject({ ttlMonitorSleepSecs: 1 });
		await admin.command({ setParameter: 1, ttlMonitorSleepSecs: 60 });
	});
});

describe('the server', () => {
	it('answers what tools ask', async () => {
		const admin = h.client.db('admin');
		for (const command of ['buildInfo', 'serverStatus', 'connectionStatus', 'whatsmyuri', 'hostInfo', 'isMaster', 'hello', 'ping']) {
			expect(await admin.command({ [command]: 1 })).toMatchObject({ ok: 1 });
		}
		expect(await admin.command({ getLog: 'startupWarnings' })).toMatchObject({ log: [] });
		expect((await admin.command({ serverStatus: 1 }))['version']).toBe('8.0.0');
		await expect(admin.command({ saslStart: 1, mechanism: 'PLAIN', payload: '' })).rejects.toMatchObject({ code: 334 });
	});

	it('comes back as it was', async () => {
		const c = h.fresh('kept');
		await c.createIndex({ tags: 1 });
		await c.insertMany([{ tags: ['a', 'b'] }, { tags: 'c' }]);
		await c.drop();
		await h.db.collection('kept').insertOne({ tags: ['x'] });
		await h.restart();
		expect(await h.db.collection('kept').find().toArray()).toMatchObject([{ tags: ['x'] }]);
		expect(await h.db.collection('kept').estimatedDocumentCount()).toBe(1);
		expect(await h.db.command({ validate: 'kept' })).toMatchObject({ valid: true });
	});
});
