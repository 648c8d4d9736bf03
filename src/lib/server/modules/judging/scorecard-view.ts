import type { CompetitionState, Question, Round, RubricCriterion } from '#lib/domain/competitions/types.ts';
import type { ScorecardStatus } from '#lib/domain/judging/types.ts';
import type { JudgedProposal } from '../proposals/index.ts';
import type { ScorecardDocument } from './model.ts';

/** A judge's own scorecard as pages and programs see it; `total` in points, null until every criterion is filled. */
export type ScorecardState = {
	id: string;
	competition: string;
	round: string;
	proposal: string;
	status: ScorecardStatus;
	version: number;
	scores: Record<string, number>;
	comments: Record<string, string>;
	overall: string;
	total: number | null;
	filled: number;
	recusal: { reason: string; at: Date } | null;
	startedAt: Date | null;
	savedAt: Date | null;
	submittedAt: Date | null;
	/** Reasons the organizer gave for opening it again, oldest first. */
	reopened: { at: Date; reason: string }[];
};

export type ScorecardRubric = { key: string; label: string; criteria: RubricCriterion[]; maximum: number };

export const stateOf = (card: ScorecardDocument): ScorecardState => ({
	id: card._id.toHexString(),
	competition: card.competition,
	round: card.round,
	proposal: card.proposal,
	status: card.status,
	version: card.version,
	scores: card.scores,
	comments: card.comments,
	overall: card.overall,
	total: card.total === null ? null : card.total / 100,
	filled: card.filled,
	recusal: card.recusal,
	startedAt: card.startedAt,
	savedAt: card.savedAt,
	submittedAt: card.submittedAt,
	reopened: card.reopened.map(({ at, reason }) => ({ at, reason }))
});

/** The rubric of a round with the points it adds up to. */
export const rubricOf = (round: Round): ScorecardRubric => ({
	key: round.key,
	label: round.label,
	criteria: round.rubric,
	maximum: round.rubric.reduce((sum, criterion) => sum + criterion.points, 0)
});

/** Points the sample was given, by criterion and in all, lowest first; nobody is named. */
export type TrialSpread = { maximum: number; criteria: { key: string; label: string; points: number; marks: number[]; own: number | null }[]; totals: number[]; own: number | null };

/** A judge's own scorecard beside the proposal it is about. */
export type ScorecardPage = {
	card: ScorecardState;
	rubric: ScorecardRubric;
	proposal: JudgedProposal;
	competition: { id: string; title: string; state: CompetitionState; until: Date | null };
	/** Words of the form the group filled in, by key. */
	questions: Pick<Question, 'key' | 'label' | 'type' | 'options'>[];
	categories: Record<string, string>;
	/** Whether it can be changed now. */
	editable: boolean;
	/** Its round, where the competition has several: the same project may be scored on paper and again on stage. */
	round: Pick<Round, 'label' | 'kind'> | null;
	/** Whether it belongs to a pitch, and what keeps it shut now: a code of `errors.json`. */
	pitch: boolean;
	refusal: string | null;
	/** The group behind the proposal is kept from the judge. */
	blind: boolean;
	/** It is the exercise before the real ones: nothing of it counts. */
	trial: boolean;
	/** After the exercise: how all have scored it. */
	spread: TrialSpread | null;
};
