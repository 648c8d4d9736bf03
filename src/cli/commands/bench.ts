import type { CliCommand } from '../command.ts';
import { InputError } from '../command.ts';
import { benchPages, type BenchLine } from '../bench/pages.ts';
import { readOptions } from '../options.ts';

const number = (value: number, digits = 0): string => value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

const table = (lines: readonly BenchLine[]): string => {
	const head = ['page', 'req/s', 'p50 ms', 'p95 ms', 'kB', 'failed', 'bare/s', 'ratio', 'asked for'];
	const rows = lines.map(({ name, ours, bare, target }) => [
		name,
		number(ours.perSecond),
		number(ours.p50, 1),
		number(ours.p95, 1),
		number(ours.bytes / 1024, 1),
		number(ours.failed),
		number(bare.perSecond),
		(ours.perSecond / bare.perSecond).toFixed(3),
		target
	]);
	const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
	return [head, ...rows]
		.map((row) => row.map((cell, column) => (column === 0 || column === 8 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd())
		.join('\n');
};

/** Measures the built application on a synthetic district. */
export const bench: CliCommand = {
	name: 'bench',
	summary: 'measure the pages people use most',
	help: `
Usage: npm run bench -- [--scale 200] [--seconds 6] [--json]

Seeds a synthetic district (kept under build/), starts the built application on it and measures pages at 16
connections and saves at 8, each beside a bare node:http server answering as many bytes in the same run.
Machines are noisy: compare ratios of one run.
`,
	run: async (args, output) => {
		const { values } = readOptions(args, {
			scale: { type: 'string', default: '200' },
			seconds: { type: 'string', default: '6' },
			json: { type: 'boolean', default: false }
		});
		const scale = Number(values.scale);
		const seconds = Number(values.seconds);
		if (!Number.isInteger(scale) || scale < 1) throw new InputError('--scale takes a whole number.');
		if (!(seconds > 0)) throw new InputError('--seconds takes a number above 0.');
		const lines = await benchPages({ scale, seconds, say: (text) => output.stderr(`· ${text}\n`) });
		output.stdout(values.json ? `${JSON.stringify({ scale, seconds, lines })}\n` : `${table(lines)}\n`);
		return lines.some(({ ours }) => ours.failed > 0) ? 1 : 0;
	}
};
