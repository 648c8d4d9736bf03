import { applicationSchema } from '#lib/domain/organizations/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { clientAddress } from '#lib/server/http/session-handle.ts';
import { applyForIncubation } from '#lib/server/modules/organizations/index.ts';
import { stationsForApplication } from '#lib/server/modules/stations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ url }) => {
	const stations = await stationsForApplication();
	const wanted = url.searchParams.get('station') ?? '';
	return { stations, station: stations.some(({ id }) => id === wanted) ? wanted : '' };
};

export const actions = {
	default: formAction(applicationSchema, async (input, { actor, event }) => {
		const { code, receipt } = await applyForIncubation(actor, input, { address: clientAddress(event), proxy: false });
		return receipt ? `/apply/received/${receipt}` : `/apply/received?code=${code}`;
	})
} satisfies Actions;
