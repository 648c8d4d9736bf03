import { forPage } from '#lib/server/http/guards.ts';
import { countPublicOrganizations, listPublicOrganizations } from '#lib/server/modules/organizations/index.ts';
import { stationBySlug } from '#lib/server/modules/stations/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params }) => {
	const { id, name, slug, level, operator, address, phone, intro, communities } = await forPage(stationBySlug(params.slug));
	const [counts, organizations] = await Promise.all([
		countPublicOrganizations(id),
		forPage(listPublicOrganizations({ station: id, limit: 12 }))
	]);
	return {
		station: { id, name, slug, operator, address, phone, intro, communities, applies: level === 'street' },
		counts,
		organizations: organizations.items
	};
};
