import { resolve } from 'node:path';

/** Settings from the environment, read once. Everything has a safe default but the database. */
export const env = {
	/** MongoDB connection string; the start command sets it to the embedded store's socket when nobody else did. */
	mongodbUri: (): string => {
		const uri = process.env.MONGODB_URI;
		if (!uri) throw new Error('MONGODB_URI is not set: start with `npm start`, or point it at a MongoDB server.');
		return uri;
	},
	dataDir: (): string => resolve(process.env.DATA_DIR ?? 'data'),
	logLevel: (): string => process.env.LOG_LEVEL ?? 'info',
	/** Public address, for links in invitations; falls back to the request's own. */
	origin: (): string | undefined => process.env.ORIGIN
};
