import { error } from '@sveltejs/kit';
import { can, scopeIds } from '#lib/domain/accounts/policy.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { stationPortfolio } from '#lib/server/modules/organizations/index.ts';
import { calendarsOf, stationChoices } from '#lib/server/modules/stations/index.ts';
import { unsent } from '#lib/ui/unsent.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const items = await stationChoices(actor);
	const own = scopeIds(actor, 'station', ['head', 'worker', 'supervisor', 'finance', 'observer']);
	const top = [...items].sort((a, b) => a.path.length - b.path.length)[0];
	const station = event.url.searchParams.get('station') || own[0] || top?.id;
	if (!station) error(404, wordsFor('not_found'));
	const [{ station: place, heat, ...portfolio }, calendars] = await Promise.all([forPage(stationPortfolio(actor, station)), calendarsOf(actor)]);
	return {
		stations: unsent(event, items.map(({ id, name, depth }) => ({ value: id, label: name, depth }))),
		chosen: station,
		maySupervise: can(actor, 'supervision.read', { station, stationPath: items.find(({ id }) => id === station)?.path ?? [station] }),
		keepsCalendar: calendars.length > 0,
		portfolio: unsent(event, {
			...portfolio,
			station: { name: place.name, slug: place.slug },
			heat: heat.map(({ id, name, levels, overall }) => ({ id, name, levels, overall }))
		})
	};
};
