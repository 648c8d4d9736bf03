import { error } from '@sveltejs/kit';
import { criteriaAt, gateEditSchema } from '#lib/domain/organizations/gate-editing.ts';
import { gateNames, type GateName } from '#lib/domain/organizations/lifecycle.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { stationChoice } from '#lib/server/http/station-choice.ts';
import { draftGate, stationGateCriteria } from '#lib/server/modules/organizations/index.ts';
import { postedGate } from './posted-gate.ts';
import type { Actions, PageServerLoad } from './$types';

const gateOf = (name: string | undefined): GateName => gateNames.find((gate) => gate === name) ?? error(404, wordsFor('not_found'));

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { chosen } = await stationChoice(actor, event.url);
	const gate = gateOf(event.params.gate);
	const view = await forPage(stationGateCriteria(actor, chosen));
	if (!view.mayEdit) error(403, wordsFor('forbidden'));
	const definitions = view.draft?.definitions ?? view.definitions;
	return {
		station: view.station,
		gate,
		full: [...criteriaAt(definitions, gate, 'full')],
		light: [...criteriaAt(definitions, gate, 'light')],
		version: view.draft?.version ?? 0
	};
};

export const actions = {
	default: formAction(
		gateEditSchema,
		async ({ both, version }, { actor, event }) => {
			const station = event.url.searchParams.get('station') ?? '';
			await draftGate(actor, station, gateOf(event.params.gate), both, version);
			return `/app/station/gates?station=${station}&done=saved#draft`;
		},
		postedGate
	)
} satisfies Actions;
