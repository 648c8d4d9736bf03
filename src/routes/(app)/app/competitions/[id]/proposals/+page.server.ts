import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readCompetition } from '#lib/server/modules/competitions/index.ts';
import { listProposals, proposalCounts, proposalListSchema } from '#lib/server/modules/proposals/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const input = proposalListSchema.parse({ ...Object.fromEntries(event.url.searchParams), limit: 50 });
	const [list, competition, counts] = await Promise.all([
		forPage(listProposals(actor, event.params.id, input)),
		forPage(readCompetition(actor, event.params.id)),
		proposalCounts(event.params.id)
	]);
	return {
		list,
		counts,
		filter: { status: input.status, track: input.track, search: input.search, sort: input.sort },
		tracks: competition.tracks.map(({ key, label }) => ({ key, label }))
	};
};
