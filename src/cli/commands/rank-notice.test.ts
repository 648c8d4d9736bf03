import { describe, expect, it } from 'vitest';
import type { InputError } from '../command.ts';
import { rankNotice } from './rank-notice.ts';

const card = (round: string, proposal: string, judge: string, total: number, group?: string) => ({ round, proposal, judge, total, criteria: {}, ...(group ? { group } : {}) });
const fileOf = (notice: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(notice));

/** Two rounds, 40 and 60 percent; the second with experts and public jurors 7 : 3; B and A advanced; B has a bonus. */
const notice = {
	rule: {
		rounds: [
			{ key: 'document', weight: 40, rule: 'mean', tieBreak: [] },
			{ key: 'pitch', weight: 60, rule: 'mean', tieBreak: [], groups: [{ key: 'experts', weight: 7 }, { key: 'public', weight: 3 }], advanced: ['A', 'B'] }
		],
		bonus: { cap: 3 },
		seed: 's',
		lots: {}
	},
	scores: [
		card('document', 'A', 'J1', 8000),
		card('document', 'B', 'J1', 7000),
		card('document', 'C', 'J1', 9500),
		card('pitch', 'A', 'J1', 9000, 'experts'),
		card('pitch', 'A', 'J2', 8000, 'public'),
		card('pitch', 'B', 'J1', 9000, 'experts'),
		card('pitch', 'B', 'J2', 9000, 'public')
	],
	result: [
		// 0.4 × 80 + 0.6 × (0.7 × 90 + 0.3 × 80) = 84.2, and 0.4 × 70 + 0.6 × 90 + 2 = 84.
		{ number: 'A', rank: 1, score: '84.20' },
		{ number: 'B', rank: 2, score: '84.00', bonus: '2.00' },
		{ number: 'C', rank: 3, score: '95.00' }
	]
};

describe('the file of a notice', () => {
	it('gives the published table: rounds, groups, advancement and bonus', () => {
		const { ranking, differences, digest } = rankNotice('n.json', fileOf(notice));
		expect(ranking.map(({ rank, proposal, score }) => [rank, proposal, score])).toEqual([
			[1, 'A', '84.20'],
			[2, 'B', '84.00'],
			[3, 'C', '95.00']
		]);
		expect(differences).toEqual([]);
		expect(digest).toMatch(/^[0-9a-f]{64}$/);
	});

	it('names what was published otherwise', () => {
		const result = notice.result.map((row) => (row.number === 'B' ? { ...row, score: '84.50' } : row));
		expect(rankNotice('n.json', fileOf({ ...notice, result })).differences).toEqual(['B: published 2, 84.50; recomputed 2, 84.00']);
	});

	it('says what is wrong with a file that is none', () => {
		for (const [bytes, words] of [
			[new TextEncoder().encode('{"rule"'), 'neither a table nor'],
			[fileOf({ ...notice, scores: [{ ...notice.scores[0], total: 1.5 }] }), 'scores.0.total'],
			[fileOf({ ...notice, scores: [notice.scores[0], notice.scores[0]] }), 'two scorecards']
		] as const)
			expect(() => rankNotice('n.json', bytes)).toThrow(expect.objectContaining({ message: expect.stringContaining(words) }) as InputError);
	});

	it('recomputes calibrated scores to the last digit, and says where the mean was used', () => {
		const calibrated = {
			rule: { rounds: [{ key: 'document', weight: 100, rule: 'calibrated', tieBreak: [] }], seed: 's', lots: {} },
			// J1 is ten points more severe: A met J1, B did not.
			scores: [
				...[card('document', 'A', 'J1', 7000), card('document', 'A', 'J2', 8000)],
				...[card('document', 'B', 'J2', 8000), card('document', 'B', 'J3', 7900)],
				...[card('document', 'C', 'J1', 6000), card('document', 'C', 'J3', 7000)],
				...[card('document', 'D', 'J1', 5000), card('document', 'D', 'J2', 6000), card('document', 'D', 'J3', 6000)]
			],
			result: ['A', 'B', 'C', 'D'].map((number) => ({ number, rank: 9, score: '75.00' }))
		};
		const first = rankNotice('n.json', fileOf(calibrated));
		expect(first.ranking.map(({ proposal }) => proposal)).toEqual(['A', 'B', 'C', 'D']);
		expect(first.uncalibrated).toEqual([]);
		const result = first.ranking.map(({ proposal, rank, score }) => ({ number: proposal, rank, score }));
		const shuffled = { ...calibrated, scores: [...calibrated.scores].reverse(), result };
		expect(rankNotice('n.json', fileOf(shuffled))).toMatchObject({ ranking: first.ranking, differences: [] });
		const apart = { ...shuffled, scores: calibrated.scores.map((one) => ({ ...one, judge: `${one.proposal}${one.judge}` })) };
		const { uncalibrated, ranking } = rankNotice('n.json', fileOf(apart));
		expect(uncalibrated).toEqual([{ round: 'document', group: null, reason: 'too_few' }]);
		expect(ranking[0]).toEqual({ rank: 1, proposal: 'B', score: '79.50' });
	});
});
