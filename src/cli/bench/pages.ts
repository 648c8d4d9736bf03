import { cpuTimesOf, memoryOf, type Memory } from './cpu-times.ts';
import { readLoad, writeLoad, type Load } from './load.ts';
import { commonPages, openCards, portfolioPages, type Measured } from './page-list.ts';
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

const measureSaves = async (server: Served, { cards, scores }: Measured, seconds: number, say: (text: string) => void): Promise<BenchLine[]> => {
	const { address } = server;
	const lines: BenchLine[] = [];
	const tokens = await Promise.all(cards.map(async ([first]) => `Bearer ${await token(address, first?.judge ?? 'judge1')}`));
	let saves = 0;
	for (const [name, status, target] of [
		['save a draft, durable', 'draft', '1,000/s, p95 ≤ 20 ms'],
		['submit a scorecard, durable', 'submitted', '700/s, p95 ≤ 25 ms']
	] as const) {
		say(name);
		const turns = cards.map(() => 0);
		const next = (writer: number) => {
			const list = cards[writer] ?? [];
			const turn = (turns[writer] = (turns[writer] ?? 0) + 1);
			const card = status === 'draft' ? list[turn % Math.max(1, list.length)] : list[turn - 1];
			if (!card) return null;
			saves += 1;
			return {
				method: 'PUT' as const,
				path: `/api/v1/scorecards/${card.id}`,
				headers: { Authorization: tokens[writer] ?? '' },
				body: { scores, comments: {}, overall: `第 ${saves} 次`, status, version: 0, client: `bench-${writer}`, seq: saves }
			};
		};
		const { load: ours, cpu } = await withCpu(server, () => writeLoad({ address, writers: cards.length, seconds, next }));
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
		const measured = await openCards(folder, Math.min(writers, Math.max(5, Math.floor(scale / 2))));
		const pages = [...(await commonPages(address, measured)), ...(options.portfolio ? await portfolioPages(address) : [])];
		for (const { name, paths, headers, target } of pages.filter((page) => page.name.includes(only))) {
			say(name);
			await readLoad({ address, paths, headers, connections: 16, seconds: Math.min(2, seconds) });
			const { load: ours, cpu } = await withCpu(server, () => readLoad({ address, paths, headers, connections: 16, seconds }));
			const bare = await bareServer(ours.bytes);
			const plain = await readLoad({ address: bare.address, paths: ['/'], connections: 16, seconds: Math.min(3, seconds) });
			bare.child.disconnect();
			lines.push({ name, ours, cpu, bare: plain, target });
		}
		if (only === '' || 'save submit'.includes(only)) lines.push(...(await measureSaves(server, measured, seconds, say)));
		return { lines, memory: memoryOf(server.child.pid ?? 0) };
	} finally {
		await endServer(server);
	}
};
