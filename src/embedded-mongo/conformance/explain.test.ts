/** What explain tells of each command, at each verbosity, and what administrators' tools are told of sizes. */
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
let name: string;
beforeAll(async () => {
	h = await startHarness();
	const c = h.fresh('explained');
	name = c.collectionName;
	await c.insertMany(Array.from({ length: 60 }, (_, i) => ({ _id: i, a: i % 6, b: i })) as never);
	await c.createIndex({ a: 1 });
});
afterAll(() => h.stop());

const explain = (command: Document, verbosity = 'executionStats'): Promise<Document> =>
	h.db.command({ explain: command, verbosity });
const stages = (stage: Document | undefined): string[] => (stage ? [stage['stage'], ...stages(stage['inputStage'])] : []);

describe('explain', () => {
	it('has three verbosities', async () => {
		const find = { find: name, filter: { a: 1 } };
		expect(await explain(find, 'queryPlanner')).not.toHaveProperty('executionStats');
		expect((await explain(find))['executionStats']).not.toHaveProperty('allPlansExecution');
		expect((await explain(find, 'allPlansExecution'))['executionStats'].allPlansExecution).toEqual([]);
		await expect(explain(find, 'loudly')).rejects.toMatchObject({ code: 2 });
	});

	it('counts at each stage what passed there', async () => {
		const find = { find: name, filter: { a: 1 }, sort: { b: -1 }, projection: { b: 1 } };
		const { executionStats } = await explain(find);
		expect(stages(executionStats.executionStages)).toEqual(['PROJECTION_SIMPLE', 'SORT', 'FETCH', 'IXSCAN']);
		expect(executionStats.executionStages.inputStage.inputStage).toMatchObject({
			nReturned: 10,
			docsExamined: 10,
			inputStage: { keysExamined: 10 }
		});
		const shaped = await explain({ ...find, projection: { 'b.c': 1 } }, 'queryPlanner');
		expect(shaped['queryPlanner'].winningPlan.stage).toBe('PROJECTION_DEFAULT');
	});

	it('tells what a write would do, and does nothing', async () => {
		const update = (more: Document): Promise<Document> =>
			explain({ update: name, updates: [{ q: { a: 2 }, u: { $max: { b: 30 } }, ...more }] });
		const all = (await update({ multi: true }))['executionStats'];
		expect(all).toMatchObject({
			nReturned: 0,
			executionStages: { stage: 'UPDATE', nMatched: 10, nWouldModify: 5, nWouldUpsert: 0 }
		});
		expect((await update({}))['executionStats'].executionStages).toMatchObject({ nMatched: 1, nWouldModify: 1 });
		const none = await update({ q: { a: 'none' }, upsert: true });
		expect(none['executionStats'].executionStages).toMatchObject({ nMatched: 0, nWouldUpsert: 1 });
		const removed = await explain({ delete: name, deletes: [{ q: { a: { $lt: 2 } }, limit: 0 }] });
		expect(removed['executionStats'].executionStages).toMatchObject({ stage: 'DELETE', nWouldDelete: 20 });
		const modify = await explain({ findAndModify: name, query: { a: 3 }, sort: { b: -1 }, update: { $set: { b: 0 } } });
		expect(modify['executionStats']).toMatchObject({ nReturned: 1, executionStages: { stage: 'UPDATE', nWouldModify: 1 } });
		const taken = await explain({ findAndModify: name, query: { a: 3 }, remove: true });
		expect(stages(taken['queryPlanner'].winningPlan)).toEqual(['DELETE', 'FETCH', 'IXSCAN']);
		expect(await h.db.collection(name).countDocuments({ a: 2, b: { $lt: 30 } })).toBe(5);
	});

	it('shows how a count is made', async () => {
		const counted = async (query: Document): Promise<Document> => explain({ count: name, query });
		expect((await counted({}))['executionStats'].executionStages).toMatchObject({ stage: 'RECORD_STORE_FAST_COUNT', nCounted: 60 });
		const byKeys = (await counted({ a: 1 }))['executionStats'];
		expect(stages(byKeys.executionStages)).toEqual(['COUNT', 'COUNT_SCAN']);
		expect(byKeys).toMatchObject({ totalDocsExamined: 0, executionStages: { nCounted: 10 } });
		expect(stages((await counted({ b: 1 }))['queryPlanner'].winningPlan)).toEqual(['COUNT', 'COLLSCAN']);
	});

	it('looks at the command as if it were run', async () => {
		await expect(explain({ find: name, more: 1 })).rejects.toMatchObject({ code: 40415 });
		await expect(explain({ update: name, updates: [{ q: {}, u: { $frob: 1 } }] })).rejects.toMatchObject({ code: 9 });
		await expect(explain({ ping: 1 })).rejects.toMatchObject({ code: 59 });
	});
});

describe('$indexStats', () => {
	it('counts the queries that went by each index, but not their explanations', async () => {
		const c = h.fresh();
		await c.insertMany([{ a: 1 }, { a: 2, b: 1 }]);
		await c.createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }]);
		await c.findOne({ a: 1 });
		await c.updateOne({ a: 2 }, { $set: { c: 1 } });
		await c.countDocuments({ a: 2 });
		await c.find({ b: 1 }).explain('executionStats');
		const uses = await c.aggregate([{ $indexStats: {} }, { $project: { _id: 0, name: 1, ops: '$accesses.ops' } }]).toArray();
		expect(uses).toEqual([
			{ name: '_id_', ops: 0 },
			{ name: 'a_1', ops: 3 },
			{ name: 'b_1', ops: 0 }
		]);
	});
});

describe('sizes', () => {
	it('of a collection and its indexes', async () => {
		const command = await h.db.command({ collStats: name });
		expect(command).toMatchObject({ count: 60, nindexes: 2, indexSizes: { _id_: expect.any(Number), a_1: expect.any(Number) } });
		expect(command['totalIndexSize']).toBeGreaterThan(0);
		expect(command['totalSize']).toBe(command['storageSize'] + command['totalIndexSize']);
		const [stage] = await h.db.collection(name).aggregate([{ $collStats: { storageStats: { scale: 2 } } }]).toArray();
		expect(stage?.['storageStats']).toMatchObject({ scaleFactor: 2, size: Math.floor(command['size'] / 2) });
	});
	it('of one that does not exist', async () => {
		const [stage] = await h.db.collection('absent').aggregate([{ $collStats: { storageStats: {}, latencyStats: {} } }]).toArray();
		expect(stage?.['storageStats']).toMatchObject({ size: 0, count: 0, nindexes: 0 });
		await expect(h.db.collection('absent').aggregate([{ $collStats: { count: {} } }]).toArray()).rejects.toMatchObject({ code: 26 });
		await expect(h.db.collection(name).aggregate([{ $collStats: { more: 1 } }]).toArray()).rejects.toMatchObject({ code: 40415 });
	});
});
