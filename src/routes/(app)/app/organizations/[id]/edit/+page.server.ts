import { organizationPatchSchema } from '#lib/domain/organizations/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { editOrganization, organizationFrame } from '#lib/server/modules/organizations/index.ts';
import { stationById } from '#lib/server/modules/stations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const frame = await forPage(organizationFrame(signedIn(event), event.params.id));
	const station = await forPage(stationById(frame.organization.station));
	return { ...frame, communities: station.communities.map(({ key, name }) => ({ value: key, label: name })) };
};

export const actions = {
	default: formAction(
		organizationPatchSchema,
		async (patch, { actor, event }) => {
			const id = event.params.id ?? '';
			await editOrganization(actor, id, patch);
			return `/app/organizations/${id}`;
		},
		// A group of boxes posts one value or several, and nothing at all when none is ticked.
		(values) => ({ ...values, ...('communitiesShown' in values ? { communities: values.communities ?? [] } : {}) })
	)
} satisfies Actions;
