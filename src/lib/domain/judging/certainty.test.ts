import { describe, expect, it } from 'vitest';
import { certainty, type CertaintyInput } from '#lib/domain/judging/certainty.ts';
import { createRandom } from '#lib/domain/judging/random.ts';
import { withoutRecused, type ScorecardTotal } from '#lib/domain/judging/ranking.ts';

const tieBreak = { criteria: [], seed: 'lots' };

/** Proposals of evenly spread quality under judges of different leniency, each proposal seen by `reviews` of them. */
const panel = (proposals: number, judges: number, reviews: number, options = { quality: 8, leniency: 5, noise: 4 }): ScorecardTotal[] => {
	const random = createRandom(`panel ${proposals} ${judges} ${reviews}`);
	const quality = Array.from({ length: proposals }, () => 70 + options.quality * random.normal());
	const leniency = Array.from({ length: judges }, () => options.leniency * random.normal());
	return quality.flatMap((value, p) =>
		Array.from({ length: reviews }, (_, k) => {
			const judge = (p * 7 + k * (1 + (p % 3))) % judges;
			return { proposal: `p${p}`, judge: `j${judge}`, total: Math.round((value + (leniency[judge] ?? 0) + options.noise * random.normal()) * 100) };
		}).filter((card, at, all) => all.findIndex(({ judge }) => judge === card.judge) === at)
	);
};

const inputOf = (cards: readonly ScorecardTotal[], places: number): CertaintyInput => {
	const proposals = [...new Set(cards.map(({ proposal }) => proposal))];
	return {
		ranking: { proposals, rounds: [{ key: 'review', weight: 100, rule: 'mean', advanced: null, scorecards: cards }], tieBreak },
		requestedFen: new Map(proposals.map((proposal) => [proposal, 300_000])),
		fundFen: places * 300_000,
		seed: 'draws'
	};
};

describe('certainty', () => {
	it('draws a band around the line: its members are likely neither in nor out, the others are settled', () => {
		const found = certainty(inputOf(panel(40, 9, 3), 12));
		expect(found.places).toBe(12);
		expect(found.band.length).toBeGreaterThan(2);
		const within = new Map(found.calibration.proposals.map((one) => [one.proposal, one.within ?? 0]));
		for (const proposal of found.band) {
			expect(within.get(proposal)).toBeGreaterThan(0.02);
			expect(within.get(proposal)).toBeLessThan(0.98);
		}
		const sum = [...within.values()].reduce((total, share) => total + share, 0);
		expect(sum).toBeCloseTo(12, 6);
	});

	it('promises a narrower band for more reviews, never a wider one by much', () => {
		const { band, outlook } = certainty(inputOf(panel(40, 9, 3), 12));
		expect(outlook.map(({ more }) => more)).toEqual([1, 2, 3, 5]);
		expect(outlook.at(-1)?.band).toBeLessThan(band.length);
		for (const [at, { band: next }] of outlook.entries()) expect(next).toBeLessThanOrEqual((outlook[at - 1]?.band ?? band.length) + 1);
	});

	it('compares the winners of each rule with the official ones', () => {
		const cards = panel(20, 6, 5, { quality: 3, leniency: 8, noise: 3 });
		const found = certainty(inputOf(cards, 6));
		const [mean, trimmed, calibrated] = found.rules;
		expect(mean).toMatchObject({ rule: 'mean', enters: [], leaves: [] });
		for (const rule of [trimmed, calibrated]) {
			expect(rule?.winners).toHaveLength(6);
			expect(rule?.enters.length).toBe(rule?.leaves.length);
		}
	});

	it('draws no band where the fund covers everybody or nobody', () => {
		const cards = panel(8, 4, 3);
		expect(certainty(inputOf(cards, 8))).toMatchObject({ places: 8, band: [], outlook: [] });
		expect(certainty(inputOf(cards, 0))).toMatchObject({ places: 0, band: [], outlook: [] });
	});

	it('has a sensible answer for no scores, one judge, one proposal and equal scores', () => {
		expect(certainty(inputOf([], 3)).calibration.notes).toEqual(['no_scores']);
		const one = (pairs: [string, string, number][]) => pairs.map(([proposal, judge, total]) => ({ proposal, judge, total }));
		expect(certainty(inputOf(one([['a', 'x', 8000], ['b', 'x', 7000]]), 1)).calibration.notes).toEqual(['single_judge']);
		expect(certainty(inputOf(one([['a', 'x', 8000], ['a', 'y', 7000]]), 1)).calibration.notes).toEqual(['single_proposal']);
		const equal = certainty(inputOf(one([['a', 'x', 8000], ['b', 'x', 8000], ['a', 'y', 8000], ['b', 'y', 8000]]), 1));
		expect(equal.calibration.notes).toEqual(['no_spread']);
		expect(equal.band).toEqual(['a', 'b'].sort((a, b) => equal.band.indexOf(a) - equal.band.indexOf(b)));
	});

	it('does not depend on the order of the cards or on who is called what', () => {
		const cards = panel(15, 5, 3);
		const straight = certainty(inputOf(cards, 5));
		expect(certainty(inputOf([...cards].reverse(), 5))).toEqual(straight);
	});

	it('shifts every score alike, and no rank, when one judge of a balanced panel gives everybody more', () => {
		const cards = panel(12, 4, 4).filter(({ proposal }, _, all) => all.filter((card) => card.proposal === proposal).length === 4);
		const lenient = cards.map((card) => (card.judge === 'j1' ? { ...card, total: card.total + 700 } : card));
		const [before, after] = [certainty(inputOf(cards, 3)), certainty(inputOf(lenient, 3))];
		expect(after.calibration.proposals.map(({ proposal }) => proposal)).toEqual(before.calibration.proposals.map(({ proposal }) => proposal));
		const j1 = (of: typeof before) => of.calibration.judges.find(({ judge }) => judge === 'j1')?.leniency ?? 0;
		expect(j1(after)).toBeGreaterThan(j1(before) + 3);
	});

	it('gives the same to the same scores under other names', () => {
		const cards = panel(15, 5, 3);
		const renamed = cards.map(({ proposal, judge, total }) => ({ proposal: `x${proposal}`, judge: `y${judge}`, total }));
		const [before, after] = [certainty(inputOf(cards, 5)), certainty(inputOf(renamed, 5))];
		expect(after.calibration.proposals.map(({ proposal, score, se }) => [proposal, score, se])).toEqual(
			before.calibration.proposals.map(({ proposal, score, se }) => [`x${proposal}`, score, se])
		);
		expect(after.band).toEqual(before.band.map((proposal) => `x${proposal}`));
	});

	it('is what it would be had a recused judge never scored', () => {
		const cards = panel(15, 5, 4);
		const recusals = [...new Set(cards.map(({ proposal }) => proposal))].map((proposal) => ({ proposal, judge: 'j2' }));
		const never = cards.filter(({ judge }) => judge !== 'j2');
		expect(certainty(inputOf(withoutRecused(cards, recusals), 5))).toEqual(certainty(inputOf(never, 5)));
	});

	it('weighs rounds, and keeps those that advanced before those that did not', () => {
		const review = panel(16, 6, 4);
		const order = certainty(inputOf(review, 4)).calibration.proposals.map(({ proposal }) => proposal);
		const finalists = order.slice(4, 10);
		const pitch = panel(16, 5, 5).filter(({ proposal }) => finalists.includes(proposal));
		const one = inputOf(review, 4);
		const found = certainty({
			...one,
			ranking: {
				...one.ranking,
				rounds: [
					{ key: 'review', weight: 40, rule: 'mean', advanced: null, scorecards: review },
					{ key: 'pitch', weight: 60, rule: 'mean', advanced: finalists, scorecards: pitch }
				]
			}
		});
		expect(found.round).toBe('pitch');
		expect(found.calibration.notes).toContain('several_rounds');
		expect(new Set(found.calibration.proposals.slice(0, 6).map(({ proposal }) => proposal))).toEqual(new Set(finalists));
		for (const proposal of found.band) expect(finalists).toContain(proposal);
		for (const { score, low, high } of found.calibration.proposals) {
			expect(low).toBeLessThanOrEqual(score);
			expect(high).toBeGreaterThanOrEqual(score);
		}
	});
});

