import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import mongoose from 'mongoose';
import { GridFSBucket, ObjectId } from 'mongodb';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
beforeAll(async () => {
	h = await startHarness();
});
afterAll(() => h.stop());

describe('the official driver', () => {
	it('introduces itself', async () => {
		expect(await h.db.admin().ping()).toEqual({ ok: 1 });
		const hello = await h.db.command({ hello: 1 });
		expect(hello).toMatchObject({ isWritablePrimary: true, maxWireVersion: 25 });
		expect(hello.setName).toBeUndefined();
	});

	it('writes and reads', async () => {
		const c = h.fresh();
		await c.insertMany(Array.from({ length: 250 }, (_, i) => ({ _id: i as never, a: i % 10, t: `x${i}` })));
		expect(await c.countDocuments()).toBe(250);
		expect(await c.estimatedDocumentCount()).toBe(250);
		expect(await c.findOne({ _id: 7 as never })).toEqual({ _id: 7, a: 7, t: 'x7' });
		expect(await c.find({ a: 3 }).toArray()).toHaveLength(25);
		expect(await c.find().toArray()).toHaveLength(250);
		expect((await c.find({ a: { $gte: 8 } }, { sort: { _id: -1 }, limit: 2, projection: { t: 1 } }).toArray())).toEqual([
			{ _id: 249, t: 'x249' },
			{ _id: 248, t: 'x248' }
		]);
		expect(await c.updateOne({ _id: 1 as never }, { $set: { a: 100 } })).toMatchObject({ matchedCount: 1, modifiedCount: 1 });
		expect(await c.updateMany({ a: 3 }, { $inc: { n: 1 } })).toMatchObject({ matchedCount: 25, modifiedCount: 25 });
		expect(await c.updateOne({ _id: 999 as never }, { $set: { z: 1 } }, { upsert: true })).toMatchObject({ upsertedId: 999 });
		expect(await c.findOneAndUpdate({ _id: 2 as never }, { $set: { q: 1 } }, { returnDocument: 'after' })).toMatchObject({ q: 1 });
		expect(await c.deleteMany({ a: 3 })).toMatchObject({ deletedCount: 25 });
		expect(await c.distinct('a')).toHaveLength(10);
	});

	it('keeps unique indexes', async () => {
		const c = h.fresh();
		await c.createIndex({ email: 1 }, { unique: true });
		await c.insertOne({ email: 'a' });
		await expect(c.insertOne({ email: 'a' })).rejects.toMatchObject({
			code: 11000,
			keyPattern: { email: 1 },
			keyValue: { email: 'a' }
		});
		expect((await c.indexes()).map((index) => index.name)).toEqual(['_id_', 'email_1']);
	});

	it('stores files in GridFS', async () => {
		const bucket = new GridFSBucket(h.db, { bucketName: 'files' });
		const data = Buffer.alloc(700_000, 'abc');
		const id = new ObjectId();
		await new Promise<void>((done, failed) => {
			bucket.openUploadStreamWithId(id, 'a.bin').on('finish', done).on('error', failed).end(data);
		});
		const chunks: Buffer[] = [];
		for await (const chunk of bucket.openDownloadStream(id)) chunks.push(chunk as Buffer);
		expect(Buffer.concat(chunks).equals(data)).toBe(true);
		expect(await bucket.find({}).toArray()).toHaveLength(1);
		await bucket.delete(id);
		expect(await bucket.find({}).toArray()).toHaveLength(0);
	});
});

describe('mongoose', () => {
	it('builds indexes, saves, versions and reports duplicates', async () => {
		const connection = await mongoose.createConnection(h.store.uri).asPromise();
		const schema = new mongoose.Schema(
			{ name: { type: String, unique: true }, tags: [String], n: Number },
			{ timestamps: true, optimisticConcurrency: true }
		);
		const Thing = connection.model('Thing', schema);
		await Thing.init();
		const one = await Thing.create({ name: 'one', tags: ['a'] });
		one.tags.push('b');
		await one.save();
		expect((await Thing.findOne({ name: 'one' }).lean())?.tags).toEqual(['a', 'b']);
		await expect(Thing.create({ name: 'one' })).rejects.toMatchObject({ code: 11000 });
		expect(await Thing.countDocuments({ tags: 'b' })).toBe(1);
		expect(await Thing.findOneAndUpdate({ name: 'two' }, { $inc: { n: 1 } }, { upsert: true, returnDocument: 'after' })).toMatchObject({ n: 1 });
		await Thing.deleteOne({ name: 'two' });
		await connection.close();
	});
});
