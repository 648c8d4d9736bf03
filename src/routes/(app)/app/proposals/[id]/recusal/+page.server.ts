import { recusalRequestSchema } from '#lib/domain/judging/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { askForRecusal, ownRecusalRequests } from '#lib/server/modules/judging/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	return { id, ...(await forPage(ownRecusalRequests(actor, id))), sent: event.url.searchParams.has('sent') };
};

export const actions = {
	default: formAction(recusalRequestSchema, async (input, { event, actor }) => {
		await askForRecusal(actor, event.params.id ?? '', input);
		return `${event.url.pathname}?sent=1`;
	})
} satisfies Actions;
