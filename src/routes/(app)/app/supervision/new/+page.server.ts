import { z } from 'zod';
import { supervisionSchema } from '#lib/domain/organizations/supervision.ts';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { chosenStation } from '#lib/server/http/chosen-station.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { recordSupervision, supervisionChoices } from '#lib/server/modules/organizations/index.ts';
import { postedSession } from '../posted-session.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { station, stationName } = await chosenStation(actor, event.url);
	const choices = await forPage(supervisionChoices(actor, station));
	const self = choices.supervisors.some(({ id }) => id === actor.id) && !choices.workers.some(({ id }) => id === actor.id);
	const about = event.url.searchParams.get('organization');
	// The group one comes from stands first.
	const groups = choices.groups.toSorted((a, b) => Number(b.id === about) - Number(a.id === about));
	return { station, stationName, choices: { ...choices, groups }, entry: freshId(), fresh: freshId(), self: self ? actor.id : '', about };
};

export const actions = {
	default: formAction(
		supervisionSchema.and(z.object({ entry: idSchema.optional(), station: idSchema })),
		async ({ entry, station, ...session }, { actor }) => {
			const { id } = await recordSupervision(actor, station, session, entry);
			return `/app/supervision/${id}`;
		},
		postedSession
	)
} satisfies Actions;
