import { Decimal128, Double, Int32, Long, MongoBulkWriteError, ObjectId, Timestamp, UUID } from 'mongodb';
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

describe('insert', () => {
	it('reports what was refused, in order or not', async () => {
		const name = h.fresh().collectionName;
		const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
		expect(await run({ insert: name, documents })).toEqual({
			n: 1,
			writeErrors: [
				{
					index: 1,
					code: 11000,
					keyPattern: { _id: 1 },
					keyValue: { _id: 1 },
					errmsg: `E11000 duplicate key error collection: miaopu.${name} index: _id_ dup key: { _id: 1 }`
				}
			],
			ok: 1
		});
		expect(await run({ insert: name, documents, ordered: false })).toMatchObject({ n: 1, writeErrors: [{ index: 0 }, { index: 1 }] });
	});

	it('keeps every BSON type as it came', async () => {
		const c = h.fresh();
		const before = {
			_id: new ObjectId(),
			int: new Int32(5),
			long: Long.fromString('9007199254740993'),
			double: new Double(5),
			decimal: Decimal128.fromString('1.50'),
			uuid: new UUID('6b29fc40-ca47-1067-b31d-00dd010662da'),
			date: new Date(-1),
			ts: new Timestamp({ t: 7, i: 3 }),
			regex: /a+/i,
			nested: { '1': 'b', '0': 'a', __proto__x: 1 },
			nothing: null
		};
		await c.insertOne(before);
		const after = await c.findOne({ _id: before._id }, { promoteValues: false, promoteLongs: false });
		expect(after?.['long']).toEqual(before.long);
		expect((after?.['int'] as Int32)._bsontype).toBe('Int32');
		expect((after?.['double'] as Double)._bsontype).toBe('Double');
		expect(String(after?.['decimal'])).toBe('1.50');
		expect((after?.['uuid'] as { sub_type: number }).sub_type).toBe(4);
		expect(Object.keys(after?.['nested'] as object)).toEqual(['0', '1', '__proto__x']);
	});

	it('puts _id first, makes one where there is none, fills empty timestamps', async () => {
		const name = h.fresh().collectionName;
		await run({ insert: name, documents: [{ a: 1, _id: 7, t: new Timestamp({ t: 0, i: 0 }) }, { b: 1 }] });
		const [one, two] = await h.db.collection(name).find().toArray();
		expect(Object.keys(one as object)[0]).toBe('_id');
		expect((one?.['t'] as Timestamp).getHighBits()).toBeGreaterThan(1e9);
		expect(two?._id).toBeInstanceOf(ObjectId);
	});

	it('refuses an _id that can be none, and too much', async () => {
		const name = h.fresh().collectionName;
		expect(await run({ insert: name, documents: [{ _id: [1] }] })).toMatchObject({ n: 0, writeErrors: [{ code: 53 }] });
		expect(await run({ insert: name, documents: [{ _id: { $x: 1 } }] })).toMatchObject({ n: 0, writeErrors: [{ code: 52 }] });
		await expect(run({ insert: name, documents: [] })).rejects.toMatchObject({ code: 16 });
		await expect(run({ insert: name, documents: [{}], frob: 1 })).rejects.toMatchObject({ code: 40415 });
		await expect(run({ insert: '', documents: [{}] })).rejects.toMatchObject({ code: 73 });
	});
});

