/** What a command's own form forbids is refused before anything is done; what only the data forbids, one by one. */
import type { Document } from 'mongodb';
import { Long } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
beforeAll(async () => {
	h = await startHarness();
});
afterAll(() => h.stop());

const run = (command: Document): Promise<Document> => h.db.command(command);
const admin = (command: Document): Promise<Document> => h.client.db('admin').command(command);
const code = (promise: Promise<unknown>): Promise<unknown> =>
	promise.then(
		() => 'accepted',
		(error: { code?: number }) => error.code
	);

describe('a write command', () => {
	const set = { q: {}, u: { $set: { a: 1 } } };

	it.each<[number, Document]>([
		[16, { update: 'm', updates: [] }],
		[16, { delete: 'm', deletes: [] }],
		[16, { insert: 'm', documents: [] }],
		[40414, { insert: 'm' }],
		[14, { insert: 'm', documents: [5] }],
		[40414, { update: 'm', updates: [{ q: {} }] }],
		[40415, { update: 'm', updates: [{ ...set, more: 1 }] }],
		[9, { update: 'm', updates: [{ q: {}, u: 5 }] }],
		[14, { update: 'm', updates: [{ ...set, q: 5 }] }],
		[14, { update: 'm', updates: [{ ...set, multi: 'yes' }] }],
		[14, { update: 'm', updates: [{ ...set, arrayFilters: 5 }] }],
		[2, { update: 'm', updates: [{ ...set, hint: 5 }] }],
		[40414, { delete: 'm', deletes: [{ q: {} }] }],
		[9, { delete: 'm', deletes: [{ q: {}, limit: 3 }] }],
		[40415, { delete: 'm', deletes: [{ q: {}, limit: 1, more: 1 }] }]
	])('is refused with %i: %j', async (expected, command) => {
		expect(await code(run(command))).toBe(expected);
	});

	it('does nothing of what came before the malformed statement', async () => {
		const c = h.fresh();
		await c.insertOne({ a: 0 });
		const updates = [set, { q: {}, u: { $set: { a: 2 } }, more: 1 }];
		expect(await code(run({ update: c.collectionName, updates }))).toBe(40415);
		expect(await code(run({ delete: c.collectionName, deletes: [{ q: {}, limit: 0 }, { q: {} }] }))).toBe(40414);
		expect(await c.findOne({}, { projection: { _id: 0 } })).toEqual({ a: 0 });
	});

	it('reports what only one statement does wrong as a write error', async () => {
		const c = h.fresh();
		await c.insertOne({ a: 0 });
		const one = async (statement: Document): Promise<unknown> =>
			(await run({ update: c.collectionName, updates: [statement] }))['writeErrors']?.[0]?.code;
		expect(await one({ ...set, c: { x: 1 } })).toBe(51198);
		expect(await one({ ...set, multi: true, sort: { a: 1 } })).toBe(9);
		expect(await one({ ...set, hint: 'absent' })).toBe(2);
		const removed = await run({ delete: 'absent', deletes: [{ q: { $no: 1 }, limit: 1 }] });
		expect(removed).toMatchObject({ n: 0, writeErrors: [{ index: 0, code: 2 }] });
	});
});

describe('bulkWrite', () => {
	it('is refused as a whole for what is malformed', async () => {
		const c = h.fresh();
		const bulk = (more: Document): Promise<unknown> =>
			code(admin({ bulkWrite: 1, ops: [{ insert: 0, document: { _id: 1 } }], nsInfo: [{ ns: c.namespace }], ...more }));
		const first = { insert: 0, document: {} };
		expect(await bulk({ ops: [] })).toBe(16);
		expect(await bulk({ ops: [first, { insert: 1, document: {} }] })).toBe(2);
		expect(await bulk({ ops: [first, { insert: 0 }] })).toBe(40414);
		expect(await bulk({ ops: [first, { frob: 0 }] })).toBe(40415);
		expect(await bulk({ ops: [first, { delete: 0, filter: {}, more: 1 }] })).toBe(40415);
		expect(await bulk({ ops: [first, { update: 0, filter: {}, updateMods: 5 }] })).toBe(9);
		expect(await bulk({ nsInfo: [{ ns: 'nodot' }] })).toBe(73);
		expect(await bulk({ nsInfo: [{ ns: c.namespace, more: 1 }] })).toBe(40415);
		expect(await bulk({ nsInfo: [{}] })).toBe(40414);
		expect(await c.countDocuments()).toBe(0);
		expect(await bulk({})).toBe('accepted');
	});

	it('knows the variables of its filters', async () => {
		const c = h.fresh();
		await c.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }] as never);
		const ops = [1, '$$two', '$$nobody', 3].map((id) => ({ delete: 0, filter: { $expr: { $eq: ['$_id', id] } } }));
		const answer = await admin({ bulkWrite: 1, ops, nsInfo: [{ ns: c.namespace }], let: { two: 2 }, ordered: false });
		expect(answer).toMatchObject({ nErrors: 1, nDeleted: 3, cursor: { firstBatch: [{}, {}, { ok: 0, idx: 2, code: 17276 }, {}] } });
	});
});

