import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { stationChoice } from '#lib/server/http/station-choice.ts';
import { stationMaturityModel } from '#lib/server/modules/organizations/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const choice = await stationChoice(actor, event.url);
	const view = await forPage(stationMaturityModel(actor, choice.chosen));
	return { ...choice, view, saved: event.url.searchParams.has('saved') };
};
