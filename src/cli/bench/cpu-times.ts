import { readdirSync, readFileSync } from 'node:fs';

/** Processor time processes have used, microseconds: their main threads (the application), and all others (the store, GC). */
export type CpuTimes = { main: number; others: number };

/** Fields of a thread's `stat` behind its name: state is the first, user and system time are the 12th and 13th. */
const microsOf = (stat: string): number => {
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	// Linux counts in hundredths of a second, whatever its own tick is.
	return (Number(fields[11]) + Number(fields[12])) * 10_000;
};

/** A process and all that come from it. */
const treeOf = (pid: number): number[] => {
	const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' '));
	return [pid, ...children.filter((child) => child !== '').flatMap((child) => treeOf(Number(child)))];
};

/** What a process and its children have used so far, as the system tells it; null where it does not (only Linux has `/proc`). */
export const cpuTimesOf = (root: number): CpuTimes | null => {
	try {
		const times = { main: 0, others: 0 };
		for (const pid of treeOf(root))
			for (const thread of readdirSync(`/proc/${pid}/task`))
				times[Number(thread) === pid ? 'main' : 'others'] += microsOf(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8'));
		return times;
	} catch {
		return null;
	}
};

/** Memory of a process in bytes: all of it, and what is no page of a mapped file. */
export type Memory = { rss: number; anonymous: number };

/** Memory of a process and of its children; null where the system does not tell. */
export const memoryOf = (root: number): Memory[] | null => {
	try {
		return treeOf(root).map((pid) => {
			const status = readFileSync(`/proc/${pid}/status`, 'utf8');
			const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
			return { rss: field('VmRSS'), anonymous: field('RssAnon') };
		});
	} catch {
		return null;
	}
};
