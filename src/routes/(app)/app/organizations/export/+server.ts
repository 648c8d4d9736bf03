import { organizationCsv } from '#lib/server/http/downloads/organizations-csv.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { organizationFilterSchema } from '#lib/server/modules/organizations/index.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async (event) => {
	const actor = signedIn(event);
	const filter = organizationFilterSchema.safeParse(Object.fromEntries(event.url.searchParams));
	if (!filter.success) error(422);
	const csv = await forPage(organizationCsv(actor, filter.data));
	return new Response(csv, {
		headers: {
			'Content-Type': 'text/csv; charset=utf-8',
			'Content-Disposition': 'attachment; filename="organizations.csv"',
			'Cache-Control': 'private, no-store'
		}
	});
};
