/** What operators, projections, renames and bulk writes say when they refuse something, through the official driver. */
import { Decimal128, Timestamp } from 'bson';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
beforeAll(async () => {
	h = await startHarness();
});
afterAll(() => h.stop());

describe('operators name the type they were given', () => {
	it.each<[Document, number, string]>([
		[{ $size: '$nothing' }, 17124, 'The argument to $size must be an array, but was of type: missing'],
		[{ $last: 'x' }, 28689, "$last's argument must be an array, but is string"],
		[{ $reverseArray: true }, 34435, 'The argument to $reverseArray must be an array, but was of type: bool'],
		[{ $strLenCP: null }, 34471, '$strLenCP requires a string argument, found: null'],
		[{ $arrayToObject: 2 }, 40386, '$arrayToObject requires an array input, found: int'],
		[{ $indexOfCP: ['x', 2] }, 40094, '$indexOfCP requires a string as the second argument, found: int'],
		[{ $split: ['x', 2] }, 40086, '$split requires an expression that evaluates to a string as a second argument, found: int'],
		[{ $trim: { input: 2 } }, 50699, '$trim requires its input to be a string, got 2 (of type int) instead.'],
		[{ $allElementsTrue: 2 }, 17040, "$allElementsTrue's argument must be an array, but is int"],
		[{ $setDifference: [[], 2] }, 17049, 'both operands of $setDifference must be arrays. Second argument is of type: int'],
		[{ $setEquals: [[], [], 2] }, 5887502, 'All operands of $setEquals must be arrays. 3-th argument is of type: int'],
		[{ $setUnion: [2, null] }, 17043, 'All operands of $setUnion must be arrays. One argument is of type: int'],
		[{ $bitXor: [2, 1.5] }, 14, '$bitXor only supports int and long operands.'],
		[{ $bitNot: 'x' }, 28765, '$bitNot only supports numeric types, not string'],
		[{ $tsSecond: 2 }, 5687301, ' Argument to $tsSecond must be a timestamp, but is int'],
		[{ $toLong: [1, 2] }, 50723, '$toLong requires a single argument, got 2'],
		[{ $hour: {} }, 40539, "missing 'date' argument to $hour, provided: $hour: {}"]
	])('%j', async (expression, code, message) => {
		const run = h.db.aggregate([{ $documents: [{}] }, { $replaceWith: { v: expression } }]).toArray();
		await expect(run).rejects.toMatchObject({ code, message: expect.stringMatching(ending(message)) as string });
	});
	it('but a set operator stops at the first null', async () => {
		const [made] = await h.db.aggregate([{ $documents: [{ v: null }] }, { $set: { v: { $setUnion: ['$v', 2] } } }]).toArray();
		expect(made).toEqual({ v: null });
	});
});

const ending = (text: string) => new RegExp(`${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);

describe('a projection that excludes takes no', () => {
	it.each<[string, Document, number, string]>([
		['text', { a: 0, b: 'x' }, 31310, 'Cannot use an expression b: "x" in an exclusion projection'],
		['array', { a: 0, b: [1] }, 31310, 'Cannot use an expression b: [ 1 ] in an exclusion projection'],
		['path in a sub-document', { a: 0, b: { c: '$d' } }, 31310, 'Cannot use an expression c: "$d" in an exclusion projection'],
		['operator', { a: 0, b: { $add: [1, 2] } }, 31252, 'Cannot use expression other than $meta in exclusion projection'],
		['inclusion', { a: 0, b: { c: Decimal128.fromString('0.1') } }, 31253, 'Cannot do inclusion on field c in exclusion projection']
	])('%s', async (_, projection, code, message) => {
		await expect(h.fresh().find({}, { projection }).toArray()).rejects.toMatchObject({
			code,
			message: expect.stringContaining(message) as string
		});
	});
});

describe('$rename', () => {
	const stored = { _id: 'x', list: [{ a: 1 }], deep: { list: [{ a: 1 }] }, b: 2 };
	it.each([
		[{ 'deep.list.0.a': 'c' }, 'source', 'deep.list.0.a'],
		[{ b: 'deep.list.0.c' }, 'destination', 'deep.list.0.c']
	])('%j names the field that holds the array', async (rename, role, path) => {
		const c = h.fresh();
		await c.insertOne(stored as never);
		await expect(c.updateOne({}, { $rename: rename as never })).rejects.toMatchObject({
			code: 2,
			message: `The ${role} field cannot be an array element, '${path}' in doc with _id: "x" has an array field called 'list'`
		});
	});
	it.each([{ 'list.7.a': 'c' }, { 'list.0.none': 'c' }, { none: 'list.0.c' }])('%j does nothing without a source', async (rename) => {
		const c = h.fresh();
		await c.insertOne(stored as never);
		expect(await c.updateOne({}, { $rename: rename as never })).toMatchObject({ matchedCount: 1, modifiedCount: 0 });
		expect(await c.findOne()).toEqual(stored);
	});
});

describe('bulkWrite', () => {
	const write = (ops: Document[], ns = 'd.c') => h.client.db('admin').command({ bulkWrite: 1, ops, nsInfo: [{ ns }] });
	it.each<[Document, string, number, string]>([
		[{ insert: 0, document: {} }, 'nodot', 73, "Invalid namespace specified for bulkWrite: 'nodot'"],
		[{ insert: -2, document: {} }, 'd.c', 2, "BSON field 'insert' value must be >= 0, actual value '-2'"],
		[
			{ delete: 'x', filter: {} },
			'd.c',
			14,
			"BSON field 'bulkWrite.ops.delete' is the wrong type 'string', expected types '[long, int, decimal, double]'"
		],
		[{ upsert: 0, document: {} }, 'd.c', 40415, "BSON field 'bulkWrite.upsert' is an unknown field."]
	])('refuses %j on %s', async (operation, ns, code, message) => {
		await expect(write([operation], ns)).rejects.toMatchObject({ code, message });
	});
});

it('keeps empty timestamps where asked to', async () => {
	const empty = new Timestamp({ t: 0, i: 0 });
	await h.db.command({ insert: 'ts', documents: [{ _id: 1, at: empty }], bypassEmptyTsReplacement: true });
	await h.db.command({ insert: 'ts', documents: [{ _id: 2, at: empty }] });
	expect(await h.db.collection('ts').countDocuments({ at: empty })).toBe(1);
});
