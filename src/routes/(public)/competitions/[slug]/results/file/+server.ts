import { forPage } from '#lib/server/http/guards.ts';
import { publicResult, resultCsv, resultFile } from '#lib/server/modules/judging/index.ts';
import type { RequestHandler } from './$types';

/** What a notice is computed from, without names of judges: canonical JSON (the digest is its SHA-256) or CSV. */
export const GET: RequestHandler = async ({ params, url }) => {
	const n = Number(url.searchParams.get('notice')) || undefined;
	const csv = url.searchParams.get('as') === 'csv';
	const result = await forPage(publicResult(params.slug, n));
	const round = url.searchParams.get('round') ?? undefined;
	// One file a round, told apart by name; only what is safe in a header is taken over.
	const named = csv && round && /^[\w-]{1,40}$/.test(round) ? `-${round}` : '';
	const text = csv
		? await forPage(resultCsv(params.slug, result.n, round))
		: (await forPage(resultFile(params.slug, result.n))).text;
	return new Response(text, {
		headers: {
			'Content-Type': csv ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
			'Content-Disposition': `attachment; filename="${params.slug}-${result.n}${named}.${csv ? 'csv' : 'json'}"`
		}
	});
};
