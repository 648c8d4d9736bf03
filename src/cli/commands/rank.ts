import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { calibrate, type Calibration, type CalibrationNote } from '#lib/domain/judging/calibrated/calibrate.ts';
import type { CalibrationRefusal } from '#lib/domain/judging/calibrated/official.ts';
import { formatHalfUp, parseDecimal, ratio, toNumber, ZERO, type Ratio } from '#lib/domain/judging/exact.ts';
import { byText } from '#lib/domain/judging/random.ts';
import {
	aggregateUnits,
	rankByScore,
	TRIMMING_NEEDS,
	type AggregateRule,
	type ScoredProposal
} from '#lib/domain/judging/ranking.ts';
import { InputError, reportInputErrors, type CliCommand, type CommandIo } from '../command.ts';
import { readTable, refuseDuplicates, requireNumber, requireRows, requireText } from '../tabular.ts';
import { textTable } from '../text-table.ts';
import { rankNotice, type RankedNotice } from './rank-notice.ts';

const help = `Usage: miaopu rank scores.csv [options]
       miaopu rank notice.json [--json]

Ranks proposals from a table with the columns proposal, judge, score (header required; comma, semicolon or tab; UTF-8 or
GBK). Anyone can check a published result with it.

Given the file of a public notice, recomputes its ranking by the rule stated there (mean, trimmed or calibrated; rounds,
judge groups, bonus points, ties, lots), prints the file's SHA-256, and says whether the published table is the same (exit code 1 if it is not).

  --method <name>   mean        mean of the scores (default)
                    trimmed     without one highest and one lowest; from ${TRIMMING_NEEDS} scores on, else the mean
                    calibrated  lenient and severe judges evened out, with 95% intervals
  --seed <text>     break ties by lots under this seed; without it equal scores share a rank. For calibrated, the seed
                    of the draws behind the rank intervals (default 1)
  --json            print JSON
  --help            print this

Exit codes: 0 done, 1 failed, 2 wrong usage or bad input.
`;

const options = {
	method: { type: 'string', default: 'mean' },
	seed: { type: 'string' },
	json: { type: 'boolean', default: false },
	help: { type: 'boolean', default: false }
} as const;

/** The JSON answer; null where the method does not compute a figure. */
export interface RankJson {
	method: 'mean' | 'trimmed' | 'calibrated';
	n: { proposals: number; judges: number; scores: number };
	mean: number | null;
	variance: { proposal: number | null; judge: number | null; residual: number | null };
	icc: number | null;
	reliability: number | null;
	proposals: {
		proposal: string;
		n: number;
		raw: number;
		score: number;
		se: number | null;
		low: number | null;
		high: number | null;
		rank: number;
		rankLow: number | null;
		rankHigh: number | null;
	}[];
	judges: { judge: string; n: number; leniency: number | null; se: number | null }[];
}

/** Scores in integer units, so that a million of them are summed exactly and fast. */
export interface ScoreTable {
	unitsPerPoint: bigint;
	scores: { proposal: string; judge: string; units: bigint; value: number }[];
}

/** Reads and checks the scores. @throws InputError */
export async function readScores(path: string): Promise<ScoreTable> {
	const table = await readTable(path, ['proposal', 'judge', 'score']);
	requireRows(table, 'scores');
	const parsed = table.rows.map((row) => {
		const proposal = requireText(table, row, 0, 'proposal');
		const judge = requireText(table, row, 1, 'judge');
		const value = requireNumber(table, row, 2, 'score');
		return { proposal, judge, value, text: row.cells[2] ?? '' };
	});
	refuseDuplicates(table, ({ cells }) => `the score of judge ${cells[1]} for proposal ${cells[0]}`);
	const decimals = parsed.reduce((most, { text }) => Math.max(most, decimalsOf(text)), 0);
	const unitsPerPoint = 10n ** BigInt(decimals);
	return {
		unitsPerPoint,
		scores: parsed.map(({ proposal, judge, value, text }) => ({
			proposal,
			judge,
			value,
			units: toUnits(text, decimals)
		}))
	};
}

function decimalsOf(text: string): number {
	const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
	return Math.max(0, (mantissa.split('.')[1] ?? '').length - Number(exponent));
}

function toUnits(text: string, decimals: number): bigint {
	const simple = /^([+-]?)(\d*)\.?(\d*)$/.exec(text);
	if (simple) {
		const digits = BigInt(`${simple[2] ?? ''}${(simple[3] ?? '').padEnd(decimals, '0')}`);
		return simple[1] === '-' ? -digits : digits;
	}
	const value = parseDecimal(text) ?? ZERO;
	return (value.n * 10n ** BigInt(decimals)) / value.d;
}

interface Scored extends ScoredProposal {
	n: number;
	raw: Ratio;
	trimmed: boolean;
}

