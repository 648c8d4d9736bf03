import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MongoClient, MongoNetworkError, MongoServerError } from 'mongodb';
import type { Document } from 'mongodb';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let store: Harness;
beforeAll(async () => {
	store = await startHarness({ appName: 'administration' });
});
afterAll(() => store.stop());

const admin = (command: Document): Promise<Document> => store.client.db('admin').command(command);
const refusal = async (promise: Promise<unknown>): Promise<MongoServerError> => {
	const error = await promise.then(
		() => undefined,
		(reason: unknown) => reason
	);
	expect(error).toBeInstanceOf(MongoServerError);
	return error as MongoServerError;
};

describe('the fail point', () => {
	const fail = (data: Document, mode: Document | string = { times: 1 }) =>
		admin({ configureFailPoint: 'failCommand', mode, data });

	it('gives an error so many times, with labels', async () => {
		await fail({ failCommands: ['find'], errorCode: 91, errorLabels: ['Mine'] }, { times: 2 });
		for (let i = 0; i < 2; i++) {
			const error = await refusal(store.db.command({ find: 'c' }));
			expect([error.code, error.codeName, error.hasErrorLabel('Mine')]).toEqual([91, 'ShutdownInProgress', true]);
		}
		expect((await store.db.command({ find: 'c' })).ok).toBe(1);
	});
	it('closes the connection', async () => {
		await fail({ failCommands: ['ping'], closeConnection: true });
		await expect(store.db.command({ ping: 1 })).rejects.toBeInstanceOf(MongoNetworkError);
		expect((await store.db.command({ ping: 1 })).ok).toBe(1);
	});
	it('adds a write concern error to what was written', async () => {
		const collection = store.fresh();
		await fail({ failCommands: ['insert'], writeConcernError: { code: 100, errmsg: 'no' } });
		const error = await refusal(collection.insertOne({ _id: 1 as never }));
		expect(error.code).toBe(100);
		expect(await collection.countDocuments()).toBe(1);
		await fail({ failCommands: ['aggregate'], writeConcernError: { code: 100, errmsg: 'no', errInfo: { why: 1 } } });
		const late = await collection.aggregate([{ $out: 'out' }]).toArray().catch((reason: MongoServerError) => reason);
		expect(late).toMatchObject({ code: 100, errorResponse: { cursor: { id: 0 }, writeConcernError: { codeName: 'UnsatisfiableWriteConcern', errInfo: { why: 1 } } } });
	});
	it('asks for one application only, skips, and can be switched off', async () => {
		await fail({ failCommands: ['ping'], errorCode: 8, appName: 'another' }, 'alwaysOn');
		expect((await store.db.command({ ping: 1 })).ok).toBe(1);
		await fail({ failCommands: ['ping'], errorCode: 8, appName: 'administration' }, { skip: 1 });
		expect((await store.db.command({ ping: 1 })).ok).toBe(1);
		expect((await refusal(store.db.command({ ping: 1 }))).codeName).toBe('UnknownError');
		await fail({}, 'off');
		expect((await store.db.command({ ping: 1 })).ok).toBe(1);
	});
	it('refuses other names and modes', async () => {
		expect((await refusal(admin({ configureFailPoint: 'other', mode: 'off' }))).code).toBe(173);
		expect((await refusal(fail({ failCommands: [] }, 'sometimes'))).code).toBe(2);
		expect((await refusal(fail({}, 'alwaysOn'))).code).toBe(9);
	});
});

describe('sessions', () => {
	it('lists those in use until they end', async () => {
		const session = store.client.startSession();
		await store.db.command({ ping: 1 }, { session });
		const id = session.id as Document;
		const listed = async () => {
			const all = await store.client.db('admin').aggregate([{ $listLocalSessions: {} }]).toArray();
			return all.filter((each) => (each._id as Document).id.toString('hex') === id.id.toString('hex')).length;
		};
		expect(await listed()).toBe(1);
		await admin({ endSessions: [id] });
		expect(await listed()).toBe(0);
		await session.endSession();
		expect((await refusal(store.db.command({ refreshSessions: [{ id: 5 }] }))).code).toBe(14);
	});
});

describe('the Stable API', () => {
	it('keeps a strict client to version 1', async () => {
		const client = await MongoClient.connect(store.store.uri, { serverApi: { version: '1', strict: true } });
		const collection = client.db().collection('strict');
		await collection.insertOne({ a: 1 });
		expect(await collection.estimatedDocumentCount()).toBe(1);
		const error = await refusal(collection.distinct('a'));
		expect([error.code, error.codeName]).toEqual([323, 'APIStrictError']);
		expect(error.message).toContain('the command distinct is not in API Version 1');
		expect((await refusal(collection.aggregate([{ $indexStats: {} }]).toArray())).code).toBe(323);
		expect((await refusal(client.db().command({ testVersion2: 1 }))).codeName).toBe('APIStrictError');
		expect(await store.db.command({ testVersion2: 1 })).toEqual({ ok: 1 });
		await client.close();
	});
	it('knows one version', async () => {
		expect((await refusal(store.db.command({ ping: 1, apiVersion: '2' }))).codeName).toBe('APIVersionError');
		expect((await refusal(store.db.command({ ping: 1, apiStrict: true }))).code).toBe(4886600);
	});
});

