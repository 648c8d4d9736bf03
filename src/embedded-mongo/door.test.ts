import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundle } from './conformance/child.ts';
import { socketPathFor, startStore, StoreLockedError } from './index.ts';

let dataDir: string;
beforeEach(() => {
	dataDir = mkdtempSync(join(tmpdir(), 'door-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

async function ping(uri: string): Promise<void> {
	const client = await MongoClient.connect(uri);
	expect(client.db().databaseName).toBe('miaopu');
	await client.db().command({ ping: 1 });
	await client.db().collection('c').insertMany(Array.from({ length: 300 }, (_, i) => ({ i })));
	expect(await client.db().collection('c').find().toArray()).toHaveLength(300);
	await client.db().collection('c').drop();
	await client.close();
}

describe('startStore', () => {
	it('listens on a socket only its user can open', async () => {
		const store = await startStore({ dataDir, inThread: true });
		expect(store.uri).toBe(`mongodb://${encodeURIComponent(join(dataDir, 'store.sock'))}/miaopu?directConnection=true`);
		expect(statSync(join(dataDir, 'store.sock')).mode & 0o777).toBe(0o600);
		await ping(store.uri);
		await store.close();
	});

	it('finds a shorter place for the socket of a long directory', async () => {
		const long = join(dataDir, 'x'.repeat(120));
		mkdirSync(long);
		const path = socketPathFor(long);
		expect(path.startsWith(tmpdir())).toBe(true);
		const store = await startStore({ dataDir: long, inThread: true });
		expect(statSync(path).mode & 0o777).toBe(0o600);
		await ping(store.uri);
		await store.close();
	});

	it('listens on a port when asked', async () => {
		const store = await startStore({ dataDir, port: 0, inThread: true });
		expect(store.uri).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+\/miaopu/);
		await ping(store.uri);
		await store.close();
	});

	it('gives a directory to one owner, and takes over from a dead one', async () => {
		const store = await startStore({ dataDir, inThread: true });
		await expect(startStore({ dataDir, inThread: true })).rejects.toThrow(StoreLockedError);
		await expect(startStore({ dataDir, inThread: true })).rejects.toThrow(/MONGODB_URI/);
		await store.close();
		writeFileSync(join(dataDir, 'store.lock'), '999999999 1\n');
		const again = await startStore({ dataDir, inThread: true });
		expect(readFileSync(join(dataDir, 'store.lock'), 'utf8')).toContain(String(process.pid));
		await again.close();
		// The pid came round again: same number, another process.
		writeFileSync(join(dataDir, 'store.lock'), `${process.pid} 1\n`);
		await (await startStore({ dataDir, inThread: true })).close();
	});

	it('runs in a worker thread', async () => {
		const worker = await bundle(new URL('./worker.ts', import.meta.url));
		const store = await startStore({ dataDir, workerUrl: worker.file });
		await ping(store.uri);
		await expect(startStore({ dataDir, inThread: true })).rejects.toThrow(StoreLockedError);
		await expect(startStore({ dataDir, workerUrl: worker.file })).rejects.toThrow(StoreLockedError);
		await store.close();
		worker.remove();
	}, 30_000);
});
