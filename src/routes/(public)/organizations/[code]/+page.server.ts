import { forPage } from '#lib/server/http/guards.ts';
import { publicOrganization } from '#lib/server/modules/organizations/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params }) => {
	const { id: _id, ...organization } = await forPage(publicOrganization(params.code));
	return { organization };
};
