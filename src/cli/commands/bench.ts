import type { CliCommand, CommandIo } from '../command.ts';
import { InputError } from '../command.ts';
import { benchGrowth, type GrowthLine } from '../bench/growth.ts';
import { benchPages, type BenchResult, type CpuShare } from '../bench/pages.ts';
import { panels, simulate, type PanelResult } from '../bench/ranking.ts';
import { benchStore, type StoreFigures, type StoreLine } from '../bench/store.ts';
import { readOptions } from '../options.ts';
import { textTable } from '../text-table.ts';

const number = (value: number, digits = 0): string => value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

const megabytes = (bytes: number): string => `${number(bytes / 1024 / 1024)} MB`;
const micros = (cpu: CpuShare | null): string => (cpu ? `${number(cpu.main)} + ${number(cpu.others)}` : '');

const memoryLine = (memory: BenchResult['memory']): string => {
	const each = (memory ?? []).map(({ rss, anonymous }, at) => `${at === 0 ? 'store' : 'pages'} ${megabytes(rss)} (${megabytes(anonymous)} beyond mapped files)`);
	return each.length > 0 ? `\nmemory by process: ${each.join(', ')}; asked for: 350 MB\n` : '';
};

const pagesTable = ({ lines, memory }: BenchResult): string =>
	textTable(
		['page', 'req/s', 'p50 ms', 'p95 ms', 'µs app + store', 'kB', 'failed', 'bare/s', 'ratio', 'asked for'],
		lines.map(({ name, ours, cpu, bare, target }) => [
			name,
			number(ours.perSecond),
			number(ours.p50, 1),
			number(ours.p95, 1),
			micros(cpu),
			number(ours.bytes / 1024, 1),
			number(ours.failed),
			number(bare.perSecond),
			(ours.perSecond / bare.perSecond).toFixed(3),
			target
		]),
		new Set([1, 2, 3, 4, 5, 6, 7, 8])
	) + memoryLine(memory);

const cpuRatio = (small: CpuShare | null, large: CpuShare | null): string =>
	small && large ? ((large.main + large.others) / (small.main + small.others)).toFixed(2) : '';

const growthTable = (lines: readonly GrowthLine[], from: number, to: number): string =>
	textTable(
		['page', `p95 ms at ${from}`, `at ${to}`, 'ratio', `µs app + store at ${from}`, `at ${to}`, 'ratio', `kB at ${from}`, `at ${to}`, 'failed'],
		lines.map(({ name, small, large }) => [
			name,
			number(small.load.p95, 1),
			number(large.load.p95, 1),
			(large.load.p95 / small.load.p95).toFixed(2),
			micros(small.cpu),
			micros(large.cpu),
			cpuRatio(small.cpu, large.cpu),
			number(small.load.bytes / 1024, 1),
			number(large.load.bytes / 1024, 1),
			number(small.load.failed + large.load.failed)
		]),
		new Set([1, 2, 3, 4, 5, 6, 7, 8, 9])
	);

const ratio = (value: number, to: number | null): string => (to === null ? '' : (value / to).toFixed(3));

const storeTable = (lines: readonly StoreLine[]): string =>
	textTable(
		['operation', 'clients', 'op/s', 'p50 ms', 'p95 ms', 'failed', 'server µs/op', 'of ping', 'lmdb/s', 'of lmdb', 'asked for'],
		lines.map(({ name, clients, ours, cpuMicros, ping, bare, target }) => [
			name,
			String(clients),
			number(ours.perSecond, ours.perSecond < 100 ? 1 : 0),
			number(ours.p50, 2),
			number(ours.p95, 2),
			number(ours.failed),
			number(cpuMicros),
			ratio(ours.perSecond, ping),
			bare === null ? '' : number(bare),
			ratio(ours.perSecond, bare),
			target
		]),
		new Set([1, 2, 3, 4, 5, 6, 7, 8, 9])
	);

const storeFigures = ({ startMillis, nodeMillis, rss, anonymous, sizeRatio }: StoreFigures): string =>
	[
		`start to first answer: ${number(startMillis)} ms, of which ${number(nodeMillis)} ms for an empty Node process (asked for: 2,000 ms)`,
		`memory: ${megabytes(rss)}, of which ${megabytes(anonymous)} beyond mapped pages (asked for: 250 MB)`,
		`indexed find, large beside small: ${sizeRatio.toFixed(2)} times the time (asked for: 2)`,
		''
	].join('\n');

const whole = (name: string, text: string): number => {
	const value = Number(text);
	if (!Number.isInteger(value) || value < 1) throw new InputError(`--${name} takes a whole number.`);
	return value;
};

const positive = (text: string): number => {
	const seconds = Number(text);
	if (!(seconds > 0)) throw new InputError('--seconds takes a number above 0.');
	return seconds;
};

const runPages = async (args: string[], output: CommandIo): Promise<number> => {
	const { values } = readOptions(args, {
		scale: { type: 'string', default: '200' },
		seconds: { type: 'string', default: '6' },
		portfolio: { type: 'boolean', default: false },
		only: { type: 'string', default: '' },
		json: { type: 'boolean', default: false }
	});
	const scale = whole('scale', values.scale);
	const seconds = positive(values.seconds);
	const { portfolio, only } = values;
	const result = await benchPages({ scale, seconds, portfolio, only, say: (text) => output.stderr(`· ${text}\n`) });
	output.stdout(values.json ? `${JSON.stringify({ scale, seconds, ...result })}\n` : pagesTable(result));
	return result.lines.some(({ ours }) => ours.failed > 0) ? 1 : 0;
};

