import { notFound } from '#lib/server/platform/errors.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readScorecard } from '#lib/server/modules/judging/index.ts';
import type { PageServerLoad } from './$types';

/** How all judges have scored the sample; there is none before one's own card is handed in. */
const spreadOf = async (...[actor, id]: Parameters<typeof readScorecard>) => {
	const { card, proposal, competition, spread } = await readScorecard(actor, id);
	if (!spread) throw notFound();
	return { id: card.id, sample: proposal.title, competition: competition.title, spread };
};

export const load: PageServerLoad = (event) => forPage(spreadOf(signedIn(event), event.params.id));
