import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, compare, fromHundredths, ratio } from '#lib/domain/judging/exact.ts';
import {
	aggregate,
	budgetLine,
	finalScore,
	officialRanking,
	withoutRecused,
	type RankingInput,
	type ScorecardTotal
} from '#lib/domain/judging/ranking.ts';

const tieBreak = { criteria: ['need', 'feasibility'], seed: 'seed' };
const card = (proposal: string, judge: string, total: number, criteria?: Record<string, number>): ScorecardTotal => ({
	proposal,
	judge,
	total,
	criteria
});
const rank = (scorecards: ScorecardTotal[], more: Partial<RankingInput> = {}) =>
	officialRanking({
		proposals: [...new Set(scorecards.map((c) => c.proposal))],
		scorecards,
		rule: 'mean',
		tieBreak,
		...more
	});

describe('aggregate', () => {
	it('takes the exact mean', () => {
		expect(aggregate([8500, 8600, 8600], 'mean').score).toEqual(ratio(257, 3));
	});

	it('drops one highest and one lowest total from five cards on, only one of equals', () => {
		expect(aggregate([9000, 9000, 8000, 7000, 7000], 'trimmed')).toEqual({
			score: ratio(80),
			appliedRule: 'trimmed'
		});
		expect(aggregate([9000, 9000, 8000, 7000], 'trimmed')).toEqual({
			score: ratio(8250, 100),
			appliedRule: 'mean'
		});
	});

	it('is the mean below five cards, lies between the extremes, and one outlier moves it no further', () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 12 }), (totals) => {
				const trimmed = aggregate(totals, 'trimmed');
				if (totals.length < 5) expect(trimmed.score).toEqual(aggregate(totals, 'mean').score);
				expect(compare(trimmed.score, fromHundredths(Math.min(...totals)))).toBeGreaterThanOrEqual(0);
				expect(compare(trimmed.score, fromHundredths(Math.max(...totals)))).toBeLessThanOrEqual(0);
				if (totals.length >= 5) {
					const raised = totals.map((t, i) => (i === totals.indexOf(Math.max(...totals)) ? t + 5000 : t));
					expect(aggregate(raised, 'trimmed').score).toEqual(trimmed.score);
				}
			})
		);
	});
});