describe('where the call itself says calibrated', () => {
	const judges = ['j1', 'j2', 'j3', 'j4'];
	const ids = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
	// j1 is severe by ten points; everybody else agrees with the number in the name.
	const cards = ids.flatMap((proposal, p) =>
		[0, 1, 2].map((k) => {
			const judge = judges[(p + k) % 4] ?? '';
			return { proposal, judge, total: 8000 - p * 300 - (judge === 'j1' ? 1000 : 0) + ((p * 7 + k * 3) % 5) * 20 };
		})
	);
	const input = {
		ranking: {
			proposals: ids,
			rounds: [{ key: 'document', weight: 100, rule: 'calibrated' as const, advanced: null, scorecards: cards }],
			tieBreak: { criteria: [], seed: 's' }
		},
		requestedFen: new Map(ids.map((id) => [id, 100])),
		fundFen: 300,
		seed: 's',
		draws: 1000
	};

	it('compares the other rules with it, and calibrates anew without each judge', () => {
		const { rules, influence, calibration } = certainty(input);
		expect(rules.find(({ rule }) => rule === 'calibrated')).toMatchObject({ winners: ['p1', 'p2', 'p3'], enters: [], leaves: [] });
		expect(influence.every(({ judge }) => judges.includes(judge))).toBe(true);
		expect(calibration.notes).not.toContain('influence_left_out');
	});

	it('says when that would take too long', () => {
		const many = Array.from({ length: 300 }, (_, p) => `p${p}`);
		const big = many.flatMap((proposal, p) => [0, 1, 2].map((k) => ({ proposal, judge: `j${(p * 3 + k * 7) % 250}`, total: 6000 + ((p * 31 + k * 17) % 200) * 10 })));
		const { influence, calibration } = certainty({
			...input,
			ranking: { ...input.ranking, proposals: many, rounds: [{ key: 'document', weight: 100, rule: 'calibrated', advanced: null, scorecards: big }] },
			requestedFen: new Map(many.map((id) => [id, 100]))
		});
		expect(influence).toEqual([]);
		expect(calibration.notes).toContain('influence_left_out');
	});
});
