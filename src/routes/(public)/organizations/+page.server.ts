import { z } from 'zod';
import { categories } from '#lib/domain/organizations/schema.ts';
import { listPublicOrganizations } from '#lib/server/modules/organizations/index.ts';
import { forPage } from '#lib/server/http/guards.ts';
import { stationBySlug } from '#lib/server/modules/stations/index.ts';
import type { PageServerLoad } from './$types';

const query = z.object({
	q: z.string().max(40).catch(''),
	category: z.enum(categories).optional().catch(undefined),
	station: z.string().max(60).optional().catch(undefined),
	cursor: z.string().max(400).optional()
});

export const load: PageServerLoad = async ({ url }) => {
	const { q, category, station: slug, cursor } = query.parse({ q: '', ...Object.fromEntries(url.searchParams) });
	const station = slug ? await forPage(stationBySlug(slug)) : null;
	const { items, next } = await forPage(listPublicOrganizations({ q, category, station: station?.id, limit: 24, cursor }));
	return { q, category: category ?? '', station: station ? { slug: station.slug, name: station.name } : null, items, next };
};
