import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate, overlappingLine, type Calibration, type Score } from '#lib/domain/judging/calibrated/calibrate.ts';
import { buildDesign } from '#lib/domain/judging/calibrated/design.ts';
import { drawRanks, shareWithin } from '#lib/domain/judging/calibrated/posterior.ts';
import { evaluate, fitReml } from '#lib/domain/judging/calibrated/reml.ts';
import { createRandom } from '#lib/domain/judging/random.ts';

/**
 * Diameters (mm) of the inhibition zone for six samples of penicillin (columns A–F) on 24 plates (rows a–x), from Davies
 * and Goldsmith (eds.), "Statistical Methods in Research and Production", 4th ed., 1972.
 */
const PENICILLIN =
	`27 23 26 23 23 21|27 23 26 23 23 21|25 21 25 24 24 20|26 23 25 23 23 20|25 22 26 22 23 20|24 22 25 23 22 19
24 20 23 21 22 19|26 22 26 24 24 21|24 21 24 22 22 20|24 21 24 23 22 19|26 23 26 24 24 21|25 22 26 24 24 20
26 24 26 24 25 22|26 23 26 23 23 20|26 23 25 24 24 22|25 22 25 23 23 20|25 21 24 23 23 20|25 22 24 23 23 19
24 21 23 21 21 19|26 23 26 24 24 21|25 21 24 22 22 18|25 22 25 22 22 20|24 21 24 22 24 19|24 21 24 22 21 18`
		.split(/[|\n]/)
		.flatMap((plate, p) =>
			plate
				.trim()
				.split(' ')
				.map((d, s) => ({ proposal: String.fromCharCode(97 + p), judge: 'ABCDEF'.charAt(s), score: Number(d) }))
		);

const run = (scores: readonly Score[], places?: number): Calibration => calibrate(scores, { seed: 'test', places });
const sd = (variance: number | null) => Math.sqrt(variance ?? Number.NaN);

describe('published analysis', () => {
	it('agrees with the REML analysis of the penicillin data in the lme4 literature', () => {
		expect(PENICILLIN).toHaveLength(144);
		const { variance, mean } = run(PENICILLIN);
		expect(sd(variance.proposal)).toBeCloseTo(0.8467, 4);
		expect(sd(variance.judge)).toBeCloseTo(1.9316, 4);
		expect(sd(variance.residual)).toBeCloseTo(0.5499, 4);
		expect(mean).toBeCloseTo(22.9722, 4);
	});

	it('gives the same with the factors exchanged', () => {
		const swapped = run(
			PENICILLIN.map(({ proposal, judge, score }) => ({ proposal: judge, judge: proposal, score }))
		);
		const straight = run(PENICILLIN);
		expect(swapped.variance.proposal).toBeCloseTo(straight.variance.judge ?? 0, 6);
		expect(swapped.variance.judge).toBeCloseTo(straight.variance.proposal ?? 0, 6);
		const sample = swapped.proposals.find(({ proposal }) => proposal === 'A');
		const judge = straight.judges.find((j) => j.judge === 'A');
		expect((sample?.score ?? 0) - (swapped.mean ?? 0)).toBeCloseTo(judge?.leniency ?? 0, 6);
		expect(sample?.se).toBeCloseTo(judge?.se ?? 0, 6);
	});

	it('equals the analysis of variance, as it must for complete tables', () => {
		const [p, j] = [24, 6];
		const grand = PENICILLIN.reduce((s, x) => s + x.score, 0) / (p * j);
		const means = (key: 'proposal' | 'judge') => {
			const groups = Map.groupBy ? Map.groupBy(PENICILLIN, (x) => x[key]) : groupBy(PENICILLIN, key);
			return [...groups.values()].map((g) => g.reduce((s, x) => s + x.score, 0) / g.length - grand);
		};
		const ss = (values: number[]) => values.reduce((s, v) => s + v * v, 0);
		const rows = ss(means('proposal')) * j;
		const columns = ss(means('judge')) * p;
		const error = (ss(PENICILLIN.map((x) => x.score - grand)) - rows - columns) / ((p - 1) * (j - 1));
		const { variance } = run(PENICILLIN);
		expect(variance.residual).toBeCloseTo(error, 6);
		expect(variance.proposal).toBeCloseTo((rows / (p - 1) - error) / j, 6);
		expect(variance.judge).toBeCloseTo((columns / (j - 1) - error) / p, 6);
	});
});

function groupBy(scores: readonly Score[], key: 'proposal' | 'judge'): Map<string, Score[]> {
	const groups = new Map<string, Score[]>();
	for (const score of scores) groups.set(score[key], [...(groups.get(score[key]) ?? []), score]);
	return groups;
}

