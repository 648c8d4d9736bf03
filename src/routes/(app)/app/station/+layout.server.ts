import { can, scopeIds } from '#lib/domain/accounts/policy.ts';
import { signedIn } from '#lib/server/http/guards.ts';
import type { LayoutServerLoad } from './$types';

/** Which of the station's places are for this person. */
export const load: LayoutServerLoad = (event) => {
	const actor = signedIn(event);
	const station = event.url.searchParams.get('station') || scopeIds(actor, 'station', ['head', 'worker', 'supervisor', 'finance', 'observer'])[0];
	return { mayHandOver: station !== undefined && can(actor, 'organization.handOver', { station }) };
};
