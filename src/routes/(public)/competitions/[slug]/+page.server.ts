import { placesOfCall } from '#lib/server/http/call-rules.ts';
import { forPage } from '#lib/server/http/guards.ts';
import { publicCompetition } from '#lib/server/modules/competitions/index.ts';
import type { PageServerLoad } from './$types';

export const csr = false;

export const load: PageServerLoad = async ({ params }) => {
	const competition = await forPage(publicCompetition(params.slug));
	const { catchment } = competition.eligibility;
	const names = await placesOfCall(competition);
	const byId = new Map(names);
	return { competition, names, places: (catchment.length > 0 ? catchment : [competition.station]).flatMap((id) => byId.get(id) ?? []) };
};
