import type { RubricCriterion } from '#lib/domain/judging/rubric.ts';

export type { RubricCriterion };

/**
 * From a rubric and a judge's marks to a scorecard's total. Points are typed as numbers in whole or half points and kept
 * as integer hundredths of a point, so nothing is ever rounded here.
 */

/** A scorecard's comment is required below this percentage of a criterion's points … */
export const LOW_COMMENT_PERCENT = 60;
/** … and above this one. */
export const HIGH_COMMENT_PERCENT = 90;
/** Level anchors: high from 85 % of the points, middle from 60 %, low below. */
export const HIGH_ANCHOR_PERCENT = 85;
export const MIDDLE_ANCHOR_PERCENT = 60;

export type Rubric = readonly RubricCriterion[];
export type AnchorLevel = 'high' | 'middle' | 'low';

export type ScoreProblemCode =
	| 'unknown_criterion'
	| 'missing'
	| 'not_a_number'
	| 'below_zero'
	| 'above_maximum'
	| 'off_step'
	| 'comment_required_low'
	| 'comment_required_high';

/** What keeps a scorecard from being submitted, and where: `path` is `scores.<key>` or `comments.<key>`. */
export interface ScoreProblem {
	path: string;
	criterion: string;
	code: ScoreProblemCode;
	/** For the message: `points` the criterion's maximum, `step`, `percent` the limit crossed. */
	params: Record<string, number>;
}

export interface ScorecardInput {
	/** Points per criterion key; null or absent while undecided. */
	scores: Readonly<Record<string, number | null | undefined>>;
	comments: Readonly<Record<string, string | null | undefined>>;
}

export interface ScoredCard {
	/** Sum of the valid marks so far, in hundredths of a point. */
	total: number;
	/** Most points the rubric gives, in hundredths. */
	maximum: number;
	/** Valid marks in hundredths, by criterion key. */
	criteria: Record<string, number>;
	/** Number of criteria with a valid mark. */
	answered: number;
	/** True when the card may be submitted: nothing is missing, wrong or uncommented. */
	complete: boolean;
	problems: ScoreProblem[];
}

/** Sum of the criteria's points. */
export function maximumPoints(rubric: Rubric): number {
	return rubric.reduce((total, criterion) => total + criterion.points, 0);
}

/** Why a mark is not allowed, or null when it is. */
export function markProblem(
	criterion: RubricCriterion,
	points: number
): 'not_a_number' | 'below_zero' | 'above_maximum' | 'off_step' | null {
	if (typeof points !== 'number' || !Number.isFinite(points)) return 'not_a_number';
	if (points < 0) return 'below_zero';
	if (points > criterion.points) return 'above_maximum';
	// Halves are exact in binary, so this division is too.
	if (!Number.isInteger(points / criterion.step)) return 'off_step';
	return null;
}

/** Whether a (valid) mark needs a comment: `low` under 60 % of the points, `high` over 90 %, exactly. */
export function commentRequired(criterion: RubricCriterion, points: number): 'low' | 'high' | null {
	if (points * 100 < LOW_COMMENT_PERCENT * criterion.points) return 'low';
	if (points * 100 > HIGH_COMMENT_PERCENT * criterion.points) return 'high';
	return null;
}

/** The anchor a (valid) mark belongs to. */
export function anchorLevel(criterion: RubricCriterion, points: number): AnchorLevel {
	if (points * 100 >= HIGH_ANCHOR_PERCENT * criterion.points) return 'high';
	return points * 100 >= MIDDLE_ANCHOR_PERCENT * criterion.points ? 'middle' : 'low';
}

/** Value of an own key only: a client may send `constructor` or `__proto__`. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
	return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Checks and totals a scorecard, finished or not; the caller refuses submission unless `complete`. */
export function scoreScorecard(rubric: Rubric, input: ScorecardInput): ScoredCard {
	const problems: ScoreProblem[] = [];
	const marks: [string, number][] = [];
	for (const criterion of rubric) {
		const { key } = criterion;
		const report = (code: ScoreProblemCode, params: Record<string, number> = {}, field = 'scores') =>
			problems.push({ path: `${field}.${key}`, criterion: key, code, params });
		const points = own(input.scores, key);
		if (points === null || points === undefined) {
			report('missing');
			continue;
		}
		const wrong = markProblem(criterion, points);
		if (wrong) {
			report(wrong, { points: criterion.points, step: criterion.step });
			continue;
		}
		marks.push([key, points * 100]);
		const extreme = commentRequired(criterion, points);
		if (extreme && !own(input.comments, key)?.trim()) {
			if (extreme === 'low') report('comment_required_low', { percent: LOW_COMMENT_PERCENT }, 'comments');
			else report('comment_required_high', { percent: HIGH_COMMENT_PERCENT }, 'comments');
		}
	}
	const known = new Set(rubric.map(({ key }) => key));
	for (const key of Object.keys(input.scores)) {
		if (!known.has(key))
			problems.push({ path: `scores.${key}`, criterion: key, code: 'unknown_criterion', params: {} });
	}
	return {
		total: marks.reduce((sum, [, hundredths]) => sum + hundredths, 0),
		maximum: maximumPoints(rubric) * 100,
		criteria: Object.fromEntries(marks),
		answered: marks.length,
		complete: problems.length === 0,
		problems
	};
}
