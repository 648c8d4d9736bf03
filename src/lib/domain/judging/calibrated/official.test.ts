import { describe, expect, test } from 'vitest';
import { calibrate } from '#lib/domain/judging/calibrated/calibrate.ts';
import { officialCalibration } from '#lib/domain/judging/calibrated/official.ts';
import { formatHalfUp, toNumber } from '#lib/domain/judging/exact.ts';
import { createRandom } from '#lib/domain/judging/random.ts';
import { officialRanking, type ScorecardTotal } from '#lib/domain/judging/ranking.ts';
import { combinedRanking } from '#lib/domain/judging/rounds.ts';

const card = (proposal: string, judge: string, points: number, criteria: Record<string, number> = {}): ScorecardTotal => ({
	...{ proposal, judge, total: Math.round(points * 100) },
	criteria
});
const tieBreak = { criteria: ['need'], seed: 'lots' };

/** Judges of different leniency, each proposal seen by three of them. */
const panel = (proposals: number, judges: number, seed = 'panel'): ScorecardTotal[] => {
	const random = createRandom(seed);
	const lenient = Array.from({ length: judges }, () => random.normal() * 5);
	const good = Array.from({ length: proposals }, () => random.normal() * 6);
	return good.flatMap((quality, p) =>
		[0, 1, 2].map((k) => {
			const j = (p * 2 + k) % judges;
			return card(`p${p}`, `j${j}`, Math.round(75 + quality + (lenient[j] ?? 0) + random.normal() * 2));
		})
	);
};