/** An incomplete table with the given standard deviations. */
function simulate(seed: string, p: number, j: number, share: number, [sq, sb, se]: [number, number, number]): Score[] {
	const random = createRandom(seed);
	const q = Array.from({ length: p }, () => sq * random.normal());
	const b = Array.from({ length: j }, () => sb * random.normal());
	const scores: Score[] = [];
	for (const [i, quality] of q.entries()) {
		for (const [k, leniency] of b.entries()) {
			const score = 80 + quality + leniency + se * random.normal();
			if (random.float() < share) scores.push({ proposal: `P${i}`, judge: `J${k}`, score });
		}
	}
	return scores;
}

/** Inverse and log-determinant by Gauss and Jordan, knowing nothing of the structure. */
function invert(matrix: number[][]): { inverse: number[][]; logDeterminant: number } {
	const n = matrix.length;
	const a = matrix.map((row, i) => [...row, ...row.map((_, k) => (k === i ? 1 : 0))]);
	let logDeterminant = 0;
	for (let i = 0; i < n; i++) {
		const pivot = a[i]?.[i] ?? 0;
		logDeterminant += Math.log(pivot);
		for (let k = 0; k < 2 * n; k++) (a[i] ?? [])[k] = (a[i]?.[k] ?? 0) / pivot;
		for (let r = 0; r < n; r++) {
			const factor = a[r]?.[i] ?? 0;
			if (r !== i && factor !== 0)
				for (let k = 0; k < 2 * n; k++) (a[r] ?? [])[k] = (a[r]?.[k] ?? 0) - factor * (a[i]?.[k] ?? 0);
		}
	}
	return { inverse: a.map((row) => row.slice(n)), logDeterminant };
}

/** Everything from the definition, with the full covariance matrix of the scores. */
function dense(scores: readonly Score[], vq: number, vb: number, ve: number) {
	const v = scores.map((a) =>
		scores.map((b) => (a === b ? ve : 0) + (a.proposal === b.proposal ? vq : 0) + (a.judge === b.judge ? vb : 0))
	);
	const { inverse, logDeterminant } = invert(v);
	const times = (x: number[]) => inverse.map((row) => row.reduce((s, value, k) => s + value * (x[k] ?? 0), 0));
	const vOne = times(scores.map(() => 1));
	const onesV = vOne.reduce((a, b) => a + b, 0);
	const mu = scores.reduce((s, { score }, k) => s + (vOne[k] ?? 0) * score, 0) / onesV;
	const centred = scores.map(({ score }) => score - mu);
	const solved = times(centred);
	const squares = solved.reduce((s, value, k) => s + value * (centred[k] ?? 0), 0);
	const indicator = (p: string) => scores.map((s) => (s.proposal === p ? 1 : 0));
	const inner = (a: number[], b: number[]) => a.reduce((s, value, k) => s + value * (b[k] ?? 0), 0);
	return {
		mu,
		deviance: logDeterminant + Math.log(onesV) + squares,
		effect: (p: string) => vq * inner(indicator(p), solved),
		covariance: (p: string, q: string) => (p === q ? vq : 0) - vq * vq * inner(indicator(p), times(indicator(q)))
	};
}

