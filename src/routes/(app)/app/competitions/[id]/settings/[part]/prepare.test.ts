import { describe, expect, it } from 'vitest';
import { competitionPatchSchema } from '#lib/domain/competitions/schema.ts';
import { issuesOf } from '#lib/server/http/messages.ts';
import { preparePart } from './prepare.ts';

const round = (more: Record<string, string>) => ({ key: '', label: '现场路演', kind: 'pitch', weight: '100', rule: 'trimmed', reviews: '3', ...more });

describe('a round as the settings form posts it', () => {
	it('starts from the default criteria where none is named', () => {
		const patch = competitionPatchSchema.parse(preparePart({ part: 'rounds', version: '1', rounds: [round({}), round({ label: '' })] }));
		expect(patch.rounds).toHaveLength(1);
		expect(patch.rounds?.[0]?.rubric.reduce((sum, { points }) => sum + points, 0)).toBe(100);
		expect(patch.rounds?.[0]?.key).not.toBe('');
	});

	it('keeps the criteria somebody named', () => {
		const own = { rubric: [{ key: '', label: '讲得清楚', points: '40', anchors: { high: '', middle: '', low: '' } }] };
		const patch = competitionPatchSchema.parse(preparePart({ part: 'rounds', version: '1', rounds: [{ ...round({}), ...own }] }));
		expect(patch.rounds?.[0]?.rubric.map(({ label, points }) => [label, points])).toEqual([['讲得清楚', 40]]);
	});

	it('says of a list without rows that something is missing, not that a number is small', () => {
		const parsed = competitionPatchSchema.safeParse({ rounds: [], version: 1 });
		expect(parsed.success ? [] : issuesOf(parsed.error).map(({ path, code }) => [path, code])).toContainEqual(['rounds', 'too_few']);
	});
});
