import { z } from 'zod';
import { can } from '#lib/domain/accounts/policy.ts';
import { serviceEntrySchema } from '#lib/domain/organizations/service-log.ts';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { editService, readService, serviceGroups, setServiceRemoved } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const service = await forPage(readService(actor, event.params.entry));
	const groups = await forPage(serviceGroups(actor, service.station));
	return { service, groups, record: can(actor, 'serviceLog.record', { station: service.station }) };
};

export const actions = {
	edit: formAction(serviceEntrySchema.and(z.object({ version: versionSchema })), async ({ version, ...service }, { actor, event }) => {
		await editService(actor, event.params.entry ?? '', service, version);
		return `/app/station/log?saved=${event.params.entry}`;
	}),
	remove: formAction(z.object({}), async (_input, { actor, event }) => {
		await setServiceRemoved(actor, event.params.entry ?? '', true);
		return `/app/station/log?removed=${event.params.entry}`;
	})
} satisfies Actions;
