import { describe, expect, it } from 'vitest';
import { suggestByRank, unexplained } from '#lib/domain/judging/decision.ts';

const row = (proposal: string, rank: number | null, outcome: 'fund' | 'reserve' | 'decline', reason = '') => ({
	proposal,
	rank,
	outcome,
	amount: outcome === 'fund' ? 100 : 0,
	reason
});

describe('unexplained', () => {
	it('asks for nothing when the ranking is followed', () => {
		expect(unexplained([row('a', 1, 'fund'), row('b', 2, 'fund'), row('c', 3, 'reserve'), row('d', null, 'decline')])).toEqual([]);
	});
	it('asks both the one passed over and the one funded over it', () => {
		expect(unexplained([row('a', 1, 'decline'), row('b', 2, 'fund'), row('c', 3, 'decline')])).toEqual(['a', 'b']);
	});
	it('is content once the reasons are there', () => {
		expect(unexplained([row('a', 1, 'decline', 'withdrawn by the group'), row('b', 2, 'fund', 'next in rank')])).toEqual([]);
	});
	it('asks for a reason when somebody without a score is funded', () => {
		expect(unexplained([row('a', 1, 'fund'), row('b', null, 'fund')])).toEqual(['b']);
	});
});

describe('suggestByRank', () => {
	it('goes down the ranking and never skips ahead', () => {
		const rows = [
			{ proposal: 'c', rank: 3, requested: 10 },
			{ proposal: 'a', rank: 1, requested: 60 },
			{ proposal: 'b', rank: 2, requested: 50 },
			{ proposal: 'd', rank: 4, requested: 10 },
			{ proposal: 'e', rank: null, requested: 1 }
		];
		expect(suggestByRank(rows, 100)).toEqual([
			{ proposal: 'a', outcome: 'fund', amount: 60 },
			{ proposal: 'b', outcome: 'reserve', amount: 0 },
			{ proposal: 'c', outcome: 'reserve', amount: 0 },
			{ proposal: 'd', outcome: 'decline', amount: 0 },
			{ proposal: 'e', outcome: 'decline', amount: 0 }
		]);
	});
});
