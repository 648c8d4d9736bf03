/** Pipelines that begin with something else than a collection, and pipelines that end in one. */
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
beforeAll(async () => {
	h = await startHarness();
});
afterAll(() => h.stop());

const refusal = (pipeline: Document[], on: string | 1): Promise<unknown> =>
	h.db.command({ aggregate: on, pipeline, cursor: {} }).then(
		() => 'accepted',
		(error: { code?: number }) => error.code
	);

describe('{aggregate: 1}', () => {
	it('takes $documents and what the server knows of itself', async () => {
		expect(await h.db.aggregate([{ $documents: [{ a: 1 }, { a: 2 }] }, { $match: { a: 2 } }]).toArray()).toEqual([{ a: 2 }]);
		const admin = h.client.db('admin');
		const one = [{ $limit: 1 }, { $project: { _id: 0, it: { $literal: 'is there' } } }];
		for (const stage of [{ $listLocalSessions: {} }, { $currentOp: { allUsers: true, idleConnections: true } }]) {
			expect(await admin.aggregate([stage, ...one]).toArray()).toEqual([{ it: 'is there' }]);
		}
	});
	it('takes nothing that needs a collection, and $documents takes none', async () => {
		expect(await refusal([], 1)).toBe(73);
		expect(await refusal([{ $match: {} }], 1)).toBe(73);
		expect(await refusal([{ $out: 'x' }], 1)).toBe(73);
		expect(await refusal([{ $documents: [{}] }], 'c')).toBe(73);
		expect(await refusal([{ $documents: 5 }], 1)).toBe(5858203);
		expect(await refusal([{ $documents: [5] }], 1)).toBe(40228);
	});
	it('has such stages at the beginning only', async () => {
		for (const name of ['$documents', '$indexStats', '$collStats', '$currentOp', '$listLocalSessions']) {
			expect(await refusal([{ $match: {} }, { [name]: name === '$documents' ? [] : {} }], 'c')).toBe(40602);
			expect(await refusal([{ $facet: { f: [{ [name]: {} }] } }], 'c')).toBe(40600);
		}
	});
});

describe('$merge and $out', () => {
	it('refuse a document that is there already as an insert would', async () => {
		const into = h.fresh();
		await into.insertMany([{ _id: 1, k: 'a' }, { _id: 2, k: 'b' }] as never);
		const merge = (doc: Document, on: string): Promise<unknown> =>
			h.db.aggregate([{ $documents: [doc] }, { $merge: { into: into.collectionName, on, whenMatched: 'fail' } }]).toArray();
		await expect(merge({ _id: 2, k: 'z' }, '_id')).rejects.toMatchObject({
			code: 11000,
			errorResponse: { keyPattern: { _id: 1 }, keyValue: { _id: 2 } }
		});
		await into.createIndex({ k: 1 }, { unique: true });
		await expect(merge({ _id: 9, k: 'b' }, 'k')).rejects.toMatchObject({ code: 11000, keyPattern: { k: 1 }, keyValue: { k: 'b' } });
		await merge({ _id: 3, k: 'c' }, 'k');
		expect(await into.countDocuments()).toBe(3);
	});
	it('give a whenMatched pipeline the incoming document, and what let makes of it', async () => {
		const into = h.fresh();
		await into.insertOne({ _id: 1 as never, n: 10 });
		const merge = (more: Document): Promise<unknown> =>
			h.db.aggregate([{ $documents: [{ _id: 1, n: 5, o: { p: [1, 2] } }] }, { $merge: { into: into.collectionName, ...more } }]).toArray();
		await merge({
			let: { twice: { $multiply: ['$n', 2] }, none: '$absent', all: '$$ROOT' },
			whenMatched: [{ $set: { n: { $add: ['$n', '$$twice', '$$new.n'] }, gone: '$$none', size: { $size: '$$all.o.p' } } }]
		});
		expect(await into.findOne()).toEqual({ _id: 1, n: 25, size: 2 });
		await expect(merge({ let: { new: 5 }, whenMatched: [] })).rejects.toMatchObject({ code: 51273 });
		await expect(merge({ let: { x: 5 }, whenMatched: 'merge' })).rejects.toMatchObject({ code: 51199 });
	});
	it('write what statistics stages give', async () => {
		const from = h.fresh();
		await from.insertOne({});
		await from.aggregate([{ $collStats: { count: {} } }, { $project: { _id: 'now', count: 1 } }, { $merge: 'counts' }]).toArray();
		await from.aggregate([{ $indexStats: {} }, { $project: { _id: '$name' } }, { $out: 'names' }]).toArray();
		expect(await h.db.collection('counts').find().toArray()).toEqual([{ _id: 'now', count: 1 }]);
		expect(await h.db.collection('names').find().toArray()).toEqual([{ _id: '_id_' }]);
	});
});
