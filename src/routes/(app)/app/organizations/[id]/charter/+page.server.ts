import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { listCharters, organizationFrame } from '#lib/server/modules/organizations/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [frame, charters] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(listCharters(actor, event.params.id))
	]);
	return { ...frame, charters };
};
