import { expect, it } from 'vitest';
import { influentialJudges } from '#lib/domain/judging/influence.ts';
import type { RankingInput } from '#lib/domain/judging/ranking.ts';

const first = (places: number) => (ranked: readonly { proposal: string }[]) =>
	ranked.slice(0, places).map(({ proposal }) => proposal);

function input(cards: Record<string, Record<string, number>>): RankingInput {
	return {
		proposals: Object.keys(cards),
		scorecards: Object.entries(cards).flatMap(([proposal, totals]) =>
			Object.entries(totals).map(([judge, total]) => ({ proposal, judge, total: total * 100 }))
		),
		rule: 'mean',
		tieBreak: { criteria: [], seed: 's' }
	};
}

it('names the one judge who turned the result, and whom it cost', () => {
	const scores = input({ A: { x: 80, y: 80, z: 80 }, B: { x: 82, y: 81, z: 60 }, C: { x: 70, y: 70, z: 70 } });
	expect(influentialJudges(scores, first(1))).toEqual([{ judge: 'z', enters: ['B'], leaves: ['A'] }]);
	expect(influentialJudges(scores, first(2))).toEqual([]);
});

it('counts a winner nobody else judged as leaving', () => {
	const scores = input({ A: { x: 90 }, B: { y: 80, z: 80 } });
	expect(influentialJudges(scores, first(1))).toEqual([{ judge: 'x', enters: ['B'], leaves: ['A'] }]);
});
