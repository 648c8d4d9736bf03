import { z } from 'zod';
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
	const choices = await forPage(attendeeChoices(actor, station));
	// From a group's page: that group comes first, and afterwards one is back there.
	const group = event.url.searchParams.get('organization') ?? '';
	const groups = choices.groups.toSorted((a, b) => Number(b.id === group) - Number(a.id === group));
	return { station, stationName, choices: { ...choices, groups }, group: groups.some(({ id }) => id === group) ? group : '', entry: freshId() };
};

export const actions = {
	default: formAction(trainingSchema.extend({ entry: idSchema.optional(), station: idSchema, group: idSchema.or(z.literal('')).default('') }), async ({ entry, station, group, ...training }, { actor }) => {
		const { id } = await recordTraining(actor, station, training, entry);
		return group ? `/app/organizations/${group}/support#r-${id}` : `/app/station/trainings/${id}`;
	})
} satisfies Actions;
