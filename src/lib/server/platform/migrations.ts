import { now } from './clock.ts';
import { database, ensureIndexes, isDuplicateKey } from './db/index.ts';
import { logger } from './logger.ts';

/** A numbered change of the stored data. It must be safe to run again after a crash half-way. */
export type Migration = { number: number; name: string; run: () => Promise<void> };

type Lock = { _id: string; owner: string; until: Date };
type Applied = { _id: number; name: string; at: Date };

const lockSeconds = 60;
let applied = false;

/** Whether this process has seen the data brought up to date (for the readiness check). */
export const migrationsDone = (): boolean => applied;

const takeLock = async (owner: string): Promise<boolean> => {
	const locks = database().collection<Lock>('locks');
	try {
		const held = await locks.findOneAndUpdate(
			{ _id: 'migrations', $or: [{ until: { $lt: now() } }, { owner }] },
			{ $set: { owner, until: new Date(now().getTime() + lockSeconds * 1000) } },
			{ upsert: true, returnDocument: 'after' }
		);
		return held?.owner === owner;
	} catch (error) {
		if (isDuplicateKey(error)) return false;
		throw error;
	}
};

/** Creates indexes and runs what has not run yet, one process at a time. */
export const migrate = async (migrations: readonly Migration[]): Promise<void> => {
	const owner = `${process.pid}-${Math.random().toString(36).slice(2)}`;
	while (!(await takeLock(owner))) await new Promise((resolve) => setTimeout(resolve, 250));
	try {
		await ensureIndexes();
		const log = database().collection<Applied>('migrations');
		const done = new Set((await log.find().toArray()).map((entry) => entry._id));
		for (const migration of [...migrations].sort((a, b) => a.number - b.number)) {
			if (done.has(migration.number)) continue;
			logger.info({ migration: migration.name }, 'migrating');
			await takeLock(owner);
			await migration.run();
			await log.insertOne({ _id: migration.number, name: migration.name, at: now() });
		}
		applied = true;
	} finally {
		await database().collection<Lock>('locks').deleteOne({ _id: 'migrations', owner });
	}
};
