import { scopeIds } from '#lib/domain/accounts/policy.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { listCompetitions } from '#lib/server/modules/competitions/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const cursor = event.url.searchParams.get('cursor') ?? undefined;
	return {
		list: await forPage(listCompetitions(actor, { limit: 50, cursor })),
		mayCreate: scopeIds(actor, 'station', ['head', 'worker']).length > 0
	};
};
