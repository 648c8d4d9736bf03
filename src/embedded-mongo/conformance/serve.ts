/** Serves a data directory until killed: `serve <dataDir> [port]`; prints the URI. */
import { startStore } from '../index.ts';

const [dataDir = '', port] = process.argv.slice(2);
const store = await startStore({ dataDir, inThread: true, ...(port === undefined ? {} : { port: Number(port) }) });
process.on('SIGINT', () => void store.close().then(() => process.exit(0)));
process.on('SIGTERM', () => void store.close().then(() => process.exit(0)));
process.stdout.write(`${store.uri}\n`);