describe('against the definition', () => {
	const cases: [string, Score[]][] = [
		['typical', simulate('a', 9, 6, 0.6, [4, 3, 2])],
		['sparse', simulate('b', 14, 7, 0.35, [3, 5, 2])],
		['more judges than proposals', simulate('c', 5, 12, 0.6, [3, 2, 2])],
		['no leniency', simulate('d', 10, 5, 0.7, [4, 0, 3])],
		['no quality', simulate('e', 10, 5, 0.7, [0, 3, 3])]
	];

	it.each(cases)('finds no better variances nearby or far: %s', (_, scores) => {
		const { variance } = run(scores);
		const [q, b, e] = [variance.proposal ?? 0, variance.judge ?? 0, variance.residual ?? 0];
		const best = dense(scores, q, b, e).deviance;
		const around = (x: number) => (x === 0 ? [0, 0.01, 1, 10] : [0, 0.25 * x, 0.99 * x, x, 1.01 * x, 4 * x]);
		for (const vq of around(q)) {
			for (const vb of around(b)) {
				for (const ve of [0.5 * e, 0.99 * e, e, 1.01 * e, 2 * e]) {
					expect(dense(scores, vq, vb, ve).deviance).toBeGreaterThan(best - 1e-7);
				}
			}
		}
	});

	it.each(cases)('gives the same mean, effects and conditional variances: %s', (_, scores) => {
		const { variance, mean, proposals } = run(scores);
		const exact = dense(scores, variance.proposal ?? 0, variance.judge ?? 0, variance.residual ?? 0);
		expect(mean).toBeCloseTo(exact.mu, 8);
		for (const { proposal, score, se } of proposals) {
			expect(score - (mean ?? 0)).toBeCloseTo(exact.effect(proposal), 7);
			expect((se ?? 0) ** 2).toBeCloseTo(exact.covariance(proposal, proposal), 7);
		}
	});

	it.each([
		['complete', 'A/x/80 A/y/84 B/x/78 B/y/83'],
		['one review missing', 'A/x/80 A/y/86 B/y/84'],
		['more judges than proposals', 'A/x/80 A/y/86 A/z/79 B/y/84 B/w/81'],
		['nobody in common', 'A/x/80 A/y/83 B/z/81 B/w/80']
	])('draws ranks with the exact probability: %s', (_, text) => {
		const scores = text.split(' ').map((cell) => {
			const [proposal = '', judge = '', score = ''] = cell.split('/');
			return { proposal, judge, score: Number(score) };
		});
		const design = buildDesign(scores);
		const [gq, gb] = [1.1, 0.7];
		const fit = evaluate(design, design.swapped ? [gb, gq] : [gq, gb]);
		const exact = dense(scores, gq * fit.residual, gb * fit.residual, fit.residual);
		const difference = exact.effect('A') - exact.effect('B');
		const spread = exact.covariance('A', 'A') + exact.covariance('B', 'B') - 2 * exact.covariance('A', 'B');
		const probability = normalCdf(difference / Math.sqrt(spread));
		expect(Math.abs(probability - 0.5)).toBeLessThan(0.45);
		const draws = drawRanks(design, fit, 40_000, 's');
		// Four standard errors of a share of 40,000.
		expect(Math.abs(shareWithin(draws, 0, 1) - probability)).toBeLessThan(0.01);
		expect(shareWithin(draws, 1, 1)).toBeCloseTo(1 - shareWithin(draws, 0, 1), 9);
	});

	it.each([
		[0.3, 0.8],
		[0, 0.5],
		[1.2, 0],
		[4, 3]
	])('has the derivatives of its deviance at %d, %d', (row, column) => {
		for (const scores of [cases[0]?.[1] ?? [], cases[2]?.[1] ?? []]) {
			const design = buildDesign(scores);
			const { gradient } = evaluate(design, [row, column]);
			const h = 1e-5;
			const slope = (dr: number, dc: number) => {
				const at = (k: number) => evaluate(design, [row + k * h * dr, column + k * h * dc]).deviance;
				return row * dr + column * dc > 0
					? (at(1) - at(-1)) / (2 * h)
					: (-3 * at(0) + 4 * at(1) - at(2)) / (2 * h);
			};
			expect(gradient[0]).toBeCloseTo(slope(1, 0), 3);
			expect(gradient[1]).toBeCloseTo(slope(0, 1), 3);
		}
	});
});

/** Normal distribution by numerical integration (Simpson), enough for a test. */
function normalCdf(x: number): number {
	const n = 2000;
	const h = x / n;
	let sum = 0;
	for (let k = 0; k <= n; k++) sum += Math.exp(-0.5 * (k * h) ** 2) * (k === 0 || k === n ? 1 : k % 2 === 1 ? 4 : 2);
	return 0.5 + (sum * h) / 3 / Math.sqrt(2 * Math.PI);
}

