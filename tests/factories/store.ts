import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStore } from '#embedded-mongo';
import { migrations } from '#lib/server/app/migrations.ts';
import { wireSubscribers } from '#lib/server/app/subscribers.ts';
import { recordsWritten } from '#lib/server/modules/audit/index.ts';
import { connectDatabase, disconnectDatabase } from '#lib/server/platform/db/index.ts';
import { migrate } from '#lib/server/platform/migrations.ts';

/**
 * An empty database behind the real driver and the real wire, migrated and wired as the application starts it.
 * `MIAOPU_TEST_MONGODB_URI` runs the same tests on a MongoDB server, in a database of their own.
 */
export const openTestDatabase = async (): Promise<{ uri: string; close: () => Promise<void> }> => {
	const server = process.env.MIAOPU_TEST_MONGODB_URI;
	const dataDir = mkdtempSync(join(tmpdir(), 'miaopu-test-'));
	const store = server ? null : await startStore({ dataDir, inThread: true });
	const uri = store?.uri ?? `${server}/miaopu_test_${process.pid}_${Date.now()}`;
	await connectDatabase(uri);
	await migrate(migrations);
	wireSubscribers();
	return {
		uri,
		close: async () => {
			await recordsWritten();
			await disconnectDatabase();
			await store?.close();
			rmSync(dataDir, { recursive: true, force: true });
		}
	};
};
