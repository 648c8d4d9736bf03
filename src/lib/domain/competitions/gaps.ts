import { questionKinds } from './question-types.ts';
import type { SetupPart } from './setup-parts.ts';
import type { CompetitionSettings, Round, Track } from './types.ts';

/**
 * Something the settings of a competition lack. `block` keeps it from being announced, `advice` does not. `path` is
 * the field in the form of its part, `code` names its words (`err_<code>`).
 */
export type Gap = { part: SetupPart; path: string; code: string; params: Record<string, string | number>; severity: 'block' | 'advice' };

const trackGaps = (track: Track, t: number): Gap[] => {
	const gaps: Gap[] = [];
	const add = (path: string, code: string, severity: Gap['severity'], params: Gap['params'] = {}) =>
		gaps.push({ part: 'tracks', path: `tracks[${t}].${path}`, code, params: { label: track.label, ...params }, severity });
	if (track.cap < track.floor) add('cap', 'comp_cap_below_floor', 'block');
	if (track.cap === 0) add('cap', 'comp_cap_missing', 'block');
	for (const [q, question] of track.questions.entries()) {
		if (questionKinds[question.type].list !== null && question.options.length < 2)
			add(`questions[${q}].options`, 'comp_options_missing', 'block', { question: question.label });
		if (question.min !== null && question.max !== null && question.max < question.min)
			add(`questions[${q}].max`, 'comp_range_backwards', 'block', { question: question.label });
	}
	return gaps;
};

const roundGaps = (round: Round, r: number): Gap[] => {
	const gaps: Gap[] = [];
	const total = round.rubric.reduce((sum, { points }) => sum + points, 0);
	const add = (path: string, code: string, params: Gap['params'] = {}) =>
		gaps.push({ part: 'rounds', path: `rounds[${r}].${path}`, code, params: { label: round.label, ...params }, severity: 'advice' });
	if (total !== 100) add('rubric', 'comp_rubric_not_100', { total });
	const bare = round.rubric.findIndex(({ anchors }) => anchors.high === '' || anchors.middle === '' || anchors.low === '');
	if (bare >= 0) add(`rubric[${bare}].anchors.high`, 'comp_anchor_missing', { criterion: round.rubric[bare]?.label ?? '' });
	return gaps;
};

/** All that is missing, part by part in the order of the guide; `now` decides whether times have passed. */
export const settingsGaps = (settings: CompetitionSettings, now: Date): Gap[] => {
	const gaps: Gap[] = [];
	const add = (part: SetupPart, path: string, code: string, severity: Gap['severity']) => gaps.push({ part, path, code, params: {}, severity });
	const { timeline } = settings;
	if (settings.theme === '') add('basics', 'theme', 'comp_theme_missing', 'block');
	if (settings.fund === 0) add('basics', 'fund', 'comp_fund_missing', 'block');
	else if (settings.tracks.every((track) => track.floor > settings.fund)) add('basics', 'fund', 'comp_fund_below_floor', 'block');
	if (settings.needs.length === 0) add('basics', 'needs', 'comp_needs_missing', 'advice');
	if (settings.contact === '') add('basics', 'contact', 'comp_contact_missing', 'advice');
	if (Date.parse(timeline.closesAt) <= now.getTime()) add('timeline', 'timeline.closesAt', 'comp_closes_in_past', 'block');
	else if (Date.parse(timeline.opensAt) <= now.getTime()) add('timeline', 'timeline.opensAt', 'comp_opens_in_past', 'advice');
	if (timeline.scoringUntil === null) add('timeline', 'timeline.scoringUntil', 'comp_scoring_until_missing', 'advice');
	else if (Date.parse(timeline.scoringUntil) <= Date.parse(timeline.closesAt))
		add('timeline', 'timeline.scoringUntil', 'comp_scoring_before_closing', 'block');
	gaps.push(...settings.tracks.flatMap(trackGaps), ...settings.rounds.flatMap(roundGaps));
	if (settings.screeningChecklist.length === 0) add('screening', 'checklist[0].label', 'comp_checklist_empty', 'advice');
	return gaps;
};
