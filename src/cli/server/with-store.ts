import { existsSync, mkdirSync } from 'node:fs';
import { socketPathFor, startStore, StoreLockedError } from '#embedded-mongo';
import { countedIn } from '#lib/server/platform/grounds.ts';
import { env } from '#lib/server/platform/env.ts';

/** A database to work on: somebody's MongoDB, or the embedded store started for as long as it is needed. */
export type RunningStore = { uri: string; embedded: boolean; dataDir: string | null; close: () => Promise<void> };

/** The database's name in an embedded store. */
const database = 'miaopu';

type Options = {
	port?: number;
	dataDir?: string;
	/** Where the store counts its changes, for the processes that keep pages. */
	changes?: string;
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

const openOrShare = async (dataDir: string, { port, share, changes }: Options): Promise<{ uri: string; close: () => Promise<void> }> => {
	try {
		const store = await startStore({ dataDir, port, changes: changes === undefined ? undefined : { file: changes, fields: countedIn(database) }, database, workerUrl: new URL('./store-worker.js', import.meta.url) });
		return { uri: store.uri, close: () => store.close() };
	} catch (error) {
		const socket = socketPathFor(dataDir);
		if (!(error instanceof StoreLockedError) || !share || !existsSync(socket)) throw error;
		return { uri: `mongodb://${encodeURIComponent(socket)}/${database}?directConnection=true`, close: async () => {} };
	}
};
