import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, ratio } from '#lib/domain/judging/exact.ts';
import { officialRanking, type JudgeGroup, type ScorecardTotal } from '#lib/domain/judging/ranking.ts';
import { combinedRanking, participants, type RoundInput } from '#lib/domain/judging/rounds.ts';

const tieBreak = { criteria: ['need'], seed: 'seed' };
const card = (proposal: string, judge: string, total: number): ScorecardTotal => ({ proposal, judge, total, criteria: { need: total % 700 } });
const round = (key: string, weight: number, scorecards: ScorecardTotal[], more: Partial<RoundInput> = {}): RoundInput => ({
	key,
	weight,
	rule: 'mean',
	advanced: null,
	scorecards,
	...more
});
const line = ({ ranked }: ReturnType<typeof combinedRanking>) => ranked.map(({ rank, proposal, formatted }) => `${rank} ${proposal} ${formatted}`);

describe('several rounds', () => {
	const document = round('document', 40, [card('A', 'j', 9000), card('B', 'j', 8000), card('C', 'j', 7000), card('D', 'j', 6000)]);

	it('adds weight × score of the rounds that have begun', () => {
		const pitch = round('pitch', 60, [card('A', 'j', 7000), card('B', 'j', 9000)], { advanced: ['A', 'B'] });
		const result = combinedRanking({ proposals: ['A', 'B', 'C', 'D'], rounds: [document, pitch], tieBreak });
		// 0.4 × 80 + 0.6 × 90 = 86; 0.4 × 90 + 0.6 × 70 = 78; those that stayed behind keep their score of the first round.
		expect(line(result)).toEqual(['1 B 86.00', '2 A 78.00', '3 C 70.00', '4 D 60.00']);
		expect(result.ranked.map(({ reached }) => reached)).toEqual(['pitch', 'pitch', 'document', 'document']);
		expect(result.begun).toEqual(['document', 'pitch']);
	});

	it('keeps who did not advance behind who did, whatever the scores', () => {
		const pitch = round('pitch', 60, [card('D', 'j', 100)], { advanced: ['D'] });
		const result = combinedRanking({ proposals: ['A', 'B', 'C', 'D'], rounds: [document, pitch], tieBreak });
		expect(line(result)).toEqual(['1 D 24.60', '2 A 90.00', '3 B 80.00', '4 C 70.00']);
	});

	it('counts a round nobody scored it in as 0, and says so', () => {
		const pitch = round('pitch', 60, [card('A', 'j', 7000)]);
		const [a, b] = combinedRanking({ proposals: ['A', 'B'], rounds: [document, pitch], tieBreak }).ranked;
		expect(a).toMatchObject({ proposal: 'A', formatted: '78.00', missingRounds: [] });
		expect(b).toMatchObject({ proposal: 'B', formatted: '32.00', missingRounds: ['pitch'] });
	});

	it('uses the other groups where one has no scorecard, and names it', () => {
		const groups: JudgeGroup[] = [
			{ key: 'experts', weight: 7, judges: ['e1', 'e2'] },
			{ key: 'public', weight: 3, judges: ['p1'] }
		];
		const pitch = round('pitch', 100, [card('A', 'e1', 8000), card('A', 'e2', 9000), card('A', 'p1', 6000), card('B', 'e1', 8000)], { groups });
		const { ranked } = combinedRanking({ proposals: ['A', 'B'], rounds: [pitch], tieBreak });
		expect(ranked[0]).toMatchObject({ proposal: 'B', formatted: '80.00', rounds: [{ missingGroups: ['public'] }] });
		// (7 × 85 + 3 × 60) ÷ 10
		expect(ranked[1]).toMatchObject({
			proposal: 'A',
			formatted: '77.50',
			rounds: [{ groups: [{ key: 'experts', n: 2, score: 8500 }, { key: 'public', n: 1, score: 6000 }], missingGroups: [] }]
		});
	});

	it('adds bonus points up to their cap', () => {
		const points = new Map([['B', 700]]);
		const { ranked } = combinedRanking({ proposals: ['A', 'B'], rounds: [document], tieBreak, bonus: { capHundredths: 500, points } });
		expect(ranked.map(({ proposal, formatted, bonus }) => [proposal, formatted, bonus])).toEqual([
			['A', '90.00', 0],
			['B', '85.00', 500]
		]);
	});

	it('advances only from the round before', () => {
		const sets = participants(['A', 'B', 'C'], [{ advanced: null }, { advanced: ['A', 'B'] }, { advanced: ['B', 'C'] }]);
		expect(sets.map((set) => [...set])).toEqual([['A', 'B', 'C'], ['A', 'B'], ['B']]);
	});

	it('has a sensible answer without any scorecard', () => {
		const empty = combinedRanking({ proposals: ['B', 'A'], rounds: [round('document', 100, [])], tieBreak });
		expect(empty).toEqual({ ranked: [], unranked: ['A', 'B'].map((proposal) => ({ proposal, reason: 'no_scorecards' })), begun: [], uncalibrated: [] });
	});
});

// An oracle that shares nothing with the code: fractions as [numerator, denominator] on bigint, never reduced.
type Fraction = readonly [bigint, bigint];
const plus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * d + c * b, b * d];
const times = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * c, b * d];
const over = (a: Fraction, [c, d]: Fraction): Fraction => times(a, [d, c]);
const total = (list: readonly Fraction[]): Fraction => list.reduce(plus, [0n, 1n]);
const whole = (n: number): Fraction => [BigInt(n), 1n];