describe('update', () => {
	it('counts what matched and what changed', async () => {
		const c = h.fresh();
		const name = c.collectionName;
		await c.insertMany([{ _id: 1 as never, a: 1 }, { _id: 2 as never, a: 2 }]);
		expect(await run({ update: name, updates: [{ q: {}, u: { $set: { a: 1 } }, multi: true }] })).toEqual({ n: 2, nModified: 1, ok: 1 });
		expect(await run({ update: name, updates: [{ q: { _id: 1 }, u: { a: 1 } }] })).toEqual({ n: 1, nModified: 0, ok: 1 });
		expect(
			await run({
				update: name,
				updates: [
					{ q: { _id: 1 }, u: { $inc: { a: 1 } } },
					{ q: { _id: 5 }, u: { $set: { b: 1 } }, upsert: true },
					{ q: { x: 9, y: { $gt: 1 } }, u: { $setOnInsert: { z: 1 } }, upsert: true }
				]
			})
		).toMatchObject({ n: 3, nModified: 1, upserted: [{ index: 1, _id: 5 }, { index: 2, _id: expect.any(ObjectId) }] });
		expect(await c.findOne({ x: 9 }, { projection: { _id: 0 } })).toEqual({ x: 9, z: 1 });
	});

	it('leaves a document alone when an operator fails', async () => {
		const c = h.fresh();
		await c.insertOne({ _id: 1 as never, b: 'x' });
		await expect(c.updateOne({ _id: 1 as never }, { $set: { a: 1 }, $inc: { b: 1 } })).rejects.toMatchObject({ code: 14 });
		expect(await c.findOne()).toEqual({ _id: 1, b: 'x' });
		await expect(c.updateOne({ _id: 1 as never }, { $set: { _id: 2 } })).rejects.toMatchObject({ code: 66 });
		expect(await c.updateOne({ _id: 1 as never }, { $set: { _id: 1 } })).toMatchObject({ matchedCount: 1, modifiedCount: 0 });
	});

	it('takes positions, array filters, pipelines, sort and hints', async () => {
		const c = h.fresh();
		await c.insertMany([
			{ _id: 1 as never, a: [1, 5, 9], g: 1 },
			{ _id: 2 as never, a: [2, 6], g: 1 }
		]);
		await c.updateOne({ a: { $gt: 4 } }, { $set: { 'a.$': 0 } });
		expect((await c.findOne({ _id: 1 as never }))?.['a']).toEqual([1, 0, 9]);
		await c.updateMany({}, { $inc: { 'a.$[e]': 100 } }, { arrayFilters: [{ e: { $gte: 6 } }] });
		expect((await c.findOne({ _id: 2 as never }))?.['a']).toEqual([2, 106]);
		await c.updateOne({ g: 1 }, [{ $set: { n: { $size: '$a' } } }], { sort: { _id: -1 } } as never);
		expect(await c.findOne({ n: 2 })).toMatchObject({ _id: 2 });
		await c.createIndex({ g: 1 });
		await c.updateOne({ g: 1 }, { $set: { h: 1 } }, { hint: 'g_1' });
		await expect(c.updateOne({ g: 1 }, { $set: { h: 1 } }, { hint: 'nope' })).rejects.toMatchObject({ code: 2 });
	});

	it('does not update a document twice while its key moves', async () => {
		const c = h.fresh();
		await c.createIndex({ n: 1 });
		await c.insertMany(Array.from({ length: 500 }, (_, i) => ({ n: i })));
		expect(await c.updateMany({ n: { $gte: 0 } }, { $inc: { n: 1000 } })).toMatchObject({ modifiedCount: 500 });
		expect(await c.countDocuments({ n: { $gte: 1000, $lt: 1500 } })).toBe(500);
	});

	it('keeps unique indexes under concurrency', async () => {
		const c = h.fresh();
		await c.createIndex({ slot: 1 }, { unique: true });
		const results = await Promise.allSettled(Array.from({ length: 200 }, (_, i) => c.insertOne({ slot: i % 10 })));
		expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(10);
		const upserts = await Promise.all(
			Array.from({ length: 100 }, () => c.updateOne({ slot: 77 }, { $inc: { n: 1 } }, { upsert: true }))
		);
		expect(upserts.filter((result) => result.upsertedCount === 1)).toHaveLength(1);
		expect(await c.findOne({ slot: 77 })).toMatchObject({ n: 100 });
	});

	it('refuses what makes no sense', async () => {
		const c = h.fresh();
		await expect(run({ update: c.collectionName, updates: [{ q: {}, u: { a: 1 }, multi: true }] })).resolves.toMatchObject({ writeErrors: [{ code: 9 }] });
		await expect(run({ update: c.collectionName, updates: [{ q: {}, u: { $frob: { a: 1 } } }] })).resolves.toMatchObject({ writeErrors: [{ code: 9 }] });
		await expect(run({ update: c.collectionName, updates: [{ q: {}, u: { $set: { a: 1 } }, extra: 1 }] })).rejects.toMatchObject({ code: 40415 });
	});
});