describe('what tools ask', () => {
	it('tells what runs and how long things took', async () => {
		const collection = store.fresh();
		await collection.insertOne({ a: 1 });
		await collection.findOne();
		const running = await store.client.db('admin').aggregate([{ $currentOp: {} }]).toArray();
		expect(running).toHaveLength(1);
		expect(running[0]).toMatchObject({ type: 'op', active: true, appName: 'administration', op: 'command' });
		expect((await admin({ currentOp: 1 })).inprog).toHaveLength(1);
		expect((await admin({ currentOp: 1, $ownOps: true, active: true, ns: 'admin.$cmd' })).inprog).toHaveLength(1);
		expect((await admin({ currentOp: 1, active: false })).inprog).toEqual([]);
		const { totals } = await admin({ top: 1 });
		expect(totals[collection.namespace].insert.count).toBe(1);
		expect(totals[collection.namespace].queries.count).toBe(1);
		const [stats] = await collection.aggregate([{ $collStats: { latencyStats: {} } }]).toArray();
		expect(stats?.latencyStats.writes.ops).toBe(1);
	});
	it('counts traffic', async () => {
		const before = (await admin({ serverStatus: 1 })).network;
		await store.db.command({ ping: 1 });
		const after = await admin({ serverStatus: 1 });
		expect(after.network.numRequests).toBeGreaterThanOrEqual(before.numRequests + 2);
		expect(after.network.bytesOut).toBeGreaterThan(before.bytesOut);
		expect(after.globalLock.activeClients).toMatchObject({ total: 1, readers: 1 });
	});
	it('ends a running command', async () => {
		const collection = store.fresh();
		await collection.insertMany(Array.from({ length: 3000 }, (_, i) => ({ i })));
		// Nine million comparisons: long enough to be caught at it on any machine.
		const same = { $match: { $expr: { $eq: ['$i', '$$i'] } } };
		const slow = collection.aggregate([{ $lookup: { from: collection.collectionName, as: 'all', let: { i: '$i' }, pipeline: [same] } }, { $count: 'n' }]);
		const ended = refusal(slow.toArray());
		const find = async (): Promise<Document> => {
			const all = (await admin({ currentOp: 1 })).inprog as Document[];
			return all.find((each) => each.ns === collection.namespace) ?? (await find());
		};
		expect(await admin({ killOp: 1, op: (await find()).opid })).toMatchObject({ info: 'attempting to kill op' });
		expect((await ended).codeName).toBe('Interrupted');
		expect((await refusal(admin({ killOp: 1, op: 'x' }))).code).toBe(14);
	});
	it('answers with what a standalone without users has', async () => {
		expect((await store.db.command({ usersInfo: 1 })).users).toEqual([]);
		expect((await store.db.command({ rolesInfo: 1 })).roles).toEqual([]);
		expect((await admin({ getDefaultRWConcern: 1 })).defaultWriteConcernSource).toBe('implicit');
		expect(await store.db.command({ profile: -1 })).toMatchObject({ was: 0, slowms: 100 });
		expect((await refusal(store.db.command({ profile: 2 }))).code).toBe(115);
		expect(await store.db.command({ profile: 0, slowms: 30, sampleRate: 0.5 })).toMatchObject({ was: 0, slowms: 100, sampleRate: 1 });
		expect(await store.db.command({ profile: -1 })).toMatchObject({ was: 0, slowms: 30, sampleRate: 0.5 });
		expect(Object.keys((await store.db.command({ listCommands: 1 })).commands)).toContain('findAndModify');
		expect((await admin({ fsync: 1 })).ok).toBe(1);
		expect((await refusal(admin({ fsyncUnlock: 1 }))).codeName).toBe('IllegalOperation');
		expect((await refusal(admin({ getLog: 'mine' }))).code).toBe(96);
		expect((await admin({ connectionStatus: 1, showPrivileges: true })).authInfo.authenticatedUserPrivileges).toEqual([]);
		expect(await admin({ getParameter: 1, enableTestCommands: 1, requireApiVersion: 1, absent: 1 })).toEqual({
			enableTestCommands: true,
			requireApiVersion: false,
			ok: 1
		});
		expect((await admin({ getParameter: { showDetails: true }, ttlMonitorEnabled: 1 })).ttlMonitorEnabled).toEqual({
			value: true,
			settableAtRuntime: true,
			settableAtStartup: false
		});
		expect((await refusal(admin({ replSetGetStatus: 1 }))).codeName).toBe('NoReplicationEnabled');
	});
	it('refuses what it has not by name, and what nobody has as unknown', async () => {
		for (const command of ['createUser', 'convertToCapped', 'mapReduce', 'logRotate', 'dbHash']) {
			const error = await refusal(store.db.command({ [command]: 'c' }));
			expect([error.code, error.codeName]).toEqual([115, 'CommandNotSupported']);
		}
		expect((await refusal(admin({ atlasVersion: 1 }))).codeName).toBe('CommandNotFound');
		expect(Object.keys((await store.db.command({ listCommands: 1 })).commands)).not.toContain('mapReduce');
		const collection = store.fresh();
		await collection.insertOne({});
		expect(await store.db.command({ compact: collection.collectionName })).toEqual({ bytesFreed: 0, ok: 1 });
		expect((await refusal(store.db.command({ compact: 'absent' }))).code).toBe(26);
	});
	it('refuses Atlas search by its own code', async () => {
		const error = await refusal(store.db.command({ createSearchIndexes: 'c', indexes: [] }));
		expect([error.code, error.codeName]).toEqual([31082, 'SearchNotEnabled']);
		expect((await refusal(store.fresh().aggregate([{ $search: {} }]).toArray())).code).toBe(31082);
	});
});