const runGrowth = async (args: string[], output: CommandIo): Promise<number> => {
	const { values } = readOptions(args, {
		from: { type: 'string', default: '200' },
		to: { type: 'string', default: '3000' },
		seconds: { type: 'string', default: '4' },
		connections: { type: 'string', default: '16' },
		only: { type: 'string', default: '' },
		json: { type: 'boolean', default: false }
	});
	const [from, to] = [whole('from', values.from), whole('to', values.to)];
	const [seconds, connections] = [positive(values.seconds), whole('connections', values.connections)];
	const lines = await benchGrowth({ from, to, seconds, connections, only: values.only, say: (text) => output.stderr(`· ${text}\n`) });
	output.stdout(values.json ? `${JSON.stringify({ from, to, seconds, connections, lines })}\n` : growthTable(lines, from, to));
	return lines.some(({ small, large }) => small.load.failed + large.load.failed > 0) ? 1 : 0;
};

const runStore = async (args: string[], output: CommandIo): Promise<number> => {
	const { values } = readOptions(args, {
		documents: { type: 'string', default: '1000000' },
		small: { type: 'string', default: '10000' },
		grouped: { type: 'string', default: '100000' },
		seconds: { type: 'string', default: '4' },
		json: { type: 'boolean', default: false }
	});
	const sizes = { large: whole('documents', values.documents), small: whole('small', values.small), grouped: whole('grouped', values.grouped) };
	if (Math.min(...Object.values(sizes)) < 2000) throw new InputError('Collections need at least 2,000 documents.');
	const seconds = positive(values.seconds);
	const { lines, figures } = await benchStore({ ...sizes, seconds, say: (text) => output.stderr(`· ${text}\n`) });
	output.stdout(values.json ? `${JSON.stringify({ ...sizes, seconds, lines, figures })}\n` : `${storeTable(lines)}\n${storeFigures(figures)}`);
	return lines.some(({ ours }) => ours.failed > 0) ? 1 : 0;
};

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

const rankingTable = (results: readonly PanelResult[]): string =>
	textTable(
		['panel', 'proposals', 'judges', 'reviews', 'runs', 'best found: mean', 'calibrated', 'difference', 'runs worse', 'in interval'],
		results.map(({ name, proposals, judges, reviews, runs, found, covered, worse }) => [
			name,
			...[proposals, judges, reviews, runs].map(String),
			percent(found.mean),
			percent(found.calibrated),
			`${((found.calibrated - found.mean) * 100).toFixed(1)} points`,
			String(worse),
			percent(covered)
		]),
		new Set([1, 2, 3, 4, 5, 6, 7, 8, 9])
	);

const runRanking = (args: string[], output: CommandIo): number => {
	const { values } = readOptions(args, {
		runs: { type: 'string', default: '300' },
		seed: { type: 'string', default: 'bench' },
		json: { type: 'boolean', default: false }
	});
	const runs = whole('runs', values.runs);
	const results = panels.map((panel) => {
		output.stderr(`· ${panel.name} …\n`);
		return simulate(panel, runs, values.seed);
	});
	output.stdout(values.json ? `${JSON.stringify({ runs, seed: values.seed, results })}\n` : rankingTable(results));
	return 0;
};

/** Measures the built application on a synthetic district, the embedded store alone, or what the calibrated score finds. */
export const bench: CliCommand = {
	name: 'bench',
	summary: 'measure the pages people use most, the store, or the ranking',
	help: `
Usage: npm run bench -- [pages] [--scale 200] [--seconds 6] [--portfolio] [--only NAME] [--json]
       npm run bench -- growth [--from 200] [--to 3000] [--seconds 4] [--connections 16] [--only NAME] [--json]
       npm run bench -- store [--documents 1000000] [--small 10000] [--grouped 100000] [--seconds 4] [--json]
       npm run bench -- ranking [--runs 300] [--seed bench] [--json]

pages  Seeds a synthetic district (kept under build/), starts the built application on it and measures pages at 16
       connections and saves at 8, each beside a bare node:http server answering as many bytes in the same run.
       --portfolio adds what a city, a street's head and a worker see of their organizations; --only takes the pages
       with that in their names. On Linux each line says what one answer costs in processor time.

growth Measures the same pages on a small and on a large district (seeding 3000 takes minutes and 1 GB under build/),
       each page on one right after the other: what is asked for is a p95 at most twice as long.

store  Fills an embedded store (kept under build/; 1.5 GB at full size) and measures it in a process of its own. The
       clients are the official driver in processes of their own. Each line stands beside what the same clients get from
       "ping" and what lmdb alone does in the same run, with the server's processor time for one operation.
       Smaller sizes make a quick run: --documents 20000 --small 2000 --grouped 5000 --seconds 1

ranking  Simulates panels whose truth is known and says how much of the truly best fifth the mean and the calibrated
       score find, and how many true values lie in their 95% interval.

Machines are noisy: compare ratios of one run.
`,
	run: (args, output) => {
		const [what, ...rest] = args;
		if (what === 'store') return runStore(rest, output);
		if (what === 'growth') return runGrowth(rest, output);
		if (what === 'ranking') return Promise.resolve(runRanking(rest, output));
		return runPages(what === 'pages' ? rest : args, output);
	}
};
