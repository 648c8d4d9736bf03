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

/** Whether a submission arriving now still counts: from opening to closing plus the grace period, which is never shown. */
export const takesSubmissions = (competition: Clocked, at: Date): boolean => {
	if (competition.state !== 'announced' && competition.state !== 'open') return false;
	const { opensAt, closesAt, graceSeconds } = competition.timeline;
	return at >= opensAt && at.getTime() < closesAt.getTime() + graceSeconds * 1000;
};
