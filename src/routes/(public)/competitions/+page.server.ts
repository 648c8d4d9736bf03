import { forPage } from '#lib/server/http/guards.ts';
import { publicCompetitions } from '#lib/server/modules/competitions/index.ts';
import type { PageServerLoad } from './$types';

export const csr = false;

export const load: PageServerLoad = ({ url }) =>
	forPage(publicCompetitions({ limit: 24, cursor: url.searchParams.get('cursor') ?? undefined }));
