import { moveManySchema } from '#lib/domain/organizations/gate-editing.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { stationChoice } from '#lib/server/http/station-choice.ts';
import { criteriaMoves, moveManyToCriteria } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { chosen } = await stationChoice(actor, event.url);
	return { moves: await forPage(criteriaMoves(actor, chosen)) };
};

/** A ticked line posts the organization and the version it was looked at in. */
const pick = (value: unknown): { id: string; version: string } => {
	const [id = '', version = ''] = typeof value === 'string' ? value.split(':') : [];
	return { id, version };
};

export const actions = {
	default: formAction(
		moveManySchema,
		async (input, { actor, event }) => {
			const station = event.url.searchParams.get('station') ?? '';
			const { moved, left } = await moveManyToCriteria(actor, station, input);
			return `/app/station/gates?station=${station}&done=moved&moved=${moved}&left=${left.length}#under-way`;
		},
		(values) => ({ ...values, organizations: (Array.isArray(values.organizations) ? values.organizations : []).map(pick) })
	)
} satisfies Actions;
