import { expect, test } from 'vitest';
import { settingsGaps } from './gaps.ts';
import type { CompetitionSettings } from './types.ts';

const question = { key: 'why', type: 'text', label: '为什么', options: [], min: null, max: null };
const whole = {
	theme: '让邻居认识邻居。',
	fund: 1_000_000,
	needs: ['取药远'],
	contact: '021-5555 0000',
	tracks: [{ key: 'simple', label: '简表', floor: 30_000, cap: 300_000, questions: [question] }],
	rounds: [{ key: 'document', label: '书面', rubric: [{ key: 'a', label: '需求', points: 100, anchors: { high: '好', middle: '中', low: '差' } }] }],
	timeline: { announcesAt: null, opensAt: '2026-05-01T01:00:00Z', closesAt: '2026-05-20T10:00:00Z', graceSeconds: 0, scoringUntil: '2026-06-01T10:00:00Z' },
	screeningChecklist: [{ key: 'complete', label: '齐全' }]
} as unknown as CompetitionSettings;
const now = new Date('2026-04-01T00:00:00Z');
const found = (change: object) => settingsGaps({ ...whole, ...change }, now).map(({ part, path, code, severity }) => [part, path, code, severity]);

test('a whole competition lacks nothing', () => expect(found({})).toEqual([]));

test('each gap names its field, and says whether it keeps the call from being announced', () => {
	expect(found({ theme: '', fund: 0, contact: '', needs: [] })).toEqual([
		['basics', 'theme', 'comp_theme_missing', 'block'],
		['basics', 'fund', 'comp_fund_missing', 'block'],
		['basics', 'needs', 'comp_needs_missing', 'advice'],
		['basics', 'contact', 'comp_contact_missing', 'advice']
	]);
	expect(found({ fund: 20_000 })).toEqual([['basics', 'fund', 'comp_fund_below_floor', 'block']]);
	const { timeline } = whole;
	expect(found({ timeline: { ...timeline, scoringUntil: '2026-05-20T10:00:00Z' } })).toEqual([['timeline', 'timeline.scoringUntil', 'comp_scoring_before_closing', 'block']]);
	expect(found({ timeline: { ...timeline, opensAt: '2026-03-01T01:00:00Z' } })).toEqual([['timeline', 'timeline.opensAt', 'comp_opens_in_past', 'advice']]);
	expect(settingsGaps(whole, new Date('2026-05-20T10:00:00Z')).map(({ code }) => code)).toEqual(['comp_closes_in_past']);
});

test('questions need their choices or columns, and a range its right order', () => {
	const [track] = whole.tracks;
	const questions = [{ ...question, type: 'multiple', options: ['一'] }, { ...question, type: 'number', min: 5, max: 4 }];
	expect(found({ tracks: [{ ...track, cap: 20_000, questions }] })).toEqual([
		['tracks', 'tracks[0].cap', 'comp_cap_below_floor', 'block'],
		['tracks', 'tracks[0].questions[0].options', 'comp_options_missing', 'block'],
		['tracks', 'tracks[0].questions[1].max', 'comp_range_backwards', 'block']
	]);
});

test('a rubric of other than 100 points and a criterion without anchors are worth a look', () => {
	const [round] = whole.rounds;
	const rubric = [{ key: 'a', label: '需求', points: 90, anchors: { high: '好', middle: '', low: '差' } }];
	expect(found({ rounds: [{ ...round, rubric }] })).toEqual([
		['rounds', 'rounds[0].rubric', 'comp_rubric_not_100', 'advice'],
		['rounds', 'rounds[0].rubric[0].anchors.high', 'comp_anchor_missing', 'advice']
	]);
});
