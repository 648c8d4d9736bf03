import { describe, expect, it } from 'vitest';
import { anonymousCsv, anonymousNames } from '#lib/domain/judging/publication.ts';

describe('anonymousNames', () => {
	it('gives every judge one name, whatever the order they come in', () => {
		const names = anonymousNames(['a', 'b', 'c'], 'seed');
		expect([...names.values()].sort()).toEqual(['J01', 'J02', 'J03']);
		expect([...anonymousNames(['c', 'a', 'b'], 'seed')].sort()).toEqual([...names].sort());
	});
	it('depends on the seed', () => {
		const ids = Array.from({ length: 12 }, (_, i) => `judge-${i}`);
		expect([...anonymousNames(ids, 'one').keys()]).not.toEqual([...anonymousNames(ids, 'two').keys()]);
	});
});

describe('anonymousCsv', () => {
	it('writes points with two decimals', () => {
		const scores = [{ round: 'document', proposal: 'summer-001', judge: 'J01', total: 8550, criteria: {} }];
		expect(anonymousCsv(scores)).toBe('proposal,judge,score\nsummer-001,J01,85.50\n');
	});
});
