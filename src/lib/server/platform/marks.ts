import { openSync, readSync, writeSync } from 'node:fs';
import { latestBytes, openLatest, type Latest } from './latest.ts';

/**
 * Marks by which the application's processes on one machine tell each other that something kept in memory has changed.
 * They are counters in a small file: a process raises its own and compares the others' when a request comes in. Writing
 * and reading go through the operating system's memory and are over before the next line runs, so whoever has the answer
 * to a write finds it in whichever process he asks next.
 */
export type Marks = {
	/** Tells the others that what has this name changed. */
	raise: (name: MarkName) => void;
	/** Calls `changed` when another process raised that name. */
	follow: (name: MarkName, changed: () => void) => void;
	/** Looks what the others raised since the last look. */
	catchUp: () => void;
	/** Which version of a document was written last, by any of them. */
	latest: Latest;
};

/** What there is to tell of: what a memory of a module, or the page cache, has kept. */
const names = [
	'pages',
	'sessions',
	'stations',
	'station-choices',
	'competitions',
	'competition-addresses',
	'fields',
	'maturity-tallies',
	'proposal-counts',
	'judged-proposals',
	'declared',
	'trials',
	'shortages',
	'conflicts-held',
	'recent-rankings',
	'recent-large-rankings',
	'certainty'
] as const;

/** The name of something that one process forgets and all others must. */
export type MarkName = (typeof names)[number];

const places = names.length;

/** Where the counters of so many processes end, bytes. */
const countersBytes = (processes: number): number => processes * places * 4;

/** The file's size for so many processes, bytes. */
export const marksBytes = (processes: number): number => countersBytes(processes) + latestBytes;

const placeOf = (name: MarkName): number => names.indexOf(name);

/** Marks in a file of {@link marksBytes}, as the process numbered `self` of so many. */
export const openMarks = (file: string, self: number, processes: number): Marks => {
	const handle = openSync(file, 'r+');
	const bytes = new Uint8Array(countersBytes(processes));
	const counters = new Uint32Array(bytes.buffer);
	readSync(handle, bytes, 0, bytes.length, 0);
	const seen = counters.slice();
	const own = new Uint32Array(1);
	const ownBytes = new Uint8Array(own.buffer);
	const first = self * places;
	const followers = new Map<number, (() => void)[]>();
	return {
		raise: (name) => {
			const at = first + placeOf(name);
			own[0] = seen[at] = ((seen[at] ?? 0) + 1) >>> 0;
			writeSync(handle, ownBytes, 0, 4, at * 4);
		},
		follow: (name, changed) => {
			const place = placeOf(name);
			followers.set(place, [...(followers.get(place) ?? []), changed]);
		},
		catchUp: () => {
			readSync(handle, bytes, 0, bytes.length, 0);
			for (let at = 0; at < counters.length; at += 1) {
				const counter = counters[at] ?? 0;
				if (counter === seen[at]) continue;
				seen[at] = counter;
				for (const changed of followers.get(at % places) ?? []) changed();
			}
		},
		latest: openLatest(handle, countersBytes(processes))
	};
};

const alone: Marks = { raise: () => {}, follow: () => {}, catchUp: () => {}, latest: { note: () => {}, isOutdated: () => false } };

const known = Symbol.for('miaopu.marks');
type Keeper = { [known]?: Marks };

/** This process's marks: one for all that runs in it, however it was bundled. Without siblings there is nothing to tell. */
export const marks = (): Marks => {
	const keeper = globalThis as Keeper;
	const { MIAOPU_MARKS: file, MIAOPU_PROCESS: self, MIAOPU_PROCESSES: processes } = process.env;
	return (keeper[known] ??= file ? openMarks(file, Number(self), Number(processes)) : alone);
};
