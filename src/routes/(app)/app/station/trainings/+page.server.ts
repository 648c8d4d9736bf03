import { z } from 'zod';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { chosenStation } from '#lib/server/http/chosen-station.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { listTrainings, setTrainingRemoved } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const chosen = await chosenStation(actor, event.url);
	const { searchParams } = event.url;
	const trainings = await forPage(listTrainings(actor, chosen.station, { limit: 30, cursor: searchParams.get('cursor') ?? undefined }));
	const removed = searchParams.get('removed') ?? '';
	return { ...chosen, trainings: trainings.items, next: trainings.next, removed: /^[0-9a-f]{24}$/.test(removed) ? removed : null };
};

export const actions = {
	restore: formAction(z.object({ training: idSchema }), async ({ training }, { actor }) => {
		await setTrainingRemoved(actor, training, false);
		return `/app/station/trainings/${training}`;
	})
} satisfies Actions;
