import { connectDatabase, disconnectDatabase } from '#lib/server/platform/db/index.ts';
import { migrate } from '#lib/server/platform/migrations.ts';
import { migrations } from '#lib/server/app/migrations.ts';
import { wireSubscribers } from '#lib/server/app/subscribers.ts';
import { openStore, type RunningStore } from './with-store.ts';

/** Runs work against the database as the application sees it: connected, migrated, events wired. */
export const withDatabase = async <T>(work: (store: RunningStore) => Promise<T>): Promise<T> => {
	const store = await openStore({ share: true });
	try {
		await connectDatabase(store.uri);
		await migrate(migrations);
		wireSubscribers();
		return await work(store);
	} finally {
		await disconnectDatabase();
		await store.close();
	}
};
