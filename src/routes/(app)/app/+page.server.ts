import { visibleStations } from '#lib/domain/accounts/policy.ts';
import { worklist } from '#lib/server/app/worklist.ts';
import { signedIn } from '#lib/server/http/guards.ts';
import { organizationsOfUser } from '#lib/server/modules/organizations/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [items, own] = await Promise.all([worklist(actor), organizationsOfUser(actor)]);
	const stations = visibleStations(actor);
	const roles = new Set(actor.grants.map(({ role }) => role));
	return {
		name: actor.name,
		items,
		own: own.map(({ id, name, status }) => ({ id, name, status })),
		shows: {
			stations: stations === null || stations.length > 0,
			staff: roles.has('worker') || roles.has('head'),
			judging: roles.has('judge'),
			admin: roles.has('admin')
		}
	};
};
