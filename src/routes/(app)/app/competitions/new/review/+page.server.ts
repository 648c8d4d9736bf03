import { redirect } from '@sveltejs/kit';
import { newCompetitionSchema } from '#lib/domain/competitions/schema.ts';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { createCompetition, readCompetition, startingSettings } from '#lib/server/modules/competitions/index.ts';
import { stationsByIds } from '#lib/server/modules/stations/index.ts';
import { prepareStart } from '../../[id]/settings/[part]/prepare.ts';
import type { Actions, PageServerLoad } from './$types';

/** What an earlier competition would lend, for reading it over before anything is saved. */
export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const from = idSchema.safeParse(event.url.searchParams.get('from'));
	const station = idSchema.safeParse(event.url.searchParams.get('station'));
	if (!from.success || !station.success) redirect(303, '/app/competitions/new');
	const start = await forPage(startingSettings(actor, station.data, from.data));
	const { catchment } = start.settings.eligibility;
	const [earlier, places] = await Promise.all([
		forPage(readCompetition(actor, from.data)),
		stationsByIds(catchment.length > 0 ? catchment : [station.data])
	]);
	return {
		from: from.data,
		station: station.data,
		earlier: { title: earlier.title, timeline: earlier.timeline },
		settings: start.settings,
		places: [...places.values()].map(({ name }) => name)
	};
};

export const actions = {
	default: formAction(
		newCompetitionSchema,
		async (input, { actor }) => {
			const { id } = await createCompetition(actor, input);
			return `/app/competitions/${id}/settings`;
		},
		prepareStart
	)
} satisfies Actions;
