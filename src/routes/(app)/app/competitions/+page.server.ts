import { scopeIds } from '#lib/domain/accounts/policy.ts';
import { lineSchema } from '#lib/domain/shared/fields.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { competitionViews, listCompetitions } from '#lib/server/modules/competitions/index.ts';
import { z } from 'zod';
import type { PageServerLoad } from './$types';

const filterSchema = z.object({ search: lineSchema(60).default('').catch(''), view: z.enum(competitionViews).default('all').catch('all') });

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const cursor = event.url.searchParams.get('cursor') ?? undefined;
	const filter = filterSchema.parse(Object.fromEntries(event.url.searchParams));
	return {
		filter,
		list: await forPage(listCompetitions(actor, { limit: 50, cursor }, false, filter)),
		mayCreate: scopeIds(actor, 'station', ['head', 'worker']).length > 0
	};
};
