import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readCompetition } from '#lib/server/modules/competitions/index.ts';
import { sampleProposal } from '#lib/ui/features/competitions/sample-proposal.ts';
import type { PageServerLoad } from './$types';

/** The scorecard of a round beside a made-up proposal. Nothing is ever written here. */
export const load: PageServerLoad = async (event) => {
	const competition = await forPage(readCompetition(signedIn(event), event.params.id));
	const wanted = event.url.searchParams.get('round');
	const round = competition.rounds.find(({ key }) => key === wanted) ?? competition.rounds[0];
	const sample = sampleProposal(competition, `${competition.slug}-001`);
	return {
		rounds: competition.rounds.map(({ key, label }) => ({ key, label, current: key === round?.key })),
		criteria: round?.rubric ?? [],
		blind: round?.blind ?? false,
		proposal: { ...sample, organizationName: round?.blind ? '' : sample.organizationName }
	};
};
