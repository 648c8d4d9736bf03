import { trainingSchema } from '#lib/domain/organizations/trainings.ts';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { chosenStation } from '#lib/server/http/chosen-station.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { attendeeChoices, recordTraining } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { station, stationName } = await chosenStation(actor, event.url);
	return { station, stationName, choices: await forPage(attendeeChoices(actor, station)), entry: freshId() };
};

export const actions = {
	default: formAction(trainingSchema.extend({ entry: idSchema.optional(), station: idSchema }), async ({ entry, station, ...training }, { actor }) => {
		const { id } = await recordTraining(actor, station, training, entry);
		return `/app/station/trainings/${id}`;
	})
} satisfies Actions;
