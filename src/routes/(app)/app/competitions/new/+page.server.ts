import { scopeIds } from '#lib/domain/accounts/policy.ts';
import { newCompetitionSchema } from '#lib/domain/competitions/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { createCompetition, listCompetitions } from '#lib/server/modules/competitions/index.ts';
import { stationsByIds } from '#lib/server/modules/stations/index.ts';
import { forbidden } from '#lib/server/platform/errors.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const staffed = scopeIds(actor, 'station', ['head', 'worker']);
	if (staffed.length === 0) await forPage(Promise.reject(forbidden()));
	const [stations, previous] = await Promise.all([stationsByIds(staffed), forPage(listCompetitions(actor, { limit: 50 }))]);
	return {
		stations: [...stations.values()].map(({ id, name }) => ({ id, name })),
		previous: previous.items.map(({ id, title }) => ({ id, title }))
	};
};

const form = newCompetitionSchema.pick({ station: true, title: true, slug: true });

export const actions = {
	default: formAction(form, async (input, { actor }) => {
		const { id } = await createCompetition(actor, input);
		return `/app/competitions/${id}/settings`;
	})
} satisfies Actions;
