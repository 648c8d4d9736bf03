import { can } from '#lib/domain/accounts/policy.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { listServices, organizationFrame, supervisionsOf, trainingsOf } from '#lib/server/modules/organizations/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const frame = await forPage(organizationFrame(actor, id));
	const { station, stationPath } = frame.organization;
	const may = (action: Parameters<typeof can>[1]): boolean => can(actor, action, { station, stationPath });
	const [trainings, sessions, services] = await Promise.all([
		forPage(trainingsOf(actor, id)),
		forPage(supervisionsOf(actor, id)),
		may('serviceLog.read') ? forPage(listServices(actor, station, { organization: id, limit: 50 })) : null
	]);
	return {
		...frame,
		trainings,
		sessions,
		services: services?.items ?? null,
		may: { trainings: may('training.read'), train: may('training.record'), sessions: may('supervision.read'), supervise: may('supervision.record'), log: may('serviceLog.record') }
	};
};
