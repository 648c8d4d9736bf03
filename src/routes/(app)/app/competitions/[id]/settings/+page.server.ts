import { isFrozen } from '#lib/domain/competitions/lifecycle.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { readCompetition, transitionBlockers } from '#lib/server/modules/competitions/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const competition = await forPage(readCompetition(actor, event.params.id));
	const blockers = competition.state === 'draft' ? await forPage(transitionBlockers(actor, competition.id, 'announced')) : [];
	return { frozen: isFrozen(competition.state), blockers: blockers.map(({ code, params }) => wordsFor(code, params)) };
};
