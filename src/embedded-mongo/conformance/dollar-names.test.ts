/** Fields whose names begin with `$`: what inserting may write, and what updating may do with it. */
import type { Document } from 'mongodb';
import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
beforeAll(async () => {
	h = await startHarness();
});
afterAll(() => h.stop());

it('takes any name when a document is inserted, by an upsert too', async () => {
	const c = h.fresh();
	await c.insertOne({ _id: 1 as never, $price: 5, at: { $shelf: 2 } });
	await c.updateOne({ _id: 2 as never }, { $set: { $price: 6, 'at.$shelf': 3 }, $inc: { $sold: 1 } }, { upsert: true });
	await c.findOneAndUpdate({ _id: 3 as never }, { $setOnInsert: { $price: 7 } }, { upsert: true });
	expect(await c.find().sort({ _id: 1 }).toArray()).toEqual([
		{ _id: 1, $price: 5, at: { $shelf: 2 } },
		{ _id: 2, $price: 6, $sold: 1, at: { $shelf: 3 } },
		{ _id: 3, $price: 7 }
	]);
	await expect(
		c.updateOne({ _id: { $gt: 9 } as never }, { $set: { _id: { $part: 1 } as never } }, { upsert: true })
	).rejects.toMatchObject({ code: 52 });
});

it('refuses to make or replace such a field at the top of a document that is there', async () => {
	const c = h.fresh();
	await c.insertOne({ _id: 1 as never, $price: 5, $box: { w: 1 }, n: 1 });
	const refused: Document[] = [
		{ $set: { $price: 6 } },
		{ $set: { $new: 6 } },
		{ $set: { '$new.deep': 6 } },
		{ $inc: { $price: 1 } },
		{ $push: { $list: 1 } },
		{ $rename: { n: '$n' } }
	];
	for (const update of refused) {
		await expect(c.updateOne({ _id: 1 as never }, update)).rejects.toMatchObject({ code: 52 });
		await expect(c.updateOne({ _id: 1 as never }, update, { upsert: true })).rejects.toMatchObject({ code: 52 });
		expect(await c.updateOne({ _id: 8 as never }, update)).toMatchObject({ matchedCount: 0 });
	}
	expect(await c.findOne()).toEqual({ _id: 1, $price: 5, $box: { w: 1 }, n: 1 });
	await c.updateOne({}, { $set: { '$box.w': 2, 'deep.$er': 1, 'deep.$id': 2 }, $unset: { $price: '' } });
	expect(await c.findOne({ 'deep.$er': 1 })).toEqual({ _id: 1, $box: { w: 2 }, n: 1, deep: { $er: 1, $id: 2 } });
	expect(await c.updateOne({}, { $unset: { $none: '' } })).toMatchObject({ modifiedCount: 0 });
});

it('serves a schema with such a path', async () => {
	const connection = await mongoose.createConnection(h.store.uri).asPromise();
	const Priced = connection.model('Priced', new mongoose.Schema({ $price: String }));
	const _id = new mongoose.Types.ObjectId();
	await Priced.updateOne({ _id }, { $price: 'high' }, { upsert: true });
	expect(await Priced.findById(_id).lean()).toMatchObject({ $price: 'high', __v: 0 });
	await connection.close();
});