describe('variables of a command', () => {
	it('are closed: names begin with a small letter, values look at no document', async () => {
		const c = h.fresh();
		await c.insertOne({ a: 1 });
		const find = (variables: Document): Promise<unknown> => code(c.find({}, { let: variables }).toArray());
		expect(await find({ $x: 1 })).toBe(9);
		expect(await find({ x: '$a' })).toBe(4890500);
		expect(await find({ x: { $add: [1, '$a'] } })).toBe(4890500);
		expect(await find({ x: { $literal: '$a' }, y: { $rand: {} } })).toBe('accepted');
		expect(await code(c.aggregate([], { let: { x: '$$ROOT.a' } }).toArray())).toBe(4890500);
	});
});

describe('options that do not fit', () => {
	it.each<[number, Document]>([
		[40414, { distinct: 'm' }],
		[14, { find: 'm', readConcern: 'local' }],
		[40415, { find: 'm', readConcern: { level: 'local', more: 1 } }],
		[9, { find: 'm', readConcern: { level: 'best' } }],
		[123, { find: 'm', readConcern: { level: 'linearizable' } }],
		[246, { find: 'm', readConcern: { level: 'snapshot' } }],
		[14, { insert: 'm', documents: [{}], writeConcern: 1 }],
		[40415, { insert: 'm', documents: [{}], writeConcern: { w: 1, more: 1 } }],
		[9, { insert: 'm', documents: [{}], writeConcern: { w: -1 } }],
		[9, { insert: 'm', documents: [{}], writeConcern: { w: 51 } }],
		[2, { insert: 'm', documents: [{}], writeConcern: { w: 2 } }],
		[2, { insert: 'm', documents: [{}], writeConcern: { w: 'rack' } }],
		[2, { find: 'm', maxTimeMS: 'soon' }],
		[2, { find: 'm', maxTimeMS: 1.5 }],
		[2, { find: 'm', maxTimeMS: Long.fromNumber(2 ** 31) }],
		[72, { create: 'n', storageEngine: { wiredTiger: { configString: 'block_compressor=zlib' } } }],
		[115, { dataSize: 'miaopu.m', keyPattern: { a: 1 }, min: { a: 1 }, max: { a: 2 } }],
		[72, { create: 'n', size: 5 }],
		[72, { create: 'n', max: 5 }],
		[72, { create: 'n', pipeline: [] }],
		[72, { create: 'n', autoIndexId: false }],
		[2, { createIndexes: 'n', indexes: [{ key: { a: 1 }, name: 'a' }], commitQuorum: 'majority' }],
		[73, { aggregate: 'm', pipeline: [{ $out: 'with$' }], cursor: {} }],
		[115, { aggregate: 'm', pipeline: [{ $out: { db: 'd', coll: 'c', timeseries: { timeField: 't' } } }], cursor: {} }]
	])('are refused with %i: %j', async (expected, command) => {
		expect(await code(run(command))).toBe(expected);
	});
	it('are refused of collMod as of what is there', async () => {
		const collMod = h.fresh().collectionName;
		await run({ create: collMod });
		expect(await code(run({ collMod, cappedSize: 5 }))).toBe(72);
		expect(await code(run({ collMod, collation: { locale: 'en' } }))).toBe(40415);
		expect(await code(run({ collMod, viewOn: 'm' }))).toBe(115);
		expect(await code(admin({ killOp: 1 }))).toBe(4);
	});
});

describe('options that change the answer', () => {
	it('are heeded', async () => {
		const createIndexes = h.fresh().collectionName;
		const indexes = [{ key: { a: 1 }, name: 'a', invented: true }];
		expect(await code(run({ createIndexes, indexes }))).toBe(197);
		expect(await code(run({ createIndexes, indexes, ignoreUnknownIndexOptions: true }))).toBe('accepted');
		const listed = await run({ listIndexes: createIndexes, includeIndexBuildInfo: true });
		expect(listed['cursor'].firstBatch[1]).toEqual({ spec: { v: 2, key: { a: 1 }, name: 'a' } });
		expect(await run({ dbStats: 1, freeStorage: 1 })).toMatchObject({ freeStorageSize: 0, totalFreeStorageSize: 0 });
	});
});
