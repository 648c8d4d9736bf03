import mongoose from 'mongoose';
import { env } from '../env.ts';
import { groundsAreKnown } from '../grounds.ts';
import { logger } from '../logger.ts';
import { noteReads } from './noted-reads.ts';

mongoose.set('strictQuery', 'throw');
mongoose.set('sanitizeFilter', false);
mongoose.set('autoIndex', false);
mongoose.set('autoCreate', false);

/** Connects once; later calls wait for the same connection. Throws when no server answers within `timeout` ms. */
export const connectDatabase = async (uri = env.mongodbUri(), timeout = 10_000): Promise<void> => {
	if (mongoose.connection.readyState === 1) return;
	if (groundsAreKnown()) noteReads();
	await mongoose.connect(uri, {
		serverSelectionTimeoutMS: timeout,
		maxPoolSize: 20,
		minPoolSize: 4,
		ignoreUndefined: true,
		// What is stored was encoded by this driver; checking every string again costs a tenth of a long list.
		enableUtf8Validation: false,
		writeConcern: { w: 'majority', journal: true }
	});
	logger.debug({ server: mongoose.connection.host }, 'database connected');
};

export const disconnectDatabase = async (): Promise<void> => {
	await mongoose.disconnect();
};

/** Whether the database answers a ping within two seconds. */
export const databaseAnswers = async (): Promise<boolean> => {
	const db = mongoose.connection.db;
	if (!db) return false;
	try {
		await db.command({ ping: 1 }, { timeoutMS: 2000 });
		return true;
	} catch {
		return false;
	}
};

/** The driver's database handle, for GridFS, migrations and backup. */
export const database = () => {
	const db = mongoose.connection.db;
	if (!db) throw new Error('The database is not connected yet.');
	return db;
};

/** Creates every index the models declare; safe to run again. */
export const ensureIndexes = async (): Promise<void> => {
	for (const name of mongoose.modelNames()) {
		const model = mongoose.model(name);
		await model.createCollection().catch((error: { codeName?: string }) => {
			if (error.codeName !== 'NamespaceExists') throw error;
		});
		await model.createIndexes();
	}
};