describe('properties', () => {
	const scoresOf = fc
		.tuple(fc.integer(), fc.integer({ min: 3, max: 9 }), fc.integer({ min: 2, max: 7 }))
		.map(([seed, p, j]) => simulate(String(seed), p, j, 0.75, [3, 2, 2]));

	it('does not depend on order, to the last bit', () => {
		fc.assert(
			fc.property(scoresOf, (scores) => {
				expect(run([...scores].reverse())).toEqual(run(scores));
			}),
			{ numRuns: 25 }
		);
	});

	// As few scores as hold proposals and judges together: the error goes to 0, and only the proportion of the two
	// variances is left to estimate.
	const noErrorLeft = [87.3, 77.5, 77.1, 77.6, 76.4].map((score, k) => ({ proposal: `P${k}`, judge: 'J0', score }));
	noErrorLeft.push({ proposal: 'P4', judge: 'J1', score: 70.4 }, { proposal: 'P5', judge: 'J1', score: 74.8 });

	it('moves with a shift and a change of scale', () => {
		fc.assert(
			fc.property(
				scoresOf,
				fc.integer({ min: -50, max: 50 }),
				fc.integer({ min: 1, max: 9 }),
				(scores, shift, scale) => {
					const before = run(scores);
					const after = run(scores.map((s) => ({ ...s, score: s.score * scale + shift })));
					if (before.icc === null) return;
					// Where next to no error is left the deviance is flat along a ridge, and the first digits are all that is told.
					const { residual, proposal, judge } = before.variance;
					const flat = (residual ?? 0) < 1e-5 * ((proposal ?? 0) + (judge ?? 0));
					expect(after.icc).toBeCloseTo(before.icc, flat ? 2 : 5);
					const beforeScores = new Map(before.proposals.map((p) => [p.proposal, p.score]));
					for (const { proposal, score } of after.proposals) {
						expect(score).toBeCloseTo((beforeScores.get(proposal) ?? 0) * scale + shift, flat ? 1 : 3);
					}
				}
			),
			{ numRuns: 25, examples: [[noErrorLeft, 0, 3]] }
		);
	});

	it('keeps rank intervals around, and probabilities that add up to the places', () => {
		fc.assert(
			fc.property(scoresOf, (scores) => {
				const { proposals, notes } = run(scores, 2);
				if (proposals.some(({ within }) => within === null)) return;
				const total = proposals.reduce((sum, { within }) => sum + (within ?? 0), 0);
				if (!notes.includes('no_scores') && proposals.length >= 2) expect(total).toBeCloseTo(2, 6);
				for (const { rankLow, rankHigh } of proposals) expect(rankLow ?? 1).toBeLessThanOrEqual(rankHigh ?? 1);
			}),
			{ numRuns: 25 }
		);
	});

	it('ranks a proposal judged by severe judges above its plain mean', () => {
		const base = simulate('lenient', 20, 4, 1, [2, 0, 1]);
		const biased = base.map((s) => ({
			...s,
			score: s.score + (s.judge === 'J0' ? 12 : s.judge === 'J1' ? -12 : 0)
		}));
		// P0 meets the lenient judge and not the severe one, P1 the other way round.
		const kept = biased.filter(
			(s) => !(s.proposal === 'P0' && s.judge === 'J1') && !(s.proposal === 'P1' && s.judge === 'J0')
		);
		const { proposals, judges } = run(kept);
		const of = (id: string) => proposals.find(({ proposal }) => proposal === id);
		expect((of('P0')?.raw ?? 0) - (of('P1')?.raw ?? 0)).toBeGreaterThan(4);
		expect(Math.abs((of('P0')?.score ?? 0) - (of('P1')?.score ?? 0))).toBeLessThan(4);
		expect(judges.find(({ judge }) => judge === 'J0')?.leniency).toBeGreaterThan(6);
		expect(judges.find(({ judge }) => judge === 'J1')?.leniency).toBeLessThan(-6);
	});

	it('covers the truth about as often as it says', () => {
		let inside = 0;
		let total = 0;
		for (let k = 0; k < 40; k++) {
			const random = createRandom(`cover${k}`);
			const q = Array.from({ length: 30 }, () => 4 * random.normal());
			const b = Array.from({ length: 10 }, () => 3 * random.normal());
			const scores = q.flatMap((quality, p) =>
				b.flatMap((leniency, j) =>
					(p + j) % 2 === 0
						? [{ proposal: `P${p}`, judge: `J${j}`, score: 70 + quality + leniency + 3 * random.normal() }]
						: []
				)
			);
			const { proposals, mean } = run(scores);
			for (const { proposal, low, high } of proposals) {
				const truth = (mean ?? 0) + (q[Number(proposal.slice(1))] ?? 0);
				total++;
				if ((low ?? 0) <= truth && truth <= (high ?? 0)) inside++;
			}
		}
		// The interval is conditional on μ̂ and the variances, so it covers a little less than 95 %.
		expect(inside / total).toBeGreaterThan(0.82);
		expect(inside / total).toBeLessThan(0.97);
	});
});

