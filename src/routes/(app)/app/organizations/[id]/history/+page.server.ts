import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { organizationFrame, organizationTimeline } from '#lib/server/modules/organizations/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const cursor = event.url.searchParams.get('cursor') ?? undefined;
	const [frame, events] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(organizationTimeline(actor, event.params.id, { limit: 50, cursor }))
	]);
	return { ...frame, events: events.items, next: events.next };
};
