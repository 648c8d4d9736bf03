import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { openCompetitions } from '#lib/server/modules/competitions/index.ts';
import { ownProposals } from '#lib/server/modules/proposals/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const cursor = event.url.searchParams.get('cursor') ?? undefined;
	const [list, calls] = await Promise.all([forPage(ownProposals(actor, { limit: 30, cursor })), openCompetitions()]);
	const begun = new Set(list.items.map(({ competition }) => competition));
	return { list, calls: calls.map(({ id, title, closesAt, stationName }) => ({ id, title, closesAt, stationName, begun: begun.has(id) })) };
};
