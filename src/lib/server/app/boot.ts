import { recordsWritten } from '#lib/server/modules/audit/index.ts';
import { connectDatabase, disconnectDatabase } from '#lib/server/platform/db/index.ts';
import { startJobs } from '#lib/server/platform/jobs.ts';
import { logger } from '#lib/server/platform/logger.ts';
import { migrate } from '#lib/server/platform/migrations.ts';
import { jobs } from './jobs.ts';
import { migrations } from './migrations.ts';
import { wireSubscribers } from './subscribers.ts';

/** Brings the application up: database, migrations, reactions, jobs. The answer shuts it down, the database last. */
export const boot = async (): Promise<() => Promise<void>> => {
	await connectDatabase();
	await migrate(migrations);
	wireSubscribers();
	const stopJobs = startJobs(jobs);
	let stopping: Promise<void> | null = null;
	return () =>
		(stopping ??= (async () => {
			await stopJobs();
			await recordsWritten();
			await disconnectDatabase();
			logger.info('stopped');
			process.emit('miaopu:stopped' as 'exit', 0);
		})());
};
