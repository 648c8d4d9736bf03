import { scopeIds } from '#lib/domain/accounts/policy.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { organizationFilterSchema, organizationRows } from '#lib/server/modules/organizations/index.ts';
import { stationChoices } from '#lib/server/modules/stations/index.ts';
import { unsent } from '#lib/ui/unsent.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { searchParams } = event.url;
	const parsed = organizationFilterSchema.safeParse(Object.fromEntries(searchParams));
	const filter = parsed.success ? parsed.data : {};
	const cursor = searchParams.get('cursor') ?? undefined;
	const [{ items, next }, choices] = await Promise.all([
		forPage(organizationRows(actor, { ...filter, limit: 50, cursor })),
		stationChoices(actor)
	]);
	const communities = choices.find(({ id }) => id === filter.station)?.communities ?? (choices.length === 1 ? choices[0]?.communities : []);
	return {
		filter,
		items: unsent(event, items),
		next,
		stations: unsent(event, choices.map(({ id, name }) => ({ value: id, label: name }))),
		communities: (communities ?? []).map(({ key, name }) => ({ value: key, label: name })),
		mayEnter: scopeIds(actor, 'station', ['head', 'worker']).length > 0
	};
};
