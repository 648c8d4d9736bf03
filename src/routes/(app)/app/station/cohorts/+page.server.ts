import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { stationChoice } from '#lib/server/http/station-choice.ts';
import { cohortGroups, stationCohorts } from '#lib/server/modules/organizations/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const choice = await stationChoice(actor, event.url);
	const by = cohortGroups.find((group) => group === event.url.searchParams.get('by')) ?? 'category';
	return { ...choice, comparison: await forPage(stationCohorts(actor, choice.chosen, by)) };
};