const oracleAggregate = (totals: number[], rule: string): Fraction => {
	const sorted = [...totals].sort((a, b) => a - b);
	const kept = rule === 'trimmed' && sorted.length >= 5 ? sorted.slice(1, -1) : sorted;
	return over(total(kept.map((points): Fraction => [BigInt(points), 100n])), whole(kept.length));
};

const oracleRound = (cards: readonly ScorecardTotal[], rule: string, groups: readonly JudgeGroup[] | undefined): Fraction | null => {
	if (!groups) return cards.length > 0 ? oracleAggregate(cards.map((one) => one.total), rule) : null;
	const parts = groups.flatMap(({ weight, judges }) => {
		const own = cards.filter(({ judge }) => judges.includes(judge)).map((one) => one.total);
		return own.length > 0 ? [{ weight: whole(weight), score: oracleAggregate(own, rule) }] : [];
	});
	if (parts.length === 0) return null;
	return over(total(parts.map(({ weight, score }) => times(weight, score))), total(parts.map(({ weight }) => weight)));
};

const proposals = ['A', 'B', 'C', 'D'];
const judges = ['j1', 'j2', 'j3', 'j4', 'j5', 'j6', 'p1', 'p2'];
const roundArbitrary = (key: string) =>
	fc
		.record({
			weight: fc.integer({ min: 1, max: 60 }),
			rule: fc.constantFrom<'mean' | 'trimmed'>('mean', 'trimmed'),
			grouped: fc.boolean(),
			advanced: fc.option(fc.subarray(proposals)),
			cards: fc.uniqueArray(fc.record({ proposal: fc.constantFrom(...proposals), judge: fc.constantFrom(...judges), half: fc.nat({ max: 200 }) }), {
				selector: ({ proposal, judge }) => proposal + judge,
				maxLength: 24
			})
		})
		.map(({ weight, rule, grouped, advanced, cards }) =>
			round(key, weight, cards.map(({ proposal, judge, half }) => card(proposal, judge, half * 50)), {
				rule,
				advanced,
				groups: grouped
					? [
							{ key: 'experts', weight: 7, judges: judges.slice(0, 6) },
							{ key: 'public', weight: 3, judges: judges.slice(6) }
						]
					: undefined
			})
		);
const inputs = fc.record({
	rounds: fc.tuple(roundArbitrary('one'), roundArbitrary('two'), roundArbitrary('three')).map(([one, ...rest]) => [{ ...one, advanced: null }, ...rest]),
	bonus: fc.dictionary(fc.constantFrom(...proposals), fc.nat({ max: 900 }))
});

describe('against a plain fraction oracle', () => {
	it('gives exactly the final score, and ranks by it within each tier', () => {
		fc.assert(
			fc.property(inputs, ({ rounds, bonus }) => {
				const result = combinedRanking({ proposals, rounds, tieBreak, bonus: { capHundredths: 500, points: new Map(Object.entries(bonus)) } });
				const inside = participants(proposals, rounds);
				const begun = rounds.map(({ scorecards }, at) => scorecards.some(({ proposal }) => inside[at]?.has(proposal)));
				const expected = new Map<string, Fraction>();
				for (const proposal of proposals) {
					const own = rounds.flatMap(({ weight, rule, groups, scorecards }, at) =>
						begun[at] && inside[at]?.has(proposal)
							? [{ weight: whole(weight), score: oracleRound(scorecards.filter((one) => one.proposal === proposal), rule, groups) }]
							: []
					);
					if (!own.some(({ score }) => score)) continue;
					const base = over(total(own.map(({ weight, score }) => times(weight, score ?? whole(0)))), total(own.map(({ weight }) => weight)));
					expected.set(proposal, plus(base, [BigInt(Math.min(500, bonus[proposal] ?? 0)), 100n]));
				}
				expect(new Set(result.ranked.map(({ proposal }) => proposal))).toEqual(new Set(expected.keys()));
				for (const { proposal, score } of result.ranked) {
					const [n, d] = expected.get(proposal) ?? whole(-1);
					expect(score).toEqual(ratio(n, d));
				}
				expect(result.ranked.map(({ rank }) => rank)).toEqual(result.ranked.map((_, at) => at + 1));
				for (const [at, after] of result.ranked.slice(1).entries()) {
					const before = result.ranked[at];
					if (before?.reached === after.reached) expect(compare(before.score, after.score)).toBeGreaterThanOrEqual(0);
				}
			}),
			{ numRuns: 400 }
		);
	});

	it('is the ranking of the round where there is one', () => {
		fc.assert(
			fc.property(roundArbitrary('one'), (one) => {
				const only = { ...one, advanced: null };
				const { ranked } = officialRanking({ proposals, scorecards: only.scorecards, rule: only.rule, groups: only.groups, tieBreak });
				const shape = (list: readonly { proposal: string; rank: number; formatted: string; tieBrokenBy: string | null; lot: number | null }[]) =>
					list.map(({ proposal, rank, formatted, tieBrokenBy, lot }) => ({ proposal, rank, formatted, tieBrokenBy, lot }));
				expect(shape(combinedRanking({ proposals, rounds: [only], tieBreak }).ranked)).toEqual(shape(ranked));
			})
		);
	});
});