describe('the calibrated score as the published rule', () => {
	test('is the estimate, kept to six decimals and printed half up to two', () => {
		const cards = panel(12, 6);
		const estimate = calibrate(cards.map(({ proposal, judge, total }) => ({ proposal, judge, score: total / 100 })), { seed: 'any' });
		const { ranked, uncalibrated } = officialRanking({ proposals: cards.map(({ proposal }) => proposal).filter((one, at, all) => all.indexOf(one) === at), scorecards: cards, rule: 'calibrated', tieBreak });
		expect(uncalibrated).toEqual([]);
		for (const row of ranked) {
			const found = estimate.proposals.find(({ proposal }) => proposal === row.proposal);
			expect(toNumber(row.score)).toBeCloseTo(found?.score ?? Number.NaN, 6);
			expect(row.formatted).toBe(formatHalfUp(row.score));
			expect(row.appliedRule).toBe('calibrated');
			expect(row.rank).toBe(found?.rank);
		}
	});

	test('undoes the luck of the draw: whoever met the severe judges is not behind for it', () => {
		// j1 gives ten points less than the others to everybody; a and b are equally good, a met j1 twice as often.
		const cards = [
			...[card('a', 'j1', 70), card('a', 'j2', 80)],
			...[card('b', 'j3', 79), card('b', 'j2', 80)],
			...[card('c', 'j1', 60), card('c', 'j3', 70)],
			...[card('d', 'j1', 50), card('d', 'j2', 60), card('d', 'j3', 60)]
		];
		const input = { proposals: ['a', 'b', 'c', 'd'], scorecards: cards, tieBreak };
		const byMean = officialRanking({ ...input, rule: 'mean' }).ranked.map(({ proposal }) => proposal);
		const calibrated = officialRanking({ ...input, rule: 'calibrated' }).ranked.map(({ proposal }) => proposal);
		expect(byMean.slice(0, 2)).toEqual(['b', 'a']);
		expect(calibrated.slice(0, 2)).toEqual(['a', 'b']);
	});

	test('comes out the same to the last digit whatever ids stand behind the published names, and in any order', () => {
		const cards = panel(25, 9, 'names');
		const names = {
			proposals: new Map(cards.map(({ proposal }) => [`x${Number(proposal.slice(1)) * 7919 % 1000}`, proposal])),
			judges: new Map(cards.map(({ judge }) => [`y${9 - Number(judge.slice(1))}`, judge]))
		};
		const idOf = (map: ReadonlyMap<string, string>, name: string) => [...map].find(([, one]) => one === name)?.[0] ?? '';
		const hidden = cards.map((one) => ({ ...one, proposal: idOf(names.proposals, one.proposal), judge: idOf(names.judges, one.judge) })).reverse();
		const open = officialCalibration(cards);
		const behind = officialCalibration(hidden, names);
		expect(behind.refusal).toBeNull();
		for (const [id, score] of behind.scores ?? []) expect(open.scores?.get(names.proposals.get(id) ?? '')).toEqual(score);
	});

	test.each([
		['too_few', []],
		['too_few', [card('a', 'j1', 80), card('a', 'j2', 70)]],
		['too_few', [card('a', 'j1', 80), card('b', 'j1', 70)]],
		['too_few', [card('a', 'j1', 80), card('b', 'j2', 70)]],
		['too_few', [card('a', 'j1', 80), card('a', 'j2', 82), card('b', 'j3', 70), card('b', 'j4', 71)]],
		['disconnected', [card('a', 'j1', 80), card('a', 'j2', 82), card('b', 'j1', 60), card('b', 'j2', 61), card('c', 'j3', 90), card('c', 'j4', 95), card('d', 'j3', 70), card('d', 'j4', 74)]],
		['no_difference', [card('a', 'j1', 80), card('a', 'j2', 80), card('b', 'j1', 80), card('b', 'j2', 80)]],
		['no_difference', [card('a', 'j1', 80), card('a', 'j2', 70), card('b', 'j1', 70), card('b', 'j2', 80)]]
	])('is refused as %s, and the mean of all is used instead', (reason, cards) => {
		expect(officialCalibration(cards)).toEqual({ scores: null, refusal: reason });
		const proposals = [...new Set(cards.map(({ proposal }) => proposal))];
		const input = { proposals, scorecards: cards, tieBreak };
		const { ranked, uncalibrated } = officialRanking({ ...input, rule: 'calibrated' });
		expect(uncalibrated).toEqual([{ group: null, reason }]);
		expect(ranked).toEqual(officialRanking({ ...input, rule: 'mean' }).ranked);
	});

	test('breaks ties by criteria, then by lot', () => {
		// By symmetry a and b are estimated alike; so are c and d.
		const cards = [
			...[card('a', 'j1', 90, { need: 1500 }), card('a', 'j2', 80, { need: 1500 })],
			...[card('b', 'j1', 90, { need: 1600 }), card('b', 'j2', 80, { need: 1600 })],
			...[card('c', 'j1', 60), card('c', 'j2', 52)],
			...[card('d', 'j1', 60), card('d', 'j2', 52)]
		];
		const { ranked } = officialRanking({ proposals: ['a', 'b', 'c', 'd'], scorecards: cards, rule: 'calibrated', tieBreak });
		expect(ranked.map(({ proposal, tieBrokenBy }) => [proposal, tieBrokenBy]).slice(0, 2)).toEqual([
			['b', 'criterion:need'],
			['a', 'criterion:need']
		]);
		expect(ranked.slice(2).map(({ tieBrokenBy }) => tieBrokenBy)).toEqual(['lot', 'lot']);
	});

	test('calibrates judge groups by themselves and weighs them; a group that cannot be is averaged and named', () => {
		const experts = panel(8, 5, 'experts');
		const residents = experts.slice(0, 8).map((one, at) => card(`p${at}`, `r${at}`, 80 + at));
		const groups = [
			{ key: 'experts', weight: 7, judges: ['j0', 'j1', 'j2', 'j3', 'j4'] },
			{ key: 'residents', weight: 3, judges: residents.map(({ judge }) => judge) }
		];
		const proposals = Array.from({ length: 8 }, (_, p) => `p${p}`);
		const { ranked, uncalibrated } = officialRanking({ proposals, scorecards: [...experts, ...residents], rule: 'calibrated', groups, tieBreak });
		expect(uncalibrated).toEqual([{ group: 'residents', reason: 'too_few' }]);
		const alone = officialCalibration(experts);
		for (const row of ranked) {
			const expert = toNumber(alone.scores?.get(row.proposal) ?? { n: 0n, d: 1n });
			const resident = (residents.find(({ proposal }) => proposal === row.proposal)?.total ?? 0) / 100;
			expect(toNumber(row.score)).toBeCloseTo(0.7 * expert + 0.3 * resident, 9);
			expect(row.appliedRule).toBe('mean');
		}
	});

	test('is a rule of one round among several', () => {
		const first = panel(8, 5, 'first');
		const proposals = Array.from({ length: 8 }, (_, p) => `p${p}`);
		const advanced = ['p0', 'p1', 'p2'];
		const second = advanced.flatMap((proposal, p) => ['a', 'b'].map((judge, j) => card(proposal, judge, 80 + p * 3 + j)));
		const { ranked, uncalibrated } = combinedRanking({
			proposals,
			rounds: [
				{ key: 'paper', weight: 40, rule: 'calibrated', advanced: null, scorecards: first },
				{ key: 'pitch', weight: 60, rule: 'trimmed', advanced, scorecards: second }
			],
			tieBreak
		});
		expect(uncalibrated).toEqual([]);
		const scores = officialCalibration(first).scores;
		for (const row of ranked.slice(0, 3)) {
			const pitch = 80.5 + advanced.indexOf(row.proposal) * 3;
			expect(toNumber(row.score)).toBeCloseTo(0.4 * toNumber(scores?.get(row.proposal) ?? { n: 0n, d: 1n }) + 0.6 * pitch, 9);
			expect(row.rounds.map(({ appliedRule }) => appliedRule)).toEqual(['calibrated', 'mean']);
		}
	});
});
