import { registerTransitionGuard, type Blocker } from '../competitions/index.ts';
import { freshCounts } from './counts.ts';

/** Judging starts when every proposal is screened and there is something to judge. */
export const registerScreeningGuard = (): void =>
	registerTransitionGuard('judging', 'screening', async (competition) => {
		const counts = await freshCounts(competition.id);
		const base = `/app/competitions/${competition.id}`;
		const blockers: Blocker[] = [];
		if (counts.submitted > 0) blockers.push({ code: 'comp_unscreened', params: { n: counts.submitted }, href: `${base}/screening` });
		if (counts.returned > 0)
			blockers.push({ code: 'comp_returned_open', params: { n: counts.returned }, href: `${base}/screening#returned` });
		if (counts.passed === 0 && blockers.length === 0)
			blockers.push({ code: 'comp_none_passed', params: {}, href: `${base}/proposals` });
		return blockers;
	});