describe('edges', () => {
	const s = (proposal: string, judge: string, score: number): Score => ({ proposal, judge, score });

	it('answers for nothing, one proposal, one judge, one review each', () => {
		expect(run([])).toMatchObject({ mean: null, proposals: [], judges: [], notes: ['no_scores'] });
		expect(run([s('A', 'x', 3), s('A', 'y', 5)])).toMatchObject({
			mean: 4,
			notes: ['single_proposal'],
			proposals: [{ score: 4, rank: 1, se: null }]
		});
		const one = run([s('A', 'x', 3), s('B', 'x', 5)]);
		expect(one.notes).toEqual(['single_judge']);
		expect(one.proposals.map((p) => [p.proposal, p.rank, p.score])).toEqual([
			['B', 1, 5],
			['A', 2, 3]
		]);
		expect(run([s('A', 'x', 3), s('B', 'x', 5), s('C', 'y', 4)]).notes).toEqual(['one_review_each']);
		expect(run([s('A', 'x', 3)])).toMatchObject({ mean: 3, proposals: [{ score: 3, rank: 1 }] });
	});

	it('calls equal scores equal', () => {
		const result = run(
			['A', 'B', 'C'].flatMap((p) => ['x', 'y'].map((j) => s(p, j, 80.1))),
			1
		);
		expect(result).toMatchObject({
			variance: { proposal: 0, judge: 0, residual: 0 },
			icc: null,
			notes: ['no_spread']
		});
		expect(result.proposals.map((p) => [p.rank, p.rankLow, p.rankHigh, p.score])).toEqual([
			[1, 1, 3, 80.1],
			[1, 1, 3, 80.1],
			[1, 1, 3, 80.1]
		]);
	});

	it('reports a proposal variance of 0 as such', () => {
		const result = run(
			[s('A', 'x', 1), s('A', 'y', 9), s('B', 'x', 9), s('B', 'y', 1), s('C', 'x', 5), s('C', 'y', 5)],
			1
		);
		expect(result.variance.proposal).toBe(0);
		expect(result.notes).toContain('proposal_variance_zero');
		expect(result.icc).toBe(0);
		expect(result.proposals.every((p) => p.rank === 1 && p.rankHigh === 3 && p.se === 0)).toBe(true);
		expect(overlappingLine(result.proposals, 1)).toEqual(['A', 'B', 'C']);
	});

	it('bears scores without any error', () => {
		const exact = [1, 5, 8].flatMap((q, p) => [0, 2, 3, 7].map((b, j) => s(`P${p}`, `J${j}`, q + b)));
		const result = run(exact);
		expect(result.notes).toContain('residual_variance_zero');
		expect(result.proposals.map((p) => p.proposal)).toEqual(['P2', 'P1', 'P0']);
		expect(result.proposals.every((p) => p.rankLow === p.rank && p.rankHigh === p.rank)).toBe(true);
	});

	it('fits without leniency where every judge scored once', () => {
		const result = run([s('A', 'a', 3), s('A', 'b', 4), s('B', 'c', 8), s('B', 'd', 9)]);
		expect(result.variance.judge).toBeNull();
		expect(result.notes).toContain('judge_not_estimable');
		expect(result.judges.every((j) => j.leniency === null)).toBe(true);
		expect(result.proposals[0]?.proposal).toBe('B');
	});

	it('says when panels share nothing', () => {
		const left = simulate('l', 6, 3, 1, [3, 2, 1]);
		const right = simulate('r', 6, 3, 1, [3, 2, 1]).map((x) => ({
			...x,
			proposal: `R${x.proposal}`,
			judge: `R${x.judge}`
		}));
		expect(run([...left, ...right]).notes).toContain('disconnected');
		expect(run(left).notes).not.toContain('disconnected');
	});

	it('refuses doubles and what is no number', () => {
		expect(() => run([s('A', 'x', 1), s('A', 'x', 2)])).toThrow(RangeError);
		expect(() => run([s('A', 'x', NaN)])).toThrow(RangeError);
	});
});

it('finds the simulated variances at the size of a city', () => {
	const random = createRandom('city');
	const q = Array.from({ length: 1000 }, () => 6 * random.normal());
	const b = Array.from({ length: 100 }, () => 4 * random.normal());
	const scores = q.flatMap((quality, p) =>
		[0, 1, 2, 3, 4].map((k) => {
			const j = (p * 7 + k * 13 + Math.floor(p / 100)) % 100;
			return { proposal: `P${p}`, judge: `J${j}`, score: 75 + quality + (b[j] ?? 0) + 5 * random.normal() };
		})
	);
	const design = buildDesign(scores);
	const fit = fitReml(design, [true, true]);
	expect(Math.sqrt(fit.residual)).toBeCloseTo(5, 0);
	expect(Math.sqrt(fit.ratios[0] * fit.residual)).toBeCloseTo(6, 0);
	expect(Math.abs(Math.sqrt(fit.ratios[1] * fit.residual) - 4)).toBeLessThan(1);
	expect(Math.abs(fit.gradient[0]) + Math.abs(fit.gradient[1])).toBeLessThan(0.01);
});
