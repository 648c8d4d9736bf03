/**
 * Serves a data directory until killed: `serve <dataDir> [port] [counters]`; prints the URI. With a file of counters,
 * SIGUSR2 takes it away: from then on writing to it fails, as on a disk that is full.
 */
import { closeSync, openSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { startStore } from '../index.ts';

const [dataDir = '', port, counters] = process.argv.slice(2);
const changes = counters === undefined ? undefined : { file: counters, fields: {} };
const store = await startStore({ dataDir, inThread: true, changes, ...(port === undefined ? {} : { port: Number(port) }) });

/** Puts a full device in the place of an open file. */
function fillUp(file: string): void {
	const linkOf = (fd: string): string | undefined => {
		try {
			return readlinkSync(`/proc/self/fd/${fd}`);
		} catch {
			return undefined;
		}
	};
	const path = realpathSync(file);
	const place = Number(readdirSync('/proc/self/fd').find((fd) => linkOf(fd) === path));
	closeSync(place);
	// The lowest free number is given first.
	while (openSync('/dev/full', 'r+') < place);
}

process.on('SIGUSR2', () => fillUp(counters ?? ''));
process.on('SIGINT', () => void store.close().then(() => process.exit(0)));
process.on('SIGTERM', () => void store.close().then(() => process.exit(0)));
process.stdout.write(`${store.uri}\n`);
