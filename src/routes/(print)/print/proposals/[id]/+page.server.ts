import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readProposal, submissionHistory } from '#lib/server/modules/proposals/index.ts';
import type { PageServerLoad } from './$types';

export const csr = false;

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const { proposal, competition } = await forPage(readProposal(actor, id));
	const history = await forPage(submissionHistory(actor, id));
	return {
		proposal,
		digest: history.at(-1)?.digest ?? null,
		competition: { title: competition.title, tracks: competition.tracks, categories: competition.budgetRules.categories }
	};
};
