import { scoreScorecard, type RubricCriterion, type ScoreProblemCode } from '#lib/domain/judging/scoring.ts';
import { m } from '#lib/i18n/generated/messages.js';
import type { ScorecardContent } from './scorecard-content.ts';

const words: Partial<Record<ScoreProblemCode, (params: { label: string }) => string>> = {
	missing: m.err_score_missing,
	comment_required_low: m.err_score_comment_required_low,
	comment_required_high: m.err_score_comment_required_high
};

/** What keeps a scorecard from being submitted, by field; the server says the same and decides. */
export const submissionErrors = (criteria: readonly RubricCriterion[], content: ScorecardContent): Record<string, string> => {
	const labels = new Map(criteria.map(({ key, label }) => [key, label]));
	return Object.fromEntries(
		scoreScorecard(criteria, content).problems.flatMap(({ path, criterion, code }) => {
			const text = words[code]?.({ label: labels.get(criterion) ?? '' });
			return text ? [[path, text]] : [];
		})
	);
};