type PlainRule = Exclude<AggregateRule, 'calibrated'>;

function score(table: ScoreTable, rule: PlainRule): Scored[] {
	const units = new Map<string, bigint[]>();
	for (const entry of table.scores) {
		const list = units.get(entry.proposal);
		if (list) list.push(entry.units);
		else units.set(entry.proposal, [entry.units]);
	}
	return [...units].map(([proposal, totals]) => {
		const { score, appliedRule } = aggregateUnits(totals, table.unitsPerPoint, rule);
		const raw = aggregateUnits(totals, table.unitsPerPoint, 'mean').score;
		return { proposal, n: totals.length, criteria: () => new Map(), score, raw, trimmed: appliedRule === 'trimmed' };
	});
}

/** Ranks under a seed are unique; without one equal scores share the best rank among them. */
function withRanks(entries: readonly Scored[], seed: string | undefined): { entry: Scored; rank: number }[] {
	const placed = rankByScore(entries, { criteria: [], seed: seed ?? '' });
	if (seed !== undefined) return placed;
	const best = new Map<string, number>();
	const shared = placed.map(({ entry, rank }) => {
		const key = `${entry.score.n}/${entry.score.d}`;
		if (!best.has(key)) best.set(key, rank);
		return { entry, rank: best.get(key) ?? rank };
	});
	return shared.sort((a, b) => a.rank - b.rank || byText(a.entry.proposal, b.entry.proposal));
}

/** Reviews per judge, sorted by name. */
export function judgeCounts(table: ScoreTable): [string, number][] {
	const counts = new Map<string, number>();
	for (const { judge } of table.scores) counts.set(judge, (counts.get(judge) ?? 0) + 1);
	return [...counts].sort(([a], [b]) => byText(a, b));
}

/** The official ranking of a table of scores by one of the plain rules. */
export function rankPlainly(
	table: ScoreTable,
	rule: PlainRule,
	seed: string | undefined
): { json: RankJson; untrimmed: number } {
	const entries = score(table, rule);
	const judges = judgeCounts(table);
	const total = table.scores.reduce((sum, { units }) => sum + units, 0n);
	const json: RankJson = {
		method: rule,
		n: { proposals: entries.length, judges: judges.length, scores: table.scores.length },
		mean:
			table.scores.length > 0 ? toNumber(ratio(total, BigInt(table.scores.length) * table.unitsPerPoint)) : null,
		variance: { proposal: null, judge: null, residual: null },
		icc: null,
		reliability: null,
		proposals: withRanks(entries, seed).map(({ entry, rank }) => ({
			proposal: entry.proposal,
			n: entry.n,
			raw: toNumber(entry.raw),
			score: toNumber(entry.score),
			se: null,
			low: null,
			high: null,
			rank,
			rankLow: null,
			rankHigh: null
		})),
		judges: judges.map(([judge, n]) => ({ judge, n, leniency: null, se: null }))
	};
	return { json, untrimmed: rule === 'trimmed' ? entries.filter(({ trimmed }) => !trimmed).length : 0 };
}

function printPlainly(table: ScoreTable, json: RankJson, rule: PlainRule, io: CommandIo): void {
	const exact = new Map(score(table, rule).map((entry) => [entry.proposal, entry]));
	const rows = json.proposals.map(({ rank, proposal, n }) => {
		const entry = exact.get(proposal);
		return [
			String(rank),
			proposal,
			String(n),
			entry ? formatHalfUp(entry.score) : '',
			entry ? formatHalfUp(entry.raw) : ''
		];
	});
	io.stdout(textTable(['rank', 'proposal', 'n', 'score', 'mean'], rows, new Set([0, 2, 3, 4])));
	io.stdout(`\n${json.n.proposals} proposals, ${json.n.judges} judges, ${json.n.scores} scores, by ${rule}\n`);
}

/** What the notes mean, as a sentence each. */
const noteSentences: Record<CalibrationNote, string> = {
	no_scores: 'There are no scores.',
	single_proposal: 'With a single proposal there is nothing to compare: its plain mean is shown.',
	single_judge: 'With a single judge leniency cannot be told from quality: plain means are shown.',
	one_review_each: 'Every proposal has one score only, so nothing can be calibrated: plain means are shown.',
	no_spread: 'All scores are equal: the proposals cannot be told apart.',
	judge_not_estimable: 'Every judge scored once, so leniency cannot be estimated.',
	proposal_variance_zero: 'The scores show no difference between proposals beyond chance (estimated variance 0).',
	judge_variance_zero: 'The scores show no difference in leniency beyond chance (estimated variance 0).',
	residual_variance_zero: 'Quality and leniency explain the scores completely (estimated error 0).',
	disconnected: 'Some panels share neither proposals nor judges: comparing across them rests on the model alone.'
};

