/** `MongoClient.bulkWrite`: one command for several collections, its results by cursor, and what fails of it. */
import { MongoClientBulkWriteError } from 'mongodb';
import type { AnyClientBulkWriteModel, ClientBulkWriteOptions, CommandStartedEvent, Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
const sent: string[] = [];
beforeAll(async () => {
	h = await startHarness({ monitorCommands: true });
	h.client.on('commandStarted', ({ commandName }: CommandStartedEvent) => sent.push(commandName));
});
afterAll(() => h.stop());

type Model = AnyClientBulkWriteModel<Document>;
const insert = (namespace: string, _id: unknown): Model => ({ name: 'insertOne', namespace, document: { _id } as Document });
const refused = async (models: Model[], options: ClientBulkWriteOptions): Promise<MongoClientBulkWriteError> => {
	const error = await h.client.bulkWrite(models, options).then(
		() => undefined,
		(reason: unknown) => reason
	);
	expect(error).toBeInstanceOf(MongoClientBulkWriteError);
	return error as MongoClientBulkWriteError;
};
const fail = (data: Document): Promise<Document> =>
	h.client.db('admin').command({ configureFailPoint: 'failCommand', mode: { times: 1 }, data });

describe('results', () => {
	it('come for each operation, of several databases', async () => {
		const [one, two] = [h.fresh(), h.client.db('elsewhere').collection('c')];
		await one.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }] as never);
		const models: Model[] = [
			insert(two.namespace, 'x'),
			{ name: 'updateMany', namespace: one.namespace, filter: { _id: { $gt: 1 } } as Document, update: { $set: { a: [1, 2] } } },
			{ name: 'replaceOne', namespace: two.namespace, filter: { _id: 'y' } as Document, replacement: { b: 1 }, upsert: true },
			{
				name: 'updateOne',
				namespace: one.namespace,
				filter: { $expr: { $eq: ['$_id', '$$two'] } },
				update: { $inc: { 'a.$[big]': 1 } },
				arrayFilters: [{ big: { $gt: 1 } }],
				hint: '_id_'
			},
			{ name: 'deleteMany', namespace: one.namespace, filter: { _id: { $lt: 2 } } as Document, collation: { locale: 'simple' } }
		];
		const result = await h.client.bulkWrite(models, { verboseResults: true, let: { two: 2 }, comment: { why: 'test' } });
		expect(result).toMatchObject({ insertedCount: 1, matchedCount: 3, modifiedCount: 3, upsertedCount: 1, deletedCount: 1 });
		expect(Object.fromEntries(result.updateResults ?? [])).toEqual({
			1: { matchedCount: 2, modifiedCount: 2, didUpsert: false },
			2: { matchedCount: 1, modifiedCount: 0, didUpsert: true, upsertedId: 'y' },
			3: { matchedCount: 1, modifiedCount: 1, didUpsert: false }
		});
		expect(await one.findOne({ _id: 2 as never })).toEqual({ _id: 2, a: [1, 3] });
		await h.client.db('elsewhere').dropDatabase();
	});

	it('too large for one reply are fetched with getMore, which may fail', async () => {
		const c = h.fresh();
		const half = 8 * 1024 * 1024;
		const models = (letters: string[]): Model[] =>
			letters.map((letter) => ({
				name: 'updateOne',
				namespace: c.namespace,
				filter: { _id: letter.repeat(half) } as Document,
				update: { $set: { x: 1 } },
				upsert: true
			}));
		sent.length = 0;
		const result = await h.client.bulkWrite(models(['a', 'b']), { verboseResults: true });
		expect(result.updateResults?.size).toBe(2);
		expect(sent).toEqual(['bulkWrite', 'getMore']);
		await fail({ failCommands: ['getMore'], errorCode: 8 });
		const error = await refused(models(['c', 'd']), { verboseResults: true });
		expect(error.cause).toMatchObject({ code: 8 });
		expect(error.partialResult).toMatchObject({ upsertedCount: 2, updateResults: { size: 1 } });
		expect(sent).toContain('killCursors');
	});
});

describe('failures', () => {
	it('end an ordered write and leave an unordered one going', async () => {
		for (const [ordered, inserted] of [[true, 1], [false, 2]] as const) {
			const { namespace } = h.fresh();
			const ids = [1, 1, 2].map((id) => insert(namespace, id));
			const error = await refused(ids, { ordered, verboseResults: true });
			expect([...error.writeErrors.keys()]).toEqual([1]);
			expect(error.writeErrors.get(1)).toMatchObject({ code: 11000 });
			expect(error.partialResult).toMatchObject({ insertedCount: inserted, insertResults: { size: inserted } });
		}
	});
	it('of write concern are told beside the result', async () => {
		const { namespace } = h.fresh();
		await fail({ failCommands: ['bulkWrite'], writeConcernError: { code: 91, errmsg: 'going down' } });
		const error = await refused([insert(namespace, 1)], {});
		expect(error.writeConcernErrors).toMatchObject([{ code: 91, message: 'going down' }]);
		expect(error.partialResult?.insertedCount).toBe(1);
	});
});

it('writes unacknowledged too', async () => {
	const c = h.fresh();
	await h.client.bulkWrite([insert(c.namespace, 1), insert(c.namespace, 1), insert(c.namespace, 2)], {
		ordered: false,
		writeConcern: { w: 0 }
	});
	await expect.poll(() => c.countDocuments()).toBe(2);
});
