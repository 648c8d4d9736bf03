import { resubmissionSchema } from '#lib/domain/organizations/schema.ts';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { organizationFrame, resubmitApplication } from '#lib/server/modules/organizations/index.ts';
import { stationById } from '#lib/server/modules/stations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const frame = await forPage(organizationFrame(signedIn(event), event.params.id));
	const station = await forPage(stationById(frame.organization.station));
	return { ...frame, communities: station.communities.map(({ key, name }) => ({ key, name })) };
};

export const actions = {
	default: formAction(resubmissionSchema.extend({ version: versionSchema }), async ({ version, ...input }, { actor, event }) => {
		const id = event.params.id ?? '';
		await resubmitApplication(actor, id, input, version);
		return `/app/organizations/${id}`;
	})
} satisfies Actions;
