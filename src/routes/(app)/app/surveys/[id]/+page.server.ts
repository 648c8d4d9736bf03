import { z } from 'zod';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import { surveyStates } from '#lib/domain/surveys/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { editSurvey, readSurvey, setSurveyRemoved, surveyResults } from '#lib/server/modules/surveys/index.ts';
import { qrPath } from '#lib/ui/primitives/qr-code/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const results = await forPage(surveyResults(signedIn(event), event.params.id));
	const address = `${event.url.origin}/s/${results.survey.token}`;
	return { ...results, address, code: qrPath(address) };
};

export const actions = {
	state: formAction(z.object({ state: z.enum(surveyStates), version: versionSchema }), async (change, { actor, event }) => {
		await editSurvey(actor, event.params.id ?? '', change);
		return { done: true };
	}),
	remove: formAction(z.object({}), async (_input, { actor, event }) => {
		const id = event.params.id ?? '';
		const { survey } = await readSurvey(actor, id);
		await setSurveyRemoved(actor, id, true);
		return survey.organization ? `/app/organizations/${survey.organization}/needs?removed=${id}` : `/app/station/surveys?station=${survey.station}&removed=${id}`;
	})
} satisfies Actions;
