/** A store on a temporary directory and a driver connected to it, for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import type { Collection, Db, MongoClientOptions } from 'mongodb';
import { vi } from 'vitest';
import { startStore } from '../index.ts';
import type { RunningStore } from '../index.ts';

// A busy machine with a slow disk is no reason to fail.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

export interface Harness {
	store: RunningStore;
	dataDir: string;
	client: MongoClient;
	db: Db;
	/** A collection with a name nobody used before. */
	fresh(name?: string): Collection;
	restart(): Promise<void>;
	stop(): Promise<void>;
}

export async function startHarness(options: MongoClientOptions = {}): Promise<Harness> {
	const dataDir = mkdtempSync(join(tmpdir(), 'store-'));
	let made = 0;
	const store = await startStore({ dataDir, inThread: true });
	const client = await MongoClient.connect(store.uri, options);
	const harness: Harness = {
		store,
		dataDir,
		client,
		db: client.db(),
		fresh: (name = 'c') => harness.db.collection(`${name}${++made}`),
		async restart() {
			await harness.client.close();
			await harness.store.close();
			harness.store = await startStore({ dataDir, inThread: true });
			harness.client = await MongoClient.connect(harness.store.uri, options);
			harness.db = harness.client.db();
		},
		async stop() {
			await harness.client.close();
			await harness.store.close();
			rmSync(dataDir, { recursive: true, force: true });
		}
	};
	return harness;
}
