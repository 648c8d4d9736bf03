import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, MongoServerError, ObjectId } from 'mongodb';
import type { Db } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placeOf, readChangeCounters } from './changes.ts';
import type { ChangeReader } from './changes.ts';
import { bundle, startChild } from './conformance/child.ts';
import { startStore } from './index.ts';
import type { RunningStore } from './index.ts';

let folder: string;
let store: RunningStore;
let client: MongoClient;
let db: Db;
let reader: ChangeReader;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'changes-'));
	const file = join(folder, 'counters');
	store = await startStore({ dataDir: join(folder, 'data'), changes: { file, fields: { 'miaopu.cards': ['judge'] } }, inThread: true });
	client = await MongoClient.connect(store.uri);
	db = client.db();
	reader = readChangeCounters(file);
});

afterAll(async () => {
	await client.close();
	await store.close();
	rmSync(folder, { recursive: true, force: true });
});

const everything = 0;
const cards = placeOf('miaopu.cards');
const card = (id: ObjectId | string): number => placeOf('miaopu.cards', '_id', String(id));
const judge = (name: string): number => placeOf('miaopu.cards', 'judge', name);

/** The places that were raised by some work, once the writer has his answer. */
const raisedBy = async (work: () => Promise<unknown>): Promise<number[]> => {
	reader.look();
	const before = reader.counters.slice();
	await work();
	reader.look();
	return [...reader.counters.keys()].filter((place) => reader.counters[place] !== before[place]);
};

const sorted = (places: number[]): number[] => [...new Set(places)].sort((a, b) => a - b);

describe('what is counted', () => {
	test('a document put in, changed, given to somebody else, taken out', async () => {
		const _id = new ObjectId();
		const all = db.collection('cards');
		expect(await raisedBy(() => all.insertOne({ _id, judge: 'a', points: 1 }))).toEqual(sorted([cards, card(_id), judge('a')]));
		expect(await raisedBy(() => all.updateOne({ _id }, { $set: { points: 2 } }))).toEqual(sorted([cards, card(_id), judge('a')]));
		expect(await raisedBy(() => all.updateOne({ _id }, { $set: { judge: 'b' } }))).toEqual(sorted([cards, card(_id), judge('a'), judge('b')]));
		expect(await raisedBy(() => all.findOneAndDelete({ _id }))).toEqual(sorted([cards, card(_id), judge('b')]));
	});

	test('nothing is, where nothing changes', async () => {
		const all = db.collection('cards');
		expect(await raisedBy(() => all.find({ judge: 'a' }).toArray())).toEqual([]);
		expect(await raisedBy(() => all.updateMany({ judge: 'nobody' }, { $set: { points: 3 } }))).toEqual([]);
		const refused = (): Promise<unknown> => all.insertMany([{ _id: 'twice' as never }, { _id: 'twice' as never }]).catch(() => null);
		expect(await raisedBy(refused)).toEqual(sorted([cards, card('twice')]));
		expect(await raisedBy(refused)).toEqual([]);
	});

	test('other collections have places of their own, and no fields but the ones asked for', async () => {
		const _id = new ObjectId();
		expect(await raisedBy(() => db.collection('others').insertOne({ _id, judge: 'a' }))).toEqual(
			sorted([placeOf('miaopu.others'), placeOf('miaopu.others', '_id', String(_id))])
		);
	});

	test('a value that may be found under several raises everything', async () => {
		expect(await raisedBy(() => db.collection('cards').insertOne({ judge: ['a', 'b'] }))).toContain(everything);
		expect(await raisedBy(() => db.collection('cards').insertOne({ judge: 7 }))).toContain(everything);
		expect(await raisedBy(() => db.collection('cards').insertOne({ judge: null }))).not.toContain(everything);
	});

	test('a hundred at once, a pipeline that writes, a collection renamed and dropped', async () => {
		const many = Array.from({ length: 100 }, (_, index) => ({ _id: new ObjectId(), judge: `j${index}` }));
		const raised = await raisedBy(() => db.collection('cards').insertMany(many));
		expect(raised).toEqual(sorted([cards, ...many.map(({ _id }) => card(_id)), ...many.map((one) => judge(one.judge))]));
		expect(await raisedBy(() => db.collection('cards').aggregate([{ $match: { judge: 'j1' } }, { $merge: 'merged' }]).toArray())).toContain(
			placeOf('miaopu.merged')
		);
		expect(await raisedBy(() => db.collection('merged').rename('renamed'))).toContain(everything);
		expect(await raisedBy(() => db.collection('renamed').drop())).toContain(everything);
		expect(await raisedBy(() => db.collection('cards').aggregate([{ $limit: 2 }, { $out: 'cards' }]).toArray())).toContain(everything);
	});
});

// There is no other device that is always full.
test.runIf(process.platform === 'linux')('a store whose counters cannot be written ends, and keeps what it had committed', async () => {
	const server = await bundle(new URL('./conformance/serve.ts', import.meta.url));
	const dataDir = join(folder, 'ending');
	const child = await startChild(server.file, [dataDir, '0', join(folder, 'ending-counters')]);
	try {
		const writer = await MongoClient.connect(child.line);
		const rows = writer.db().collection<{ _id: number }>('rows');
		let over = false;
		const ended = child.exited.then(() => (over = true));
		let acknowledged = 0;
		for (; acknowledged < 3; acknowledged++) await rows.insertOne({ _id: acknowledged });
		child.process.kill('SIGUSR2');
		// The write that meets the full device may be told of or not; it is not told to have failed.
		const failed: unknown[] = [];
		while (!over)
			try {
				await rows.insertOne({ _id: acknowledged });
				acknowledged++;
			} catch (error) {
				failed.push(error);
				await ended;
			}
		expect(child.process.exitCode).toBe(1);
		expect(child.errors()).toContain('ENOSPC');
		expect(failed.filter((error) => error instanceof MongoServerError)).toEqual([]);
		await writer.close();

		const again = await startStore({ dataDir, inThread: true });
		const reading = await MongoClient.connect(again.uri);
		const found = await reading.db().collection<{ _id: number }>('rows').countDocuments();
		expect(found).toBeGreaterThanOrEqual(acknowledged);
		expect(found).toBeGreaterThan(3);
		await reading.close();
		await again.close();
	} finally {
		child.process.kill('SIGKILL');
		server.remove();
	}
});
