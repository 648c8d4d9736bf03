import { error } from '@sveltejs/kit';
import { z } from 'zod';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import { questionSchema } from '#lib/domain/surveys/schema.ts';
import { questionTypes } from '#lib/domain/surveys/terms.ts';
import type { FormValue } from '#lib/server/http/form-data.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { readSurvey, saveQuestion } from '#lib/server/modules/surveys/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const frame = await forPage(readSurvey(signedIn(event), event.params.id));
	if (!frame.rights.manage) error(403, wordsFor('forbidden'));
	const question = frame.survey.questions.find(({ key }) => key === event.params.key) ?? null;
	if (!question && event.params.key !== 'new') error(404, wordsFor('not_found'));
	const type = questionTypes.find((one) => one === event.url.searchParams.get('type')) ?? null;
	return { ...frame, question, type: question?.type ?? type };
};

/** One option a line; a scale left empty runs from 1 to 5. */
const prepare = (values: Record<string, FormValue>): unknown => {
	const lines = typeof values.options === 'string' ? values.options.split(/\r?\n/).map((line) => line.trim()) : [];
	const scale = values.type === 'scale';
	return {
		...values,
		options: lines.filter((line) => line !== '').map((label) => ({ label })),
		...(scale ? { min: values.min || '1', max: values.max || '5' } : {})
	};
};

export const actions = {
	default: formAction(
		questionSchema.and(z.object({ version: versionSchema })),
		async ({ version, ...question }, { actor, event }) => {
			const { id = '', key = '' } = event.params;
			await saveQuestion(actor, id, key === 'new' ? null : key, question, version);
			return `/app/surveys/${id}/edit#questions`;
		},
		prepare
	)
} satisfies Actions;