describe('official ranking', () => {
	it('ranks by the exact score and prints two decimals, half up', () => {
		const result = rank([
			card('A', '1', 8500),
			card('A', '2', 8501),
			card('B', '1', 8501),
			card('B', '2', 8501),
			card('C', '1', 8502)
		]);
		expect(result.ranked.map((r) => [r.rank, r.proposal, r.formatted])).toEqual([
			[1, 'C', '85.02'],
			[2, 'B', '85.01'],
			[3, 'A', '85.01']
		]);
		expect(result.ranked.map((r) => r.printsAlike)).toEqual([false, true, true]);
		expect(result.ranked.every((r) => r.tieBrokenBy === null)).toBe(true);
	});

	it('breaks ties by the declared criteria in order, then by lot, and says which', () => {
		const result = rank([
			card('A', '1', 8000, { need: 1500, feasibility: 1500 }),
			card('B', '1', 8000, { need: 1600, feasibility: 1000 }),
			card('C', '1', 8000, { need: 1500, feasibility: 1600 }),
			card('D', '1', 8000, { need: 1500, feasibility: 1500 }),
			card('E', '1', 7000, { need: 2000, feasibility: 2000 })
		]);
		expect(result.ranked.map((r) => r.rank)).toEqual([1, 2, 3, 4, 5]);
		expect(result.ranked.map((r) => r.proposal).filter((p) => p !== 'A' && p !== 'D')).toEqual(['B', 'C', 'E']);
		expect(result.ranked.map((r) => r.tieBrokenBy)).toEqual([
			'criterion:need',
			'criterion:feasibility',
			'lot',
			'lot',
			null
		]);
		const [third, fourth] = [result.ranked[2]?.lot ?? 0, result.ranked[3]?.lot ?? 0];
		expect(third).toBeLessThan(fourth);
	});

	it('draws other lots under another seed, sooner or later', () => {
		const cards = [card('A', '1', 8000), card('B', '1', 8000)];
		const winners = [1, 2, 3, 4, 5, 6, 7, 8].map(
			(s) => rank(cards, { tieBreak: { criteria: [], seed: `${s}` } }).ranked[0]?.proposal
		);
		expect(new Set(winners)).toEqual(new Set(['A', 'B']));
	});

	it('lists proposals without cards, ignores cards of proposals that left, refuses doubles', () => {
		const result = officialRanking({
			proposals: ['A', 'B'],
			scorecards: [card('A', '1', 1), card('X', '1', 1)],
			rule: 'mean',
			tieBreak
		});
		expect(result.ranked.map((r) => r.proposal)).toEqual(['A']);
		expect(result.unranked).toEqual([{ proposal: 'B', reason: 'no_scorecards' }]);
		expect(() => rank([card('A', '1', 1), card('A', '1', 2)])).toThrow(RangeError);
		expect(() => rank([card('A', '1', 1.5)])).toThrow(RangeError);
		expect(rank([])).toEqual({ rule: 'mean', ranked: [], unranked: [], uncalibrated: [] });
	});

	it('removes recused judges before trimming', () => {
		const cards = ['1', '2', '3', '4', '5'].map((judge, i) => card('A', judge, 6000 + i * 1000));
		const fair = withoutRecused(cards, [
			{ proposal: 'A', judge: '5' },
			{ proposal: 'B', judge: '1' }
		]);
		expect(rank(cards, { rule: 'trimmed' }).ranked[0]).toMatchObject({
			formatted: '80.00',
			appliedRule: 'trimmed'
		});
		expect(rank(fair, { rule: 'trimmed' }).ranked[0]).toMatchObject({
			formatted: '75.00',
			appliedRule: 'mean',
			n: 4
		});
	});

	it('weights groups of judges, and says which group is missing', () => {
		const groups = [
			{ key: 'experts', weight: 7, judges: ['e1', 'e2'] },
			{ key: 'public', weight: 3, judges: ['p1', 'p2', 'p3'] }
		];
		const cards = [
			card('A', 'e1', 8000),
			card('A', 'e2', 9000),
			card('A', 'p1', 6000),
			card('A', 'p2', 6000),
			card('A', 'p3', 6100),
			card('B', 'e1', 7000),
			card('C', 'stranger', 9900)
		];
		const result = rank(cards, { groups });
		// (7 × 85 + 3 × 60⅓) ÷ 10 = 77.6
		expect(result.ranked[0]).toMatchObject({ proposal: 'A', formatted: '77.60', missingGroups: [] });
		expect(result.ranked[1]).toMatchObject({ proposal: 'B', formatted: '70.00', missingGroups: ['public'] });
		expect(result.unranked).toEqual([{ proposal: 'C', reason: 'no_scorecards' }]);
	});
});

const cardsArbitrary = fc
	.array(fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 6 }), fc.integer({ min: 60, max: 64 }), fc.nat({ max: 2 })), {
		minLength: 1,
		maxLength: 40
	})
	.map((raw) => {
		const unique = new Map(
			raw.map(([p, j, points, need]) => [`${p}/${j}`, card(`P${p}`, `J${j}`, points * 100, { need: need * 100 })])
		);
		return [...unique.values()];
	});

