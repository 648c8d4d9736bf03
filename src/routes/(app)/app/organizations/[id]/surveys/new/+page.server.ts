import { z } from 'zod';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { newSurveySchema } from '#lib/domain/surveys/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { organizationFrame } from '#lib/server/modules/organizations/index.ts';
import { createSurvey, templatesFor } from '#lib/server/modules/surveys/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const frame = await forPage(organizationFrame(signedIn(event), event.params.id));
	const templates = await templatesFor(frame.organization.station);
	return { ...frame, entry: freshId(), templates: templates.map(({ key, title, questions }) => ({ key, title, questions: questions.length })) };
};

const start = newSurveySchema.pick({ template: true, title: true, closesOn: true }).and(z.object({ entry: idSchema.optional() }));

export const actions = {
	default: formAction(start, async ({ entry, ...survey }, { actor, event }) => {
		const { id } = await createSurvey(actor, { organization: event.params.id ?? '' }, { kind: 'needs', intro: '', ...survey }, entry);
		return `/app/surveys/${id}/edit`;
	})
} satisfies Actions;
