import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { organizationFrame, organizationMaturity } from '#lib/server/modules/organizations/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [frame, maturity] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(organizationMaturity(actor, event.params.id))
	]);
	const saved = Number(event.url.searchParams.get('saved'));
	return { ...frame, maturity, saved: saved >= 1 && saved <= 5 ? saved : null };
};
