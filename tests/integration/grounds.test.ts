import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GridFSBucket, type CommandStartedEvent } from 'mongodb';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStore, type RunningStore } from '#embedded-mongo';
import { placeOf } from '#embedded-mongo/changes';
import { connectDatabase, database, defineModel, disconnectDatabase, idFromHex, readRows, Schema } from '#lib/server/platform/db/index.ts';
import { countedIn, withGrounds, type Grounds } from '#lib/server/platform/grounds.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import { inOneRead } from '#lib/server/platform/one-read.ts';

let folder: string;
let store: RunningStore;
let commanded: string[] = [];

const one = idFromHex('6b02c07ae248a13150000001');
type Card = { _id: typeof one; user: string; points: number };
const Cards = defineModel<Card>('GroundsCard', 'scorecards', new Schema<Card>({ user: String, points: Number }));
type Place = { name: string; above: typeof one };
const Places = defineModel<Place>('GroundsPlace', 'places', new Schema<Place>({ name: String, above: { type: Schema.Types.ObjectId, ref: 'GroundsCard' } }));

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'grounds-'));
	process.env.MIAOPU_CHANGES = join(folder, 'counters');
	store = await startStore({ dataDir: join(folder, 'data'), changes: { file: process.env.MIAOPU_CHANGES, fields: countedIn('miaopu') }, inThread: true });
	await connectDatabase(`${store.uri}&monitorCommands=true`);
	mongoose.connection.getClient().on('commandStarted', ({ commandName, command }: CommandStartedEvent) => {
		const name = (command as Record<string, unknown>)[commandName === 'getMore' ? 'collection' : commandName];
		if (typeof name === 'string') commanded.push(name);
	});
	await Cards.create({ _id: one, user: 'lan', points: 3 });
	await Places.create({ name: '社工站', above: one });
});

afterAll(async () => {
	await disconnectDatabase();
	await store.close();
	rmSync(folder, { recursive: true, force: true });
	delete process.env.MIAOPU_CHANGES;
});

const gather = async (work: () => Promise<unknown>): Promise<Grounds> => {
	commanded = [];
	const { outcome, grounds } = withGrounds(work);
	await outcome;
	return grounds;
};

const all = placeOf('miaopu.scorecards');
const byId = placeOf('miaopu.scorecards', '_id', one.toHexString());
const byUser = placeOf('miaopu.scorecards', 'user', 'lan');

describe('what an answer rests on', () => {
	const ways: [string, () => Promise<unknown>, number[]][] = [
		['find', () => Cards.find({ points: 3 }).lean(), [all]],
		['find by a counted field', () => Cards.find({ user: 'lan', points: { $gt: 1 } }).lean(), [byUser]],
		['find by one of several', () => Cards.find({ user: { $in: ['lan', 'wei'] } }).lean(), [byUser, placeOf('miaopu.scorecards', 'user', 'wei')]],
		['find by another condition on it', () => Cards.find({ user: { $ne: 'lan' } }).lean(), [all]],
		['find by either', () => Cards.find({ $or: [{ user: 'lan' }, { points: 3 }] }).lean(), [all]],
		['find by id', () => Cards.findById(one).lean(), [byId]],
		['exists', () => Cards.exists({ _id: one }), [byId]],
		['count', () => Cards.countDocuments({ points: 3 }), [all]],
		['estimated count', () => Cards.estimatedDocumentCount(), [all]],
		['distinct', () => Cards.distinct('points', { user: 'lan' }), [byUser]],
		['cursor', () => Cards.find({}).cursor().next(), [all]],
		['rows', () => readRows(Cards, { filter: { user: 'lan' }, fields: { points: 1 }, limit: 9 }), [byUser]],
		['populate', () => Places.findOne({ name: '社工站' }).populate('above').lean(), [placeOf('miaopu.places'), byId]],
		['aggregate', () => Cards.aggregate([{ $match: { user: 'lan' } }, { $count: 'n' }]), [byUser]],
		[
			'aggregate with others',
			() =>
				Places.aggregate([
					{ $lookup: { from: 'scorecards', localField: 'above', foreignField: '_id', as: 'cards', pipeline: [{ $unionWith: 'others' }] } },
					{ $facet: { a: [{ $unionWith: { coll: 'more', pipeline: [] } }] } }
				]),
			[placeOf('miaopu.places'), all, placeOf('miaopu.others'), placeOf('miaopu.more')]
		],
		['files', () => new GridFSBucket(database(), { bucketName: 'files' }).find({ filename: 'x' }).toArray(), [placeOf('miaopu.files.files')]]
	];
	test.each(ways)('%s', async (_name, work, places) => {
		const grounds = await gather(work);
		expect(commanded.length).toBeGreaterThan(0);
		expect(grounds.unknown).toBe(false);
		expect([...grounds.counters.keys()].sort()).toEqual([...new Set([0, ...places])].sort());
	});

	test('a write, and a pipeline that writes, leave it unknown', async () => {
		expect((await gather(() => Cards.updateOne({ _id: one }, { $set: { points: 4 } }))).unknown).toBe(true);
		expect((await gather(() => Cards.aggregate([{ $merge: { into: 'copies' } }]))).unknown).toBe(true);
	});

	test('two at once do not mix', async () => {
		const [a, b] = await Promise.all([gather(() => Cards.findById(one).lean()), gather(() => Places.find().lean())]);
		expect([...a.counters.keys()]).not.toContain(placeOf('miaopu.places'));
		expect([...b.counters.keys()]).not.toContain(byId);
	});
});

describe('what is remembered', () => {
	test('brings its grounds along, as they were when it was read', async () => {
		const memory = createMemory<number>({ freshMs: 60_000 });
		const read = (): Promise<number> => memory.read('points', async () => (await Cards.findById(one).lean())?.points ?? 0);
		const first = await gather(read);
		expect([...first.counters.keys()].sort()).toEqual([0, byId].sort());
		await Cards.updateOne({ _id: one }, { $inc: { points: 1 } });
		const second = await gather(read);
		expect(commanded).toEqual([]);
		expect(second.counters).toEqual(first.counters);
		// Read beside it, the same document has another counter: the older one stands, and never will again.
		const fresh = () => Cards.findById(one).lean();
		expect((await gather(async () => [await read(), await fresh()])).counters.get(byId)).toBe(first.counters.get(byId));
		expect((await gather(async () => [await fresh(), await read()])).unknown).toBe(true);
		memory.forget();
		expect((await gather(read)).counters.get(byId)).toBe((first.counters.get(byId) ?? 0) + 1);
	});

	test('who waits for another one’s read rests on the same', async () => {
		const memory = createMemory<unknown>({ freshMs: 60_000 });
		const load = () => Cards.findById(one).lean();
		const both = await Promise.all([gather(() => memory.read('a', load)), gather(() => memory.read('a', load))]);
		for (const { counters } of both) expect([...counters.keys()]).toContain(byId);
		const ask = inOneRead(async () => new Map([['a', await Cards.findById(one).lean()]]));
		for (const { counters } of await Promise.all([gather(() => ask('a')), gather(() => ask('a'))])) expect([...counters.keys()]).toContain(byId);
	});

	test('what somebody put in by hand rests on nothing known', async () => {
		const memory = createMemory<number>({ freshMs: 60_000 });
		memory.keep('points', 7);
		expect((await gather(() => memory.read('points', async () => 0))).unknown).toBe(true);
	});
});
