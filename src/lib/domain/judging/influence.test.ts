import fc from 'fast-check';
import { expect, it } from 'vitest';
import { influentialJudges } from '#lib/domain/judging/influence.ts';
import { officialRanking, scoreProposal, type ScorecardTotal } from '#lib/domain/judging/ranking.ts';

type Rule = { rule: 'mean' | 'trimmed'; tieBreak: { criteria: string[]; seed: string } };
const mean: Rule = { rule: 'mean', tieBreak: { criteria: [], seed: 's' } };
const first = (places: number) => (ranked: readonly { proposal: string }[]) =>
	ranked.slice(0, places).map(({ proposal }) => proposal);

const influence = (cards: readonly ScorecardTotal[], places: number, rule = mean) =>
	influentialJudges({
		cards,
		scoreOf: (proposal, own) => scoreProposal(proposal, own, rule),
		tieBreak: rule.tieBreak,
		winnersOf: first(places)
	});

const cardsOf = (totals: Record<string, Record<string, number>>): ScorecardTotal[] =>
	Object.entries(totals).flatMap(([proposal, own]) =>
		Object.entries(own).map(([judge, total]) => ({ proposal, judge, total: total * 100 }))
	);

it('names the one judge who turned the result, and whom it cost', () => {
	const cards = cardsOf({ A: { x: 80, y: 80, z: 80 }, B: { x: 82, y: 81, z: 60 }, C: { x: 70, y: 70, z: 70 } });
	expect(influence(cards, 1)).toEqual([{ judge: 'z', enters: ['B'], leaves: ['A'] }]);
	expect(influence(cards, 2)).toEqual([]);
});

it('counts a winner nobody else judged as leaving', () => {
	expect(influence(cardsOf({ A: { x: 90 }, B: { y: 80, z: 80 } }), 1)).toEqual([{ judge: 'x', enters: ['B'], leaves: ['A'] }]);
});

it('agrees with ranking everything anew without the judge', () => {
	const card = fc.record({ proposal: fc.constantFrom('A', 'B', 'C', 'D', 'E'), judge: fc.constantFrom('u', 'v', 'w', 'x', 'y', 'z'), total: fc.integer({ min: 6000, max: 6400 }) });
	fc.assert(
		fc.property(
			fc.uniqueArray(card, { selector: ({ proposal, judge }) => proposal + judge, minLength: 1, maxLength: 30 }),
			fc.constantFrom('mean' as const, 'trimmed' as const),
			fc.integer({ min: 1, max: 4 }),
			(cards, rule, places) => {
				const winners = (some: readonly ScorecardTotal[]) =>
					first(places)(officialRanking({ proposals: ['A', 'B', 'C', 'D', 'E'], scorecards: some, rule, tieBreak: mean.tieBreak }).ranked);
				const all = winners(cards);
				const expected = [...new Set(cards.map(({ judge }) => judge))].sort().flatMap((judge) => {
					const without = winners(cards.filter((one) => one.judge !== judge));
					const enters = without.filter((proposal) => !all.includes(proposal));
					const leaves = all.filter((proposal) => !without.includes(proposal));
					return enters.length + leaves.length > 0 ? [{ judge, enters, leaves }] : [];
				});
				expect(influence(cards, places, { ...mean, rule })).toEqual(expected);
			}
		)
	);
});
