import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { organizationFrame } from '#lib/server/modules/organizations/index.ts';
import { needSources } from '#lib/server/modules/surveys/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { need, sources } = await forPage(needSources(actor, event.params.id, event.url.searchParams.get('need') ?? ''));
	return { ...(await forPage(organizationFrame(actor, event.params.id))), need, sources };
};