function calibratedJson({ n, mean, variance, icc, reliability, proposals, judges }: Calibration): RankJson {
	return {
		method: 'calibrated',
		n,
		mean,
		variance,
		icc,
		reliability,
		proposals: proposals.map(({ within: _, ...proposal }) => proposal),
		judges
	};
}

function figure(value: number | null, digits = 2): string {
	return value === null ? '–' : value.toFixed(digits);
}

function printCalibrated(json: RankJson, io: CommandIo): void {
	const rows = json.proposals.map((p) => [
		String(p.rank),
		p.proposal,
		String(p.n),
		figure(p.score),
		`${figure(p.low)} to ${figure(p.high)}`,
		p.rankLow === null ? '–' : `${p.rankLow} to ${p.rankHigh}`,
		figure(p.raw)
	]);
	io.stdout(
		textTable(
			['rank', 'proposal', 'n', 'score', '95% interval', 'rank 95%', 'mean'],
			rows,
			new Set([0, 2, 3, 4, 5, 6])
		)
	);
	const judges = json.judges.map(({ judge, n, leniency, se }) => [judge, String(n), figure(leniency), figure(se)]);
	io.stdout(`\n${textTable(['judge', 'n', 'leniency', 'se'], judges, new Set([1, 2, 3]))}`);
	const { proposal, judge, residual } = json.variance;
	io.stdout(`\nvariance: proposal ${figure(proposal)}, judge ${figure(judge)}, residual ${figure(residual)}\n`);
	io.stdout(
		`agreement of single scores (ICC) ${figure(json.icc)}, reliability of the means ${figure(json.reliability)}\n`
	);
}

function runCalibrated(table: ScoreTable, seed: string, asJson: boolean, io: CommandIo): number {
	const scores = table.scores.map(({ proposal, judge, value }) => ({ proposal, judge, score: value }));
	const result = calibrate(scores, { seed });
	const json = calibratedJson(result);
	if (asJson) io.stdout(`${JSON.stringify(json)}\n`);
	else printCalibrated(json, io);
	for (const note of result.notes) io.stderr(`${noteSentences[note]}\n`);
	return 0;
}

/** Why a round's mean was used where its rule is the calibrated score. */
const refusalSentences: Record<CalibrationRefusal, string> = {
	too_few: 'too few scores to tell leniency from quality',
	disconnected: 'panels share neither proposals nor judges',
	no_difference: 'the scores show no difference between proposals beyond chance'
};

function printNotice({ digest, ranking, differences, uncalibrated }: RankedNotice, asJson: boolean, io: CommandIo): number {
	for (const { round, group, reason } of uncalibrated)
		io.stderr(`round ${round}${group === null ? '' : `, group ${group}`}: the mean was used instead of the calibrated score: ${refusalSentences[reason]}\n`);
	if (asJson) io.stdout(`${JSON.stringify({ digest, ranking, differences, uncalibrated })}\n`);
	else {
		io.stdout(textTable(['rank', 'proposal', 'score'], ranking.map(({ rank, proposal, score: points }) => [String(rank), proposal, points]), new Set([0, 2])));
		io.stdout(`\nSHA-256 ${digest}\n`);
		io.stdout(differences.length === 0 ? 'The published table is the same.\n' : `The published table differs:\n${differences.join('\n')}\n`);
	}
	return differences.length === 0 ? 0 : 1;
}

async function runRank(args: string[], io: CommandIo): Promise<number> {
	const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true });
	if (values.help) {
		io.stdout(help);
		return 0;
	}
	const [path, ...more] = positionals;
	if (path === undefined || more.length > 0) throw new InputError('rank needs one file of scores (see --help)');
	const { method } = values;
	if (method !== 'mean' && method !== 'trimmed' && method !== 'calibrated') {
		throw new InputError(`--method "${method}" is not mean, trimmed or calibrated`);
	}
	const bytes = await readFile(path).catch(() => null);
	if (bytes && /^\s*\{/.test(bytes.toString('utf8', 0, 64))) return printNotice(rankNotice(basename(path), bytes), values.json, io);
	const table = await readScores(path);
	if (method === 'calibrated') return runCalibrated(table, values.seed ?? '1', values.json, io);
	const { json, untrimmed } = rankPlainly(table, method, values.seed);
	if (values.json) io.stdout(`${JSON.stringify(json)}\n`);
	else printPlainly(table, json, method, io);
	if (untrimmed > 0) {
		io.stderr(
			`${untrimmed} proposal(s) have fewer than ${TRIMMING_NEEDS} scores: their mean was used instead of trimming\n`
		);
	}
	return 0;
}

/** `miaopu rank`: the ranking of a spreadsheet of scores. */
export const rank: CliCommand = {
	name: 'rank',
	summary: 'rank proposals from a spreadsheet of scores',
	help,
	run: (args, io) => reportInputErrors(() => runRank(args, io), io)
};
