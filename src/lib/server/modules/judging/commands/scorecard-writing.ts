import type { RubricCriterion } from '#lib/domain/competitions/types.ts';
import type { ScoredCard } from '#lib/domain/judging/scoring.ts';
import type { ScorecardSave } from '#lib/domain/judging/types.ts';
import type { Issue } from '#lib/domain/shared/issues.ts';
import { now } from '#lib/server/platform/clock.ts';
import type { ScorecardDocument } from '../model.ts';

export type Content = Pick<ScorecardDocument, 'scores' | 'comments' | 'overall'>;

/** What counts as typed: no undecided marks, no empty comments. */
export const contentOf = (save: ScorecardSave): Content => ({
	scores: Object.fromEntries(Object.entries(save.scores).flatMap(([key, points]) => (points === null ? [] : [[key, points]]))),
	comments: Object.fromEntries(Object.entries(save.comments).filter(([, text]) => text !== '')),
	overall: save.overall
});

const sameRecord = (a: Record<string, unknown>, b: Record<string, unknown>): boolean => {
	const keys = Object.keys(a);
	return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
};

const sameContent = (a: Content, b: Content): boolean =>
	a.overall === b.overall && sameRecord(a.scores, b.scores) && sameRecord(a.comments, b.comments);

/** Faults of a draft are wrong marks only; what is missing or uncommented keeps a card from being submitted. */
export const issuesOf = (rubric: readonly RubricCriterion[], content: Content, scored: ScoredCard, submitting: boolean): Issue[] => {
	const labels = new Map(rubric.map((criterion) => [criterion.key, criterion.label]));
	const issues = scored.problems
		.filter(({ code }) => submitting || !(code === 'missing' || code.startsWith('comment_required')))
		.map(({ path, code, criterion, params }) => ({
			path,
			code: `score_${code}`,
			params: { ...params, label: labels.get(criterion) ?? criterion }
		}));
	const unknown = Object.keys(content.comments).filter((key) => !labels.has(key));
	return [...issues, ...unknown.map((key) => ({ path: `comments.${key}`, code: 'score_unknown_criterion', params: { label: key } }))];
};

/**
 * Whether this save has been made already: the same tab has saved as often or more often since, or what is stored is
 * exactly what is sent.
 */
export const isRepeat = (card: ScorecardDocument, save: ScorecardSave, content: Content): boolean => {
	const { client, seq } = card.lastSave;
	if (save.client !== '' && save.client === client && save.seq <= seq) return true;
	return card.status === save.status && sameContent(card, content);
};

/** A stale version is no conflict when all that happened since came from the same tab. */
export const isBasedOnCurrent = (card: ScorecardDocument, save: ScorecardSave): boolean =>
	save.version === card.version || (save.client !== '' && save.client === card.lastSave.client);

/** The fields a save sets. */
export const applySave = (card: ScorecardDocument, save: ScorecardSave, content: Content, scored: ScoredCard, criteria: number) => {
	const at = now();
	return {
		...content,
		status: save.status,
		total: scored.answered === criteria ? scored.total : null,
		filled: scored.answered,
		lastSave: { client: save.client, seq: save.seq },
		startedAt: card.startedAt ?? at,
		savedAt: at,
		submittedAt: save.status === 'submitted' ? at : null,
		touchedAt: save.status === 'submitted' ? at : card.touchedAt,
		version: card.version + 1
	};
};