describe('properties', () => {
	const rules = fc.constantFrom<'mean' | 'trimmed'>('mean', 'trimmed');

	it('does not depend on the order of input', () => {
		fc.assert(
			fc.property(cardsArbitrary, rules, fc.infiniteStream(fc.nat()), (cards, rule, stream) => {
				const shuffled = cards
					.map((c) => ({ c, key: stream.next().value ?? 0 }))
					.sort((a, b) => a.key - b.key)
					.map(({ c }) => c);
				expect(rank(shuffled, { rule })).toEqual(rank(cards, { rule }));
			})
		);
	});

	it('gives unique ranks in descending order of score', () => {
		fc.assert(
			fc.property(cardsArbitrary, rules, (cards, rule) => {
				const { ranked } = rank(cards, { rule });
				expect(ranked.map((r) => r.rank)).toEqual(ranked.map((_, i) => i + 1));
				for (const [i, r] of ranked.slice(1).entries()) {
					expect(compare(ranked[i]?.score ?? r.score, r.score)).toBeGreaterThanOrEqual(0);
					expect(r.tieBrokenBy !== null).toBe(
						ranked.filter((o) => compare(o.score, r.score) === 0).length > 1
					);
				}
			})
		);
	});

	it('is unmoved when judges are renamed, and when every total shifts by the same points', () => {
		fc.assert(
			fc.property(cardsArbitrary, rules, fc.integer({ min: -5000, max: 5000 }), (cards, rule, shift) => {
				const before = rank(cards, { rule }).ranked;
				const renamed = rank(
					cards.map((c) => ({ ...c, judge: `${c.judge}-new` })),
					{ rule }
				).ranked;
				expect(renamed).toEqual(before);
				const shifted = rank(
					cards.map((c) => ({ ...c, total: c.total + shift })),
					{ rule }
				).ranked;
				expect(shifted.map((r) => r.proposal)).toEqual(before.map((r) => r.proposal));
				expect(shifted.map((r) => r.score)).toEqual(before.map((r) => add(r.score, fromHundredths(shift))));
			})
		);
	});

	it('keeps every order not settled by lot when proposals are renamed', () => {
		fc.assert(
			fc.property(cardsArbitrary, (cards) => {
				const before = rank(cards)
					.ranked.filter((r) => r.tieBrokenBy !== 'lot')
					.map((r) => [r.rank, `Z${r.proposal}`]);
				const after = rank(cards.map((c) => ({ ...c, proposal: `Z${c.proposal}` }))).ranked;
				expect(after.filter((r) => r.tieBrokenBy !== 'lot').map((r) => [r.rank, r.proposal])).toEqual(before);
			})
		);
	});
});

describe('final score', () => {
	it('weights rounds and caps the bonus', () => {
		const rounds = [
			{ weight: 15, score: ratio(80) },
			{ weight: 25, score: ratio(257, 3) },
			{ weight: 60, score: ratio(90) }
		];
		expect(finalScore(rounds)).toEqual(ratio(12n * 3n * 100n + 25n * 257n + 54n * 300n, 300n));
		expect(finalScore(rounds, { hundredths: 700, capHundredths: 500 })).toEqual(add(finalScore(rounds), ratio(5)));
		expect(() => finalScore([{ weight: 0.5, score: ratio(1) }])).toThrow(RangeError);
		expect(() => finalScore([{ weight: 0, score: ratio(1) }])).toThrow(RangeError);
	});
});

describe('budget line', () => {
	const ranked = ['A', 'B', 'C', 'D'].map((proposal) => ({ proposal }));
	const requests = new Map([
		['A', 300_00],
		['B', 500_00],
		['C', 400_00],
		['D', 1]
	]);

	it('stops at the first that does not fit, without skipping ahead', () => {
		expect(budgetLine(ranked, requests, 900_00)).toEqual({
			inside: ['A', 'B'],
			straddling: { proposal: 'C', requestedFen: 400_00, availableFen: 100_00 },
			outside: ['D'],
			spentFen: 800_00,
			leftFen: 100_00
		});
	});

	it('has nobody astride when the fund ends between two', () => {
		expect(budgetLine(ranked, requests, 800_00)).toMatchObject({
			inside: ['A', 'B'],
			straddling: null,
			outside: ['C', 'D']
		});
		expect(budgetLine(ranked, requests, 10_000_00)).toMatchObject({ straddling: null, outside: [] });
		expect(() => budgetLine([{ proposal: 'X' }], requests, 1)).toThrow(RangeError);
	});

	it('never spends more than the fund, and a larger fund never pushes anybody out', () => {
		const amounts = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 15 });
		fc.assert(
			fc.property(amounts, fc.nat({ max: 8000 }), fc.nat({ max: 500 }), (list, fund, more) => {
				const order = list.map((_, i) => ({ proposal: `P${i}` }));
				const asked = new Map(list.map((amount, i) => [`P${i}`, amount]));
				const line = budgetLine(order, asked, fund);
				expect(line.spentFen).toBeLessThanOrEqual(fund);
				expect(line.spentFen + line.leftFen).toBe(fund);
				const all = [...line.inside, ...(line.straddling ? [line.straddling.proposal] : []), ...line.outside];
				expect(all).toEqual(order.map((o) => o.proposal));
				expect(budgetLine(order, asked, fund + more).inside.slice(0, line.inside.length)).toEqual(line.inside);
			})
		);
	});
});
