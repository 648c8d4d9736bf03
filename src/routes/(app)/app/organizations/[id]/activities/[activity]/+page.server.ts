import { z } from 'zod';
import { activitySchema } from '#lib/domain/organizations/schema.ts';
import { lineSchema, versionSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { fileOf } from '#lib/server/http/upload.ts';
import { addFile, editActivity, listFiles, organizationFrame, readActivity, rosterNames, setActivityRemoved } from '#lib/server/modules/organizations/index.ts';
import { feedbackFormOf, openFeedback, surveyResults } from '#lib/server/modules/surveys/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [frame, roster, activity, files] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(rosterNames(actor, event.params.id)),
		forPage(readActivity(actor, event.params.id, event.params.activity)),
		forPage(listFiles(actor, event.params.id))
	]);
	const form = await feedbackFormOf(actor, event.params.id, event.params.activity);
	const results = form && form.responses > 0 ? await surveyResults(actor, form.id) : null;
	return {
		...frame,
		roster,
		activity,
		photos: files.filter((file) => file.activity === activity.id),
		feedback: form && {
			id: form.id,
			state: form.state,
			responses: form.responses,
			satisfied: results?.satisfied ?? null,
			texts: results?.questions.flatMap(({ texts }) => texts).slice(0, 5) ?? []
		}
	};
};

export const actions = {
	edit: formAction(activitySchema.and(z.object({ version: versionSchema })), async ({ version, ...activity }, { actor, event }) => {
		const { id = '', activity: activityId = '' } = event.params;
		await editActivity(actor, id, activityId, activity, version);
		return `/app/organizations/${id}/activities`;
	}),
	photo: formAction(z.object({ note: lineSchema(120).default('') }), async ({ note }, { actor, event, form }) => {
		const { id = '', activity = '' } = event.params;
		await addFile(actor, id, { ...(await fileOf(form, 'file')), note, activity });
		return `/app/organizations/${id}/activities/${activity}#photos`;
	}),
	feedback: formAction(z.object({}), async (_input, { actor, event }) => {
		const { id = '', activity = '' } = event.params;
		const { id: survey } = await openFeedback(actor, id, activity);
		return `/app/surveys/${survey}`;
	}),
	remove: formAction(z.object({}), async (_input, { actor, event }) => {
		const { id = '', activity = '' } = event.params;
		await setActivityRemoved(actor, id, activity, true);
		return `/app/organizations/${id}/activities?removed=${activity}`;
	})
} satisfies Actions;
