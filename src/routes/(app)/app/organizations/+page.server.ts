import { visibleStations, scopeIds } from '#lib/domain/accounts/policy.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { listOrganizations, organizationFilterSchema } from '#lib/server/modules/organizations/index.ts';
import { listStations } from '#lib/server/modules/stations/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { searchParams } = event.url;
	const parsed = organizationFilterSchema.safeParse(Object.fromEntries(searchParams));
	const filter = parsed.success ? parsed.data : {};
	const cursor = searchParams.get('cursor') ?? undefined;
	const stations = visibleStations(actor);
	const [{ items, next }, choices] = await Promise.all([
		forPage(listOrganizations(actor, { ...filter, limit: 50, cursor })),
		stations === null || stations.length > 0 ? forPage(listStations(actor, { limit: 100 })) : { items: [] }
	]);
	const communities = choices.items.find(({ id }) => id === filter.station)?.communities ?? (choices.items.length === 1 ? choices.items[0]?.communities : []);
	return {
		filter,
		items,
		next,
		stations: choices.items.map(({ id, name }) => ({ value: id, label: name })),
		communities: (communities ?? []).map(({ key, name }) => ({ value: key, label: name })),
		mayEnter: scopeIds(actor, 'station', ['head', 'worker']).length > 0
	};
};
