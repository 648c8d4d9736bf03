import { publishCriteriaSchema } from '#lib/domain/organizations/gate-editing.ts';
import { z } from 'zod';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { stationChoice } from '#lib/server/http/station-choice.ts';
import { dropGateDraft, publishGateDraft, stationGateCriteria } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

const count = (url: URL, name: string): number => (/^\d{1,4}$/.test(url.searchParams.get(name) ?? '') ? Number(url.searchParams.get(name)) : 0);

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const choice = await stationChoice(actor, event.url);
	return { ...choice, view: await forPage(stationGateCriteria(actor, choice.chosen)), done: event.url.searchParams.get('done'), moved: count(event.url, 'moved'), left: count(event.url, 'left') };
};

const stationOf = (url: URL): string => url.searchParams.get('station') ?? '';

export const actions = {
	publish: formAction(publishCriteriaSchema, async (input, { actor, event }) => {
		await publishGateDraft(actor, stationOf(event.url), input);
		return `/app/station/gates?station=${stationOf(event.url)}&done=published`;
	}),
	drop: formAction(z.object({}), async (_, { actor, event }) => {
		await dropGateDraft(actor, stationOf(event.url));
		return `/app/station/gates?station=${stationOf(event.url)}&done=dropped`;
	})
} satisfies Actions;
