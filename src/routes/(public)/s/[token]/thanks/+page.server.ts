import { forPage } from '#lib/server/http/guards.ts';
import { publicSurvey } from '#lib/server/modules/surveys/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({
	survey: await forPage(publicSurvey(locals.actor, params.token, ''))
});
