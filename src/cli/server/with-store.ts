import { existsSync, mkdirSync } from 'node:fs';
import { socketPathFor, startStore, StoreLockedError } from '#embedded-mongo';
import { env } from '#lib/server/platform/env.ts';

/** A database to work on: somebody's MongoDB, or the embedded store started for as long as it is needed. */
export type RunningStore = { uri: string; embedded: boolean; dataDir: string | null; close: () => Promise<void> };

type Options = {
	port?: number;
	dataDir?: string;
	/** Where another process has the store open, works through that one's socket instead of refusing. */
	share?: boolean;
};

/** Uses `MONGODB_URI` where it is set; else the embedded store on `DATA_DIR`. Sets `MONGODB_URI` for this process. */
export const openStore = async (options: Options = {}): Promise<RunningStore> => {
	if (process.env.MONGODB_URI && !options.dataDir && options.port === undefined)
		return { uri: process.env.MONGODB_URI, embedded: false, dataDir: null, close: async () => {} };
	const dataDir = options.dataDir ?? env.dataDir();
	mkdirSync(dataDir, { recursive: true });
	const opened = await openOrShare(dataDir, options);
	process.env.MONGODB_URI = opened.uri;
	return { embedded: true, dataDir, ...opened };
};

const openOrShare = async (dataDir: string, { port, share }: Options): Promise<{ uri: string; close: () => Promise<void> }> => {
	try {
		const store = await startStore({ dataDir, port, workerUrl: new URL('./store-worker.js', import.meta.url) });
		return { uri: store.uri, close: () => store.close() };
	} catch (error) {
		const socket = socketPathFor(dataDir);
		if (!(error instanceof StoreLockedError) || !share || !existsSync(socket)) throw error;
		return { uri: `mongodb://${encodeURIComponent(socket)}/miaopu?directConnection=true`, close: async () => {} };
	}
};
