import { forPage } from '#lib/server/http/guards.ts';
import { trackObjection } from '#lib/server/modules/judging/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, url, setHeaders }) => {
	// The address is the key: no cache keeps it, no search engine lists it, no other site is told of it.
	setHeaders({ 'Cache-Control': 'private, no-store', 'X-Robots-Tag': 'noindex', 'Referrer-Policy': 'no-referrer' });
	return {
		objection: await forPage(trackObjection(params.receipt, params.key)),
		address: `${url.origin}/objections/${params.receipt}/${params.key}`,
		fresh: url.searchParams.has('new')
	};
};
