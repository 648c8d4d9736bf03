import { mkdirSync } from 'node:fs';
import { startStore } from '#embedded-mongo';
import { env } from '#lib/server/platform/env.ts';

/** A database to work on: somebody's MongoDB, or the embedded store started for as long as it is needed. */
export type RunningStore = { uri: string; embedded: boolean; dataDir: string | null; close: () => Promise<void> };

/** Uses `MONGODB_URI` where it is set; else starts the embedded store on `DATA_DIR` and sets it for this process. */
export const openStore = async (options: { port?: number; dataDir?: string } = {}): Promise<RunningStore> => {
	if (process.env.MONGODB_URI && !options.dataDir && options.port === undefined)
		return { uri: process.env.MONGODB_URI, embedded: false, dataDir: null, close: async () => {} };
	const dataDir = options.dataDir ?? env.dataDir();
	mkdirSync(dataDir, { recursive: true });
	const store = await startStore({
		dataDir,
		port: options.port,
		workerUrl: new URL('./store-worker.js', import.meta.url)
	});
	process.env.MONGODB_URI = store.uri;
	return { uri: store.uri, embedded: true, dataDir, close: () => store.close() };
};

