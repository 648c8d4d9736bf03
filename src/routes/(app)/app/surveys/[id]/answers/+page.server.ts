import { error } from '@sveltejs/kit';
import { z } from 'zod';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { leaveOutSchema } from '#lib/domain/surveys/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { clearFlags, eraseContact, leaveOut, listResponses, readSurvey, responseListSchema } from '#lib/server/modules/surveys/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const query = responseListSchema.safeParse({ limit: 30, ...Object.fromEntries(event.url.searchParams) });
	if (!query.success) error(422, wordsFor('invalid'));
	const [frame, { items, next }] = await Promise.all([
		forPage(readSurvey(actor, event.params.id)),
		forPage(listResponses(actor, event.params.id, query.data))
	]);
	return { ...frame, responses: items, next, q: query.data.q ?? '', show: query.data.show };
};

const which = z.object({ response: idSchema });

export const actions = {
	leave: formAction(leaveOutSchema.and(which), async ({ response, ...input }, { actor, event }) => {
		await leaveOut(actor, event.params.id ?? '', response, input);
		return { done: input.leftOut ? 'left_out' : 'taken_in', response };
	}),
	clear: formAction(which, async ({ response }, { actor, event }) => {
		await clearFlags(actor, event.params.id ?? '', response);
		return { done: 'cleared', response };
	}),
	erase: formAction(which, async ({ response }, { actor, event }) => {
		await eraseContact(actor, event.params.id ?? '', response);
		return { done: 'erased', response };
	})
} satisfies Actions;
