import { scopeIds } from '#lib/domain/accounts/policy.ts';
import { applicationSchema } from '#lib/domain/organizations/schema.ts';
import { error } from '@sveltejs/kit';
import { formAction } from '#lib/server/http/forms.ts';
import { signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { clientAddress } from '#lib/server/http/session-handle.ts';
import { applyForIncubation } from '#lib/server/modules/organizations/index.ts';
import { stationsForApplication } from '#lib/server/modules/stations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const own = new Set(scopeIds(signedIn(event), 'station', ['head', 'worker']));
	const stations = (await stationsForApplication()).filter(({ id }) => own.has(id));
	if (stations.length === 0) error(403, wordsFor('forbidden'));
	return { stations };
};

export const actions = {
	default: formAction(applicationSchema, async (input, { actor, event }) => {
		const { id } = await applyForIncubation(actor, input, { address: clientAddress(event), proxy: true });
		return `/app/organizations/${id}`;
	})
} satisfies Actions;
