import { z } from 'zod';
import { can } from '#lib/domain/accounts/policy.ts';
import { trainingSchema } from '#lib/domain/organizations/trainings.ts';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { attendeeChoices, editTraining, readTraining, setTrainingRemoved } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const training = await forPage(readTraining(actor, event.params.training));
	const record = can(actor, 'training.record', { station: training.station });
	return { training, choices: record ? await forPage(attendeeChoices(actor, training.station)) : null };
};

export const actions = {
	edit: formAction(trainingSchema.extend({ version: versionSchema }), async ({ version, ...training }, { actor, event }) => {
		await editTraining(actor, event.params.training ?? '', training, version);
		return `/app/station/trainings/${event.params.training}`;
	}),
	remove: formAction(z.object({}), async (_input, { actor, event }) => {
		await setTrainingRemoved(actor, event.params.training ?? '', true);
		return `/app/station/trainings?removed=${event.params.training}`;
	})
} satisfies Actions;
