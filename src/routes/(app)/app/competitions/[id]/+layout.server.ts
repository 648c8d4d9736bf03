import { can } from '#lib/domain/accounts/policy.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readCompetition, resourceOf } from '#lib/server/modules/competitions/index.ts';
import { proposalCounts } from '#lib/server/modules/proposals/index.ts';
import type { LayoutServerLoad } from './$types';

/** The frame of a competition's work pages: what it is, where it stands, what the tabs count. */
export const load: LayoutServerLoad = async (event) => {
	const actor = signedIn(event);
	const competition = await forPage(readCompetition(actor, event.params.id));
	const counts = await proposalCounts(competition.id);
	return {
		frame: {
			id: competition.id,
			title: competition.title,
			slug: competition.slug,
			state: competition.state,
			received: counts.received,
			toScreen: counts.submitted,
			hasPitch: competition.rounds.some(({ kind }) => kind === 'pitch'),
			composed: competition.rounds.length > 1 || competition.bonus !== null || competition.rounds.some(({ groups }) => groups.length > 0),
			mayManage: can(actor, 'competition.manage', resourceOf(competition))
		}
	};
};
