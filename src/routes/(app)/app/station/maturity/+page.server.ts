import { error } from '@sveltejs/kit';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { stationChoice } from '#lib/server/http/station-choice.ts';
import { maturityListSchema, stationDistribution, stationMaturity } from '#lib/server/modules/organizations/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const choice = await stationChoice(actor, event.url);
	const query = maturityListSchema.safeParse({ limit: 40, ...Object.fromEntries(event.url.searchParams) });
	const page = Math.max(0, Math.floor(Number(event.url.searchParams.get('stations') ?? 0)) || 0);
	if (!query.success) error(422);
	const [map, distribution] = await Promise.all([
		forPage(stationMaturity(actor, choice.chosen, query.data)),
		forPage(stationDistribution(actor, choice.chosen, page))
	]);
	const { category = '', community = '', status = '', year = '', band, sort = '' } = query.data;
	return {
		...choice,
		rows: map.items,
		next: map.next,
		communities: map.communities.map(({ key, name }) => ({ value: key, label: name })),
		distribution,
		page,
		filter: { category, community, status, year, band: band === undefined ? '' : String(band), sort }
	};
};
