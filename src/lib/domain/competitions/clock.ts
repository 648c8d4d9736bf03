import type { CompetitionState } from './types.ts';

type Clocked = {
	state: CompetitionState;
	timeline: { opensAt: Date; closesAt: Date; graceSeconds: number };
};

/**
 * The state at a moment: opening and closing of submissions follow the published times by the server's clock,
 * every other step is a person's.
 */
export const effectiveState = ({ state, timeline }: Clocked, at: Date): CompetitionState => {
	if (state !== 'announced' && state !== 'open') return state;
	if (at >= timeline.closesAt) return 'screening';
	return at >= timeline.opensAt ? 'open' : 'announced';
};

/** A step the clock has taken since a person last set the state. */
export type ClockStep = { from: CompetitionState; to: CompetitionState; at: Date };

/**
 * The steps the clock has taken by a moment, in order, each at its published time; what is announced after its opening
 * opens when it is announced.
 */
export const clockSteps = (competition: Clocked & { stateSince: Date }, at: Date): ClockStep[] => {
	const { stateSince } = competition;
	const { opensAt, closesAt } = competition.timeline;
	const reached = effectiveState(competition, at);
	const steps: ClockStep[] = [];
	if (competition.state === 'announced' && reached !== 'announced')
		steps.push({ from: 'announced', to: 'open', at: stateSince > opensAt ? stateSince : opensAt });
	if (competition.state !== 'screening' && reached === 'screening') steps.push({ from: 'open', to: 'screening', at: closesAt });
	return steps;
};

const windowStates: readonly CompetitionState[] = ['announced', 'open', 'screening'];

/**
 * Whether a submission arriving now still counts: from opening to closing plus the grace period, which is never
 * shown. The grace runs on while the state already reads screening.
 */
export const takesSubmissions = (competition: Clocked, at: Date): boolean => {
	if (!windowStates.includes(competition.state)) return false;
	const { opensAt, closesAt, graceSeconds } = competition.timeline;
	return at >= opensAt && at.getTime() < closesAt.getTime() + graceSeconds * 1000;
};
