import { buildDesign, type Design, type Score } from '#lib/domain/judging/calibrated/design.ts';
import { drawRanks, rankInterval, shareWithin } from '#lib/domain/judging/calibrated/posterior.ts';
import { fitReml, MAX_RATIO, type Evaluation } from '#lib/domain/judging/calibrated/reml.ts';
import { byText } from '#lib/domain/judging/random.ts';

export type { Score } from '#lib/domain/judging/calibrated/design.ts';

/** 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * What a reader must know about the figures:
 * - `no_scores`, `single_proposal`, `single_judge`, `one_review_each`: nothing can be calibrated, scores are plain means;
 * - `no_spread`: all scores are equal;
 * - `judge_not_estimable`: every judge scored once, leniency cannot be told from chance;
 * - `proposal_variance_zero`, `judge_variance_zero`, `residual_variance_zero`: the estimate lies on its boundary;
 * - `disconnected`: panels share nothing, their leniency is compared only through the model's assumption.
 */
export type CalibrationNote =
	| 'no_scores'
	| 'single_proposal'
	| 'single_judge'
	| 'one_review_each'
	| 'no_spread'
	| 'judge_not_estimable'
	| 'proposal_variance_zero'
	| 'judge_variance_zero'
	| 'residual_variance_zero'
	| 'disconnected';

export interface CalibratedProposal {
	proposal: string;
	n: number;
	/** Plain mean, in points as given. */
	raw: number;
	/** μ̂ + q̂. */
	score: number;
	/** Conditional standard deviation given the variance components and μ̂; null when not estimable. */
	se: number | null;
	/** 95 % interval of the score. */
	low: number | null;
	high: number | null;
	/** By score; equal scores share the best rank among them. */
	rank: number;
	/** 95 % interval of the rank. */
	rankLow: number | null;
	rankHigh: number | null;
	/** Probability of being among the first `places`; null without `places` or when not estimable. */
	within: number | null;
}

export interface Calibration {
	n: { proposals: number; judges: number; scores: number };
	/** μ̂; null without scores. */
	mean: number | null;
	variance: { proposal: number | null; judge: number | null; residual: number | null };
	/** σq² ÷ (σq² + σb² + σe²). */
	icc: number | null;
	/** Of a proposal's mean over k judges, k the harmonic mean of its numbers of reviews: σq² ÷ (σq² + (σb² + σe²) ÷ k). */
	reliability: number | null;
	/** Sorted by rank. */
	proposals: CalibratedProposal[];
	/** Leniency b̂: points a judge gives above the others. Sorted by name. */
	judges: { judge: string; n: number; leniency: number | null; se: number | null }[];
	notes: CalibrationNote[];
}

export interface CalibrationOptions {
	seed: string;
	/** Posterior draws for ranks; at least 1,000 for publication. */
	draws?: number;
	/** How many proposals the fund reaches, for `within`. */
	places?: number;
}

interface Effects {
	effects: Float64Array;
	variances: Float64Array;
}

/**
 * Judge-calibrated scores from crossed random effects, s = μ + q(proposal) + b(judge) + e, variance components by REML
 * (see `reml.ts`), effects as best linear unbiased predictions, ranks from seeded draws of their joint posterior. The
 * result depends on the scores and the seed only, not on their order.
 * @throws RangeError when a score is not finite or a judge scored a proposal twice
 */
export function calibrate(scores: readonly Score[], options: CalibrationOptions): Calibration {
	const design = buildDesign(scores);
	const spread = design.y.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
	if (spread <= 1e-12 * Math.abs(design.mean)) return withoutSpread(design, options);
	const [proposalCount, judgeCount] = design.swapped
		? [design.columnCount, design.rowCount]
		: [design.rowCount, design.columnCount];
	if (design.proposals.length === 1) return plainMeans(design, 'single_proposal');
	if (design.judges.length === 1) return plainMeans(design, 'single_judge');
	if (proposalCount.every((n) => n === 1)) return plainMeans(design, 'one_review_each');
	const judgeEstimable = judgeCount.some((n) => n > 1);
	const fit = fitReml(design, design.swapped ? [judgeEstimable, true] : [true, judgeEstimable]);
	return describe(design, fit, judgeEstimable, options);
}

