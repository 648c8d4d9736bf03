import { cpuTimesOf, memoryOf, type Memory } from './cpu-times.ts';
import { readLoad, writeLoad, type Load } from './load.ts';
import { commonPages, openCards, portfolioPages, type Card, type Measured } from './page-list.ts';
import { bareServer, dataOf, endServer, startServer, token, type Served } from './served.ts';

/** Processor time for one answer in microseconds: the application's threads, and all others (the store, GC). */
export type CpuShare = { main: number; others: number };

/** One line of the table: ours, a bare server answering as many bytes in the same run, and what is asked for. */
export type BenchLine = { name: string; ours: Load; cpu: CpuShare | null; bare: Load; target: string };

/** Lines, and the memory of each process after all of them: the one with the store, then those that serve pages. */
export type BenchResult = { lines: BenchLine[]; memory: Memory[] | null };

/** Does some work and says what it cost the server. */
export const withCpu = async ({ child }: Served, work: () => Promise<Load>): Promise<{ load: Load; cpu: CpuShare | null }> => {
	const before = cpuTimesOf(child.pid ?? 0);
	const load = await work();
	const after = cpuTimesOf(child.pid ?? 0);
	if (!before || !after || load.answers === 0) return { load, cpu: null };
	return { load, cpu: { main: (after.main - before.main) / load.answers, others: (after.others - before.others) / load.answers } };
};

const writers = 8;

/**
 * How long each line runs before it is measured, seconds. The engine compiles what it has seen some thousand times: until
 * then a page costs twice what it costs from then on.
 */
const warmUp = 6;

/** At most so many judges' scorecards are submitted; those of the others (as many at least) warm the server up. */
const submitters = 48;

/** Scorecards shared out among the writers, a judge's to one of them. */
const shares = (lists: readonly Card[][]): Card[][] =>
	Array.from({ length: writers }, (_, writer) => lists.filter((_list, index) => index % writers === writer).flat());

const measureSaves = async (server: Served, { cards, scores }: Measured, seconds: number, say: (text: string) => void): Promise<BenchLine[]> => {
	const { address } = server;
	const lines: BenchLine[] = [];
	const tokens = new Map<string, string>();
	for (const judge of new Set(cards.flat().map((card) => card.judge))) tokens.set(judge, `Bearer ${await token(address, judge)}`);
	const measured = Math.min(submitters, Math.floor(cards.length / 2));
	const own = shares(cards.slice(0, measured));
	const others = shares(cards.slice(measured));
	let saves = 0;
	const write = ({ id, judge, client }: Card, status: 'draft' | 'submitted') => {
		saves += 1;
		return {
			method: 'PUT' as const,
			path: `/api/v1/scorecards/${id}`,
			headers: { Authorization: tokens.get(judge) ?? '' },
			body: { scores, comments: {}, overall: `第 ${saves} 次`, status, version: 0, client, seq: saves }
		};
	};
	// A draft is saved again and again: each writer has the scorecards of one judge.
	const drafts = () => {
		const turns = own.map(() => 0);
		return (writer: number) => {
			const list = cards[writer % cards.length] ?? [];
			const card = list[(turns[writer] = (turns[writer] ?? 0) + 1) % Math.max(1, list.length)];
			return card ? write(card, 'draft') : null;
		};
	};
	/** Each of these scorecards once. */
	const once = (lists: readonly Card[][], status: 'draft' | 'submitted') => {
		const left = lists.map((list) => [...list]);
		return (writer: number) => {
			const card = left[writer]?.shift();
			return card ? write(card, status) : null;
		};
	};
	// A phone saves a scorecard while its judge fills it in, and then submits it.
	const fillIn = () => writeLoad({ address, writers, seconds: Infinity, next: once(own, 'draft') });
	for (const [name, before, warm, measured, target] of [
		['save a draft, durable', null, drafts(), drafts(), '1,000/s, p95 ≤ 20 ms'],
		['submit a scorecard, durable', fillIn, once(others, 'submitted'), once(own, 'submitted'), '700/s, p95 ≤ 25 ms']
	] as const) {
		say(name);
		await before?.();
		await writeLoad({ address, writers, seconds: Math.min(warmUp, seconds), next: warm });
		const { load: ours, cpu } = await withCpu(server, () => writeLoad({ address, writers, seconds, next: measured }));
		const bare = await bareServer(ours.bytes);
		const plain = await writeLoad({
			address: bare.address,
			writers,
			seconds: Math.min(3, seconds),
			next: () => ({ method: 'PUT', path: '/', headers: {}, body: { scores } })
		});
		bare.child.disconnect();
		lines.push({ name, ours, cpu, bare: plain, target });
	}
	return lines;
};

/** Measures the pages people use most, or those of a portfolio too, at 16 connections, saves at 8. `only`: a part of their names. */
export const benchPages = async (options: {
	scale: number;
	seconds: number;
	portfolio: boolean;
	only: string;
	say: (text: string) => void;
}): Promise<BenchResult> => {
	const { scale, seconds, say, only } = options;
	const folder = await dataOf(scale, say);
	const server = await startServer(folder);
	const lines: BenchLine[] = [];
	const { address } = server;
	try {
		const measured = await openCards(folder, Math.max(5, Math.floor(scale / 2)));
		const pages = [...(await commonPages(address, measured)), ...(options.portfolio ? await portfolioPages(address) : [])];
		for (const { name, paths, headers, target } of pages.filter((page) => page.name.includes(only)))
			for (const anew of headers ? [false, true] : [false]) {
				const line = anew ? `${name}, made anew` : name;
				say(line);
				const asked = { address, paths, headers, connections: 16, anew };
				await readLoad({ ...asked, seconds: Math.min(warmUp, seconds) });
				const { load: ours, cpu } = await withCpu(server, () => readLoad({ ...asked, seconds }));
				const bare = await bareServer(ours.bytes);
				const plain = await readLoad({ address: bare.address, paths: ['/'], connections: 16, seconds: Math.min(3, seconds) });
				bare.child.disconnect();
				lines.push({ name: line, ours, cpu, bare: plain, target: anew ? '' : target });
			}
		if (only === '' || 'save submit'.includes(only)) lines.push(...(await measureSaves(server, measured, seconds, say)));
		return { lines, memory: memoryOf(server.child.pid ?? 0) };
	} finally {
		await endServer(server);
	}
};