describe('findAndModify', () => {
	it('gives the document before or after', async () => {
		const c = h.fresh();
		const name = c.collectionName;
		await c.insertMany([{ _id: 1 as never, n: 1 }, { _id: 2 as never, n: 2 }]);
		expect(await run({ findAndModify: name, query: { n: 1 }, update: { $inc: { n: 10 } } })).toEqual({
			lastErrorObject: { n: 1, updatedExisting: true },
			value: { _id: 1, n: 1 },
			ok: 1
		});
		expect(await run({ findAndModify: name, query: {}, sort: { n: -1 }, update: { $inc: { n: 10 } }, new: true, fields: { n: 1, _id: 0 } })).toMatchObject({ value: { n: 21 } });
		expect(await run({ findAndModify: name, query: { n: 99 }, update: { $set: { a: 1 } } })).toEqual({
			lastErrorObject: { n: 0, updatedExisting: false },
			value: null,
			ok: 1
		});
		expect(await run({ findAndModify: name, query: { _id: 9 }, update: { $set: { a: 1 } }, upsert: true })).toEqual({
			lastErrorObject: { n: 1, updatedExisting: false, upserted: 9 },
			value: null,
			ok: 1
		});
		expect(await run({ findAndModify: name, query: { _id: 9 }, remove: true })).toEqual({
			lastErrorObject: { n: 1 },
			value: { _id: 9, a: 1 },
			ok: 1
		});
		await expect(run({ findAndModify: name, remove: true, update: {} })).rejects.toMatchObject({ code: 9 });
	});

	it('counts up without losing a number', async () => {
		const c = h.fresh();
		const numbers = await Promise.all(
			Array.from({ length: 100 }, async () => {
				const after = await c.findOneAndUpdate(
					{ _id: 'seq' as never },
					{ $inc: { n: 1 } },
					{ upsert: true, returnDocument: 'after' }
				);
				return after?.['n'] as number;
			})
		);
		expect(new Set(numbers).size).toBe(100);
	});
});

describe('delete and bulkWrite', () => {
	it('removes one or all', async () => {
		const c = h.fresh();
		await c.insertMany(Array.from({ length: 300 }, (_, i) => ({ g: i % 2 })));
		expect(await run({ delete: c.collectionName, deletes: [{ q: { g: 1 }, limit: 1 }] })).toEqual({ n: 1, ok: 1 });
		expect(await run({ delete: c.collectionName, deletes: [{ q: {}, limit: 0 }] })).toEqual({ n: 299, ok: 1 });
		await expect(run({ delete: c.collectionName, deletes: [{ q: {}, limit: 2 }] })).rejects.toMatchObject({ code: 9 });
	});

	it('runs driver bulk writes', async () => {
		const c = h.fresh();
		const result = await c.bulkWrite([
			{ insertOne: { document: { _id: 1 as never } } },
			{ updateOne: { filter: { _id: 1 as never }, update: { $set: { a: 1 } } } },
			{ replaceOne: { filter: { _id: 2 as never }, replacement: { b: 1 }, upsert: true } },
			{ deleteMany: { filter: { a: 1 } } }
		]);
		expect(result).toMatchObject({ insertedCount: 1, modifiedCount: 1, upsertedCount: 1, deletedCount: 1 });
		const failed = c.insertMany([{ _id: 2 as never }, { _id: 3 as never }], { ordered: false });
		await expect(failed).rejects.toBeInstanceOf(MongoBulkWriteError);
		expect(await c.countDocuments()).toBe(2);
	});

	it('runs the bulkWrite command over several collections', async () => {
		const [a, b] = [h.fresh('x'), h.fresh('y')];
		const result = await h.client.bulkWrite(
			[
				{ namespace: a.namespace, name: 'insertOne', document: { _id: 1 as never } },
				{ namespace: b.namespace, name: 'updateOne', filter: { _id: 5 as never }, update: { $set: { q: 1 } }, upsert: true },
				{ namespace: a.namespace, name: 'deleteOne', filter: { _id: 1 as never } }
			],
			{ verboseResults: true }
		);
		expect(result).toMatchObject({ insertedCount: 1, upsertedCount: 1, deletedCount: 1 });
		expect(result.updateResults?.get(1)).toMatchObject({ upsertedId: 5 });
	});

	it('answers nothing to w:0, and refuses transactions', async () => {
		const c = h.fresh();
		await c.insertOne({ a: 1 }, { writeConcern: { w: 0 } });
		await expect.poll(() => c.countDocuments()).toBe(1);
		const session = h.client.startSession();
		session.startTransaction();
		await expect(c.insertOne({ a: 2 }, { session })).rejects.toThrow(/does not support/);
		await session.endSession().catch(() => {});
		expect(await c.countDocuments()).toBe(1);
		const plain = h.client.startSession();
		await c.insertOne({ a: 3 }, { session: plain });
		await plain.endSession();
		expect(await c.countDocuments()).toBe(2);
	});
});
