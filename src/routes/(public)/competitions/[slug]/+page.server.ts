import { forPage } from '#lib/server/http/guards.ts';
import { publicCompetition } from '#lib/server/modules/competitions/index.ts';
import { stationsByIds } from '#lib/server/modules/stations/index.ts';
import type { PageServerLoad } from './$types';

export const csr = false;


export const load: PageServerLoad = async ({ params }) => {
	const competition = await forPage(publicCompetition(params.slug));
	const { catchment } = competition.eligibility;
	const earlier = competition.amendments.flatMap(({ changes = [] }) =>
		changes.flatMap((change) => (change.part === 'eligibility' ? [...change.before.catchment, ...change.after.catchment] : []))
	);
	const stations = await stationsByIds([competition.station, ...catchment, ...earlier]);
	const names = [...stations.values()].map(({ id, name }) => [id, name] as const);
	return { competition, names, places: (catchment.length > 0 ? catchment : [competition.station]).flatMap((id) => stations.get(id)?.name ?? []) };
};
