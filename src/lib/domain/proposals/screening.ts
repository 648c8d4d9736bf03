import type { CompetitionState } from '#lib/domain/competitions/types.ts';
import type { ProposalStatus, Screening } from './types.ts';

/** One screener's opinion of one submission. */
export type Opinion = { by: string; outcome: Screening['outcome']; submission: number; /** The head's word where two disagree. */ deciding?: boolean };

/** The present opinion of everybody who has one about a submission. */
const latestOpinions = (opinions: readonly Opinion[], submission: number): Map<string, Opinion> => {
	const latest = new Map<string, Opinion>();
	for (const opinion of opinions) if (opinion.submission === submission) latest.set(opinion.by, opinion);
	return latest;
};

/** Where a submission stands among its screeners: nobody yet, one of two, or two who disagree. */
export type ScreeningStand = 'first' | 'second' | 'disagree';

export const screeningStand = (opinions: readonly Opinion[], submission: number): ScreeningStand => {
	const outcomes = new Set([...latestOpinions(opinions, submission).values()].map(({ outcome }) => outcome));
	if (outcomes.has('pass') && outcomes.has('reject')) return 'disagree';
	return outcomes.size > 0 ? 'second' : 'first';
};

/** Whether somebody has given an opinion about a submission. */
export const hasScreened = (opinions: readonly Opinion[], submission: number, by: string): boolean => latestOpinions(opinions, submission).has(by);

/** Somebody who has opened both opinions of a submission to settle what two people disagree about. */
export type Arbiter = { by: string; submission: number };

export const isArbiter = (arbiters: readonly Arbiter[], submission: number, by: string): boolean =>
	arbiters.some((arbiter) => arbiter.by === by && arbiter.submission === submission);

/**
 * Whether the opinions of this submission are kept from somebody who may still give one: judgements are worth more
 * when none knows the others, and the third, which tips the scales, most of all. Whoever has spoken reads all; so does
 * who has opened them to settle a disagreement, and gives no opinion of their own any more.
 */
export const opinionsHidden = (
	opinions: readonly Opinion[],
	submission: number,
	by: string,
	call: { screeners?: 1 | 2 | undefined; status: ProposalStatus; arbiters?: readonly Arbiter[] | undefined }
): boolean =>
	call.screeners === 2 &&
	call.status === 'submitted' &&
	screeningStand(opinions, submission) !== 'first' &&
	!hasScreened(opinions, submission, by) &&
	!isArbiter(call.arbiters ?? [], submission, by);

/**
 * Whether somebody may give an opinion on a submission. Once two of two agree, only those who have spoken may still
 * change their mind: one more voice, knowing all others, would turn a result that stands.
 */
export const maySpeak = (opinions: readonly Opinion[], submission: number, by: string, call: { screeners?: 1 | 2 | undefined; status: ProposalStatus }): boolean =>
	call.screeners !== 2 || (call.status !== 'passed' && call.status !== 'rejected') || hasScreened(opinions, submission, by);

/**
 * The outcome of a submission's screening, or null while opinions are missing. Returning for correction counts at
 * once; passing and rejecting need as many different people as `screeners` says, agreeing: where two disagree, a
 * third person or the deciding word of the head settles it. A person's later opinion replaces their earlier one; where
 * one screener is enough, the last word counts, whoever says it.
 */
export const settledOutcome = (
	opinions: readonly Opinion[],
	submission: number,
	screeners: 1 | 2
): Screening['outcome'] | null => {
	const latest = [...latestOpinions(opinions, submission).values()];
	const decided = latest.findLast(({ deciding }) => deciding);
	if (decided) return decided.outcome;
	const count = (outcome: Screening['outcome']) => latest.filter((opinion) => opinion.outcome === outcome).length;
	if (count('return') > 0) return 'return';
	if (screeners === 1) return opinions.findLast((opinion) => opinion.submission === submission)?.outcome ?? null;
	if (count('pass') >= screeners) return 'pass';
	return count('reject') >= screeners ? 'reject' : null;
};

/** What the release of a screening depends on. */
type Released = { state: CompetitionState; screeningReleasedAt?: Date | null };

const beforeRelease: readonly CompetitionState[] = ['draft', 'announced', 'open', 'screening'];

/** Whether applicants may see who passed screening: all at once, when the outcomes are released or judging starts. */
export const screeningReleased = ({ state, screeningReleasedAt }: Released): boolean => Boolean(screeningReleasedAt) || !beforeRelease.includes(state);

/** A proposal's status as its applicants see it: until release, passed and rejected read as submitted. */
export const statusForApplicant = (status: ProposalStatus, competition: Released): ProposalStatus =>
	(status === 'passed' || status === 'rejected') && !screeningReleased(competition) ? 'submitted' : status;
