/** What a command was doing stands before the message once it runs; what it could not read is said plainly. */
import type { Collection, Document } from 'mongodb';
import { ObjectId } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
let c: Collection<Document>;
beforeAll(async () => {
	h = await startHarness();
});
beforeEach(async () => {
	c = h.fresh('ctx');
	await c.createIndex({ name: 1 }, { unique: true });
	await c.insertMany([
		{ _id: new ObjectId(), name: 'a', n: 1 },
		{ _id: new ObjectId(), name: 'b', n: 1 }
	]);
});
afterAll(() => h.stop());

const FAM = 'Plan executor error during findAndModify :: caused by :: ';

it('names findAndModify for what it ran into, not for what it could not read', async () => {
	const duplicate = `E11000 duplicate key error collection: ${c.namespace} index: name_1 dup key: { name: "a" }`;
	const expected = { code: 11000, message: FAM + duplicate, keyPattern: { name: 1 }, keyValue: { name: 'a' } };
	await expect(c.findOneAndUpdate({ name: 'b' }, { $set: { name: 'a' } })).rejects.toMatchObject(expected);
	await expect(c.findOneAndUpdate({ name: 'x' }, { $set: { name: 'a' } }, { upsert: true })).rejects.toMatchObject({
		code: 11000
	});
	await expect(c.findOneAndUpdate({ name: 'b' }, { $push: { n: 1 } } as Document)).rejects.toMatchObject({
		code: 2,
		message: expect.stringContaining(`${FAM}The field 'n' must be an array`) as string
	});
	await expect(c.findOneAndUpdate({}, { $set: { n: 1 }, $inc: { n: 1 } })).rejects.toMatchObject({
		code: 40,
		message: "Updating the path 'n' would create a conflict at 'n'"
	});
	await expect(c.updateOne({ name: 'b' }, { $set: { name: 'a' } })).rejects.toMatchObject({ message: duplicate });
});

it('names find with its collection, and aggregate', async () => {
	await c.insertOne({ name: 'list', n: 0, list: [1] });
	await expect(c.find({}, { projection: { 'list.$': 1 } }).toArray()).rejects.toMatchObject({
		code: 51246,
		message: expect.stringMatching(`^Executor error during find command: ${c.namespace} :: caused by :: positional`) as string
	});
	await expect(c.aggregate([{ $set: { m: { $divide: ['$n', 0] } } }]).toArray()).rejects.toMatchObject({
		message: expect.stringMatching(/^PlanExecutor error during aggregation :: caused by :: /) as string
	});
	await expect(c.aggregate([{ $group: { x: 1 } }]).toArray()).rejects.toMatchObject({
		message: 'a group specification must include an _id'
	});
	await c.insertMany(Array.from({ length: 5 }, (_, i) => ({ name: i, n: i === 4 ? 'text' : 2 })));
	const cursor = c.aggregate([{ $set: { m: { $multiply: ['$n', 2] } } }], { batchSize: 3 });
	await expect(cursor.toArray()).rejects.toMatchObject({
		message: expect.stringMatching(/^Executor error during getMore :: caused by :: /) as string
	});
});

it('pulls from arrays only', async () => {
	for (const operator of ['$pull', '$pullAll']) {
		await expect(c.updateOne({}, { [operator]: { n: [1] } } as Document)).rejects.toMatchObject({
			code: 2,
			message: 'Cannot apply $pull to a non-array value'
		});
	}
});

it('allows the positional projection at the end of a path only', async () => {
	await expect(c.find({ n: 1 }, { projection: { 'n.$.x': 1 } }).toArray()).rejects.toMatchObject({ code: 31394 });
});

it('lets $elemMatch stand beside included and excluded fields', async () => {
	await c.insertOne({ name: 'beside', n: 7, list: [{ x: 1 }, { x: 2 }] });
	const shown = async (projection: Document) => await c.findOne({ n: 7 }, { projection: { _id: 0, ...projection } });
	const list = { $elemMatch: { x: 2 } };
	expect(await shown({ list })).toEqual({ list: [{ x: 2 }] });
	expect(await shown({ list, n: 1 })).toEqual({ n: 7, list: [{ x: 2 }] });
	expect(await shown({ list, n: 0 })).toEqual({ name: 'beside', list: [{ x: 2 }] });
	await expect(shown({ list, 'n.$': 1 })).rejects.toMatchObject({ code: 31256 });
});

it('names the stage whose specification it could not read', async () => {
	for (const [stage, message] of [
		[{ $project: { a: { $nope: 1 } } }, 'Invalid $project :: caused by :: Unknown expression $nope'],
		[{ $addFields: { a: { $nope: 1 } } }, "Invalid $addFields :: caused by :: Unrecognized expression '$nope'"],
		[{ $set: {} }, 'Invalid $set :: caused by :: specification must have at least one field']
	] as const) {
		await expect(c.aggregate([stage]).toArray()).rejects.toMatchObject({ message });
	}
});

it('takes the fields of a DBRef for names', async () => {
	const $id = new ObjectId();
	await c.insertOne({ name: 'ref', members: [{ $ref: 'people', $id, $db: 'other' }] });
	expect(await c.countDocuments({ members: { $elemMatch: { $id } } })).toBe(1);
	expect(await c.countDocuments({ members: { $elemMatch: { $ref: 'people', $id } } })).toBe(1);
	expect(await c.countDocuments({ 'members.$id': $id })).toBe(1);
	expect(await c.countDocuments({ members: { $elemMatch: { $ref: 'places' } } })).toBe(0);
});