function describe(design: Design, fit: Evaluation, judgeEstimable: boolean, options: CalibrationOptions): Calibration {
	const { swapped, proposals, judges } = design;
	const rows: Effects = { effects: fit.rowEffects, variances: fit.rowVariances };
	const columns: Effects = { effects: fit.columnEffects, variances: fit.columnVariances };
	const [q, b] = swapped ? [columns, rows] : [rows, columns];
	const [gq, gb] = swapped ? [fit.ratios[1], fit.ratios[0]] : fit.ratios;
	const exact = Math.max(gq, gb) >= MAX_RATIO * 0.99;
	const variance = {
		proposal: gq * fit.residual,
		judge: judgeEstimable ? gb * fit.residual : null,
		residual: exact ? 0 : fit.residual
	};
	const notes: CalibrationNote[] = [];
	if (gq === 0) notes.push('proposal_variance_zero');
	if (!judgeEstimable) notes.push('judge_not_estimable');
	else if (gb === 0) notes.push('judge_variance_zero');
	if (exact) notes.push('residual_variance_zero');
	if (design.components > 1) notes.push('disconnected');

	const counts = countsOf(design);
	const mean = design.mean + fit.shift;
	const draws = gq === 0 ? null : drawRanks(design, fit, options.draws ?? 1000, options.seed);
	const list = proposals.map((proposal, p): CalibratedProposal => {
		const score = mean + (q.effects[p] ?? 0);
		const se = Math.sqrt(q.variances[p] ?? 0);
		const [rankLow, rankHigh] = draws ? rankInterval(draws, p) : [1, proposals.length];
		const within =
			options.places === undefined
				? null
				: draws
					? shareWithin(draws, p, options.places)
					: Math.min(1, options.places / proposals.length);
		return {
			proposal,
			n: counts.proposals[p] ?? 0,
			raw: counts.raw[p] ?? 0,
			score,
			se,
			low: score - Z * se,
			high: score + Z * se,
			rank: 0,
			rankLow,
			rankHigh,
			within
		};
	});
	const noise = (variance.judge ?? 0) + variance.residual;
	const harmonic = proposals.length / counts.proposals.reduce((sum, n) => sum + 1 / n, 0);
	return {
		n: sizes(design),
		mean,
		variance,
		icc: variance.proposal / (variance.proposal + noise),
		reliability: variance.proposal / (variance.proposal + noise / harmonic),
		proposals: rankList(list),
		judges: judges.map((judge, j) => ({
			judge,
			n: counts.judges[j] ?? 0,
			leniency: judgeEstimable ? (b.effects[j] ?? 0) : null,
			se: judgeEstimable ? Math.sqrt(b.variances[j] ?? 0) : null
		})),
		notes
	};
}

function sizes(design: Design): Calibration['n'] {
	return { proposals: design.proposals.length, judges: design.judges.length, scores: design.y.length };
}

function countsOf(design: Design): { proposals: Int32Array; judges: Int32Array; raw: Float64Array } {
	const { swapped, row, column, rowCount, columnCount, y, mean } = design;
	const proposals = swapped ? columnCount : rowCount;
	const index = swapped ? column : row;
	const raw = new Float64Array(proposals.length);
	for (let k = 0; k < y.length; k++) raw[index[k] ?? 0] = (raw[index[k] ?? 0] ?? 0) + (y[k] ?? 0);
	return {
		proposals,
		judges: swapped ? rowCount : columnCount,
		raw: raw.map((sum, p) => mean + sum / (proposals[p] ?? 1))
	};
}

/** Sorts and numbers; scores that differ only by rounding of the arithmetic share a rank. */
function rankList(list: CalibratedProposal[]): CalibratedProposal[] {
	const sorted = [...list].sort((a, b) => b.score - a.score || byText(a.proposal, b.proposal));
	const scale = sorted.reduce((most, { score }) => Math.max(most, Math.abs(score)), 0);
	let rank = 1;
	for (const [i, entry] of sorted.entries()) {
		const above = sorted[i - 1];
		if (above && above.score - entry.score > 1e-11 * scale) rank = i + 1;
		entry.rank = rank;
	}
	return sorted.sort((a, b) => a.rank - b.rank || byText(a.proposal, b.proposal));
}

/** All scores equal: nothing distinguishes anybody, and that is certain. */
function withoutSpread(design: Design, { places }: CalibrationOptions): Calibration {
	const counts = countsOf(design);
	const total = design.proposals.length;
	const empty = total === 0;
	return {
		n: sizes(design),
		mean: empty ? null : design.mean,
		variance: empty ? { proposal: null, judge: null, residual: null } : { proposal: 0, judge: 0, residual: 0 },
		icc: null,
		reliability: null,
		proposals: design.proposals.map((proposal, p) => ({
			proposal,
			n: counts.proposals[p] ?? 0,
			raw: design.mean,
			score: design.mean,
			se: 0,
			low: design.mean,
			high: design.mean,
			rank: 1,
			rankLow: 1,
			rankHigh: total,
			within: places === undefined ? null : Math.min(1, places / total)
		})),
		judges: design.judges.map((judge, j) => ({ judge, n: counts.judges[j] ?? 0, leniency: 0, se: 0 })),
		notes: [empty ? 'no_scores' : 'no_spread']
	};
}

/** Nothing to calibrate with: plain means, and no claim about their precision. */
function plainMeans(design: Design, note: CalibrationNote): Calibration {
	const counts = countsOf(design);
	const unknown = { se: null, low: null, high: null, rank: 0, rankLow: null, rankHigh: null, within: null };
	return {
		n: sizes(design),
		mean: design.mean,
		variance: { proposal: null, judge: null, residual: null },
		icc: null,
		reliability: null,
		proposals: rankList(
			design.proposals.map((proposal, p) => ({
				proposal,
				n: counts.proposals[p] ?? 0,
				raw: counts.raw[p] ?? 0,
				score: counts.raw[p] ?? 0,
				...unknown
			}))
		),
		judges: design.judges.map((judge, j) => ({ judge, n: counts.judges[j] ?? 0, leniency: null, se: null })),
		notes: [note]
	};
}

/** Proposals whose rank interval reaches both sides of the budget line: they cannot be told apart there. */
export function overlappingLine(proposals: readonly CalibratedProposal[], places: number): string[] {
	return proposals
		.filter(
			({ rankLow, rankHigh }) => rankLow !== null && rankHigh !== null && rankLow <= places && rankHigh > places
		)
		.map(({ proposal }) => proposal);
}
