import { forPage } from '#lib/server/http/guards.ts';
import { publicCompetition } from '#lib/server/modules/competitions/index.ts';
import { stationsByIds } from '#lib/server/modules/stations/index.ts';
import type { PageServerLoad } from './$types';

export const csr = false;

const placeNames = async (ids: readonly string[]): Promise<string[]> => {
	const stations = await stationsByIds(ids);
	return ids.flatMap((id) => stations.get(id)?.name ?? []);
};

export const load: PageServerLoad = async ({ params }) => {
	const competition = await forPage(publicCompetition(params.slug));
	const { catchment } = competition.eligibility;
	return { competition, places: await placeNames(catchment.length > 0 ? catchment : [competition.station]) };
};
