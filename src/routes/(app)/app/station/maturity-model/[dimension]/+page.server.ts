import { error } from '@sveltejs/kit';
import { dimensionEditSchema } from '#lib/domain/organizations/maturity-model.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { stationChoice } from '#lib/server/http/station-choice.ts';
import { publishDimension, stationMaturityModel } from '#lib/server/modules/organizations/index.ts';
import { postedDimension } from './posted-dimension.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { chosen } = await stationChoice(actor, event.url);
	const view = await forPage(stationMaturityModel(actor, chosen));
	if (!view.mayEdit) error(403, wordsFor('forbidden'));
	const dimension = view.model.dimensions.find(({ key }) => key === event.params.dimension);
	if (!dimension) error(404, wordsFor('not_found'));
	return { city: view.city, version: view.version, dimension };
};

export const actions = {
	default: async (event) => {
		const city = event.url.searchParams.get('station') ?? '';
		const publish = formAction(
			dimensionEditSchema,
			async (input, { actor }) => {
				await publishDimension(actor, city, input);
				return `/app/station/maturity-model?station=${city}&saved`;
			},
			(values) => postedDimension(event.params.dimension, values)
		);
		return publish(event);
	}
} satisfies Actions;
