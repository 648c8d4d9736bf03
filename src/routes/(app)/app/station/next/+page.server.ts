import { error } from '@sveltejs/kit';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { stationChoice } from '#lib/server/http/station-choice.ts';
import { nextListSchema, stationNextActions } from '#lib/server/modules/organizations/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const choice = await stationChoice(actor, event.url);
	const query = nextListSchema.safeParse({ limit: 20, ...Object.fromEntries(event.url.searchParams) });
	if (!query.success) error(422);
	const { items, next } = await forPage(stationNextActions(actor, choice.chosen, query.data));
	const { category, mine, overdue } = query.data;
	return { ...choice, rows: items, next, filter: { category: category ?? '', mine: mine !== undefined, overdue: overdue !== undefined } };
};
