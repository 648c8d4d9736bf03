import { error } from '@sveltejs/kit';
import { z } from 'zod';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { responseSchema } from '#lib/domain/surveys/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { enterResponse, readSurvey } from '#lib/server/modules/surveys/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const frame = await forPage(readSurvey(signedIn(event), event.params.id));
	if (!frame.rights.manage) error(403, wordsFor('forbidden'));
	return { ...frame, entry: freshId(), saved: event.url.searchParams.has('saved') };
};

const sheet = responseSchema.extend({ entry: idSchema.optional(), revision: z.coerce.number().int().min(0).optional() });

export const actions = {
	default: formAction(sheet, async ({ entry, ...sent }, { actor, event }) => {
		const id = event.params.id ?? '';
		await enterResponse(actor, id, sent, 'typed', entry);
		return `/app/surveys/${id}/paper?saved`;
	})
} satisfies Actions;
