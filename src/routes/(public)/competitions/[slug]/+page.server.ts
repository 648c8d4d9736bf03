import { forPage } from '#lib/server/http/guards.ts';
import { publicCompetition } from '#lib/server/modules/competitions/index.ts';
import { stationsByIds } from '#lib/server/modules/stations/index.ts';
import type { PageServerLoad } from './$types';

export const csr = false;

// Names of places hardly ever change; strangers' visits should cost no read for them.
const places = new Map<string, { at: number; name: string }>();
const placeNames = async (ids: readonly string[]): Promise<string[]> => {
	const unknown = ids.filter((id) => (places.get(id)?.at ?? 0) < Date.now() - 60_000);
	if (unknown.length > 0) for (const [id, { name }] of await stationsByIds(unknown)) places.set(id, { at: Date.now(), name });
	return ids.flatMap((id) => places.get(id)?.name ?? []);
};

export const load: PageServerLoad = async ({ params }) => {
	const competition = await forPage(publicCompetition(params.slug));
	const { catchment } = competition.eligibility;
	return { competition, places: await placeNames(catchment.length > 0 ? catchment : [competition.station]) };
};
