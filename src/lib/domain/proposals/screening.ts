import type { CompetitionState } from '#lib/domain/competitions/types.ts';
import type { ProposalStatus, Screening } from './types.ts';

/** One screener's opinion of one submission. */
export type Opinion = { by: string; outcome: Screening['outcome']; submission: number };

/**
 * The outcome of a submission's screening, or null while opinions are missing. Returning for correction counts at
 * once; passing and rejecting need as many different people as `screeners` says, agreeing. A person's later
 * opinion replaces their earlier one.
 */
export const settledOutcome = (
	opinions: readonly Opinion[],
	submission: number,
	screeners: 1 | 2
): Screening['outcome'] | null => {
	const latest = new Map<string, Screening['outcome']>();
	for (const opinion of opinions) if (opinion.submission === submission) latest.set(opinion.by, opinion.outcome);
	const count = (outcome: Screening['outcome']) => [...latest.values()].filter((value) => value === outcome).length;
	if (count('return') > 0) return 'return';
	if (count('pass') >= screeners) return 'pass';
	return count('reject') >= screeners ? 'reject' : null;
};

const beforeRelease: readonly CompetitionState[] = ['draft', 'announced', 'open', 'screening'];

/** Whether applicants may see who passed screening: all at once, when judging starts. */
export const screeningReleased = (state: CompetitionState): boolean => !beforeRelease.includes(state);

/** A proposal's status as its applicants see it: until release, passed and rejected read as submitted. */
export const statusForApplicant = (status: ProposalStatus, state: CompetitionState): ProposalStatus =>
	(status === 'passed' || status === 'rejected') && !screeningReleased(state) ? 'submitted' : status;
