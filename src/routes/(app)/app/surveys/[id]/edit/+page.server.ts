import { error } from '@sveltejs/kit';
import { z } from 'zod';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import { surveyPatchSchema } from '#lib/domain/surveys/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { arrangeQuestion, editSurvey, keepAsTemplate, readSurvey } from '#lib/server/modules/surveys/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const frame = await forPage(readSurvey(signedIn(event), event.params.id));
	if (!frame.rights.manage) error(403, wordsFor('forbidden'));
	return frame;
};

const words = surveyPatchSchema.pick({ title: true, intro: true, thanks: true, closesOn: true, version: true }).required({ title: true });
const arrangement = z.object({ key: z.string().max(40), how: z.enum(['up', 'down', 'remove']), version: versionSchema });

export const actions = {
	words: formAction(words, async (patch, { actor, event }) => {
		await editSurvey(actor, event.params.id ?? '', patch);
		return { done: true };
	}),
	template: formAction(z.object({}), async (_input, { actor, event }) => {
		await keepAsTemplate(actor, event.params.id ?? '');
		return { done: true };
	}),
	arrange: formAction(arrangement, async ({ key, how, version }, { actor, event }) => {
		const id = event.params.id ?? '';
		await arrangeQuestion(actor, id, key, how, version);
		return `/app/surveys/${id}/edit#questions`;
	})
} satisfies Actions;
