import { database } from './db/index.ts';
import { now } from './clock.ts';

type Setting = { _id: string; at: Date };

/** Notes that this database holds demo data with a known password. */
export const markDemo = async (): Promise<void> => {
	await database().collection<Setting>('settings').updateOne({ _id: 'demo' }, { $set: { at: now() } }, { upsert: true });
};
