/** The embedded store in a process of its own, so that what it uses can be measured: `store-server <dataDir>`. */
import { readFileSync } from 'node:fs';
import { startStore } from '#embedded-mongo';

/** Asked by any message: processor time used so far and memory now. */
export type ServerUsage = {
	/** Microseconds of all threads, in user and kernel mode. */
	cpu: number;
	/** Bytes in memory, and those of them that are not pages of mapped files (Linux only; else all). */
	rss: number;
	anonymous: number;
};

const anonymousBytes = (rss: number): number => {
	try {
		const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
		return kilobytes === undefined ? rss : Number(kilobytes) * 1024;
	} catch {
		return rss;
	}
};

const store = await startStore({ dataDir: process.argv[2] ?? '', workerUrl: new URL('./store-worker.js', import.meta.url) });
process.send?.({ uri: store.uri });
process.on('message', () => {
	const { user, system } = process.cpuUsage();
	const { rss } = process.memoryUsage();
	process.send?.({ cpu: user + system, rss, anonymous: anonymousBytes(rss) } satisfies ServerUsage);
});
process.on('disconnect', () => void store.close().then(() => process.exit(0)));
