import { z } from 'zod';
import { roleSchema } from '#lib/domain/accounts/schema.ts';
import { idSchema, requiredLineSchema } from '#lib/domain/shared/fields.ts';
import { newStationSchema } from '#lib/domain/stations/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { invitationLink } from '#lib/server/http/invitation-link.ts';
import { inviteStaff } from '#lib/server/modules/stations/index.ts';
import { createStation, listStations } from '#lib/server/modules/stations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const cursor = event.url.searchParams.get('cursor') ?? undefined;
	const { items, next } = await forPage(listStations(actor, { limit: 100, cursor }));
	return { stations: items.map(({ id, name, slug, level, operator, path }) => ({ id, name, slug, level, operator, depth: path.length })), next };
};

const stationForm = newStationSchema.extend({ parent: idSchema.or(z.literal('').transform(() => null)) });
const staffForm = z.object({ station: idSchema, name: requiredLineSchema(40), role: roleSchema.extract(['head', 'worker', 'supervisor', 'finance', 'observer']) });

export const actions = {
	create: formAction(stationForm, async (input, { actor }) => {
		await createStation(actor, input);
		return { created: input.name };
	}),
	invite: formAction(staffForm, async (input, { actor, event }) => {
		const { secret } = await inviteStaff(actor, input);
		return { invited: { name: input.name, ...invitationLink(event, secret) } };
	})
} satisfies Actions;
