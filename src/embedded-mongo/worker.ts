/** The store in a thread of its own. Bundled separately; started by `startStore` with `workerUrl`. */
import { parentPort, workerData } from 'node:worker_threads';
import { startStore, StoreLockedError } from './index.ts';
import type { StoreOptions, WorkerMessage } from './index.ts';

function tell(message: WorkerMessage): void {
	parentPort?.postMessage(message);
}

try {
	const store = await startStore({ ...(workerData as StoreOptions), inThread: true });
	parentPort?.on('message', () => {
		void store.close().finally(() => process.exit(0));
	});
	tell({ ready: store.uri });
} catch (error) {
	tell({ failed: error instanceof Error ? error.message : String(error), locked: error instanceof StoreLockedError });
}
