/** Serves a data directory until killed: `serve <dataDir>`; prints the URI. */
import { startStore } from '../index.ts';

const store = await startStore({ dataDir: process.argv[2] ?? '', inThread: true });
process.on('SIGINT', () => void store.close().then(() => process.exit(0)));
process.on('SIGTERM', () => void store.close().then(() => process.exit(0)));
process.stdout.write(`${store.uri}\n`);
