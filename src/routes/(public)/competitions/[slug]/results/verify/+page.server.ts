import { forPage } from '#lib/server/http/guards.ts';
import { publicCompetition } from '#lib/server/modules/competitions/index.ts';
import { publicResult } from '#lib/server/modules/judging/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params }) => {
	const competition = await forPage(publicCompetition(params.slug));
	const { n, digest } = await forPage(publicResult(params.slug));
	return { competition: { title: competition.title, slug: competition.slug }, n, digest };
};
