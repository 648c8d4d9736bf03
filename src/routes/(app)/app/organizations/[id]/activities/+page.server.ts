import { z } from 'zod';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { listActivities, organizationFrame, organizationSatisfaction, setActivityRemoved } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { searchParams } = event.url;
	const [frame, satisfaction, activities] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(organizationSatisfaction(actor, event.params.id)),
		forPage(listActivities(actor, event.params.id, { limit: 30, cursor: searchParams.get('cursor') ?? undefined }))
	]);
	const removed = searchParams.get('removed') ?? '';
	return { ...frame, satisfaction, activities: activities.items, next: activities.next, removed: /^[0-9a-f]{24}$/.test(removed) ? removed : null };
};

export const actions = {
	restore: formAction(z.object({ activity: idSchema }), async ({ activity }, { actor, event }) => {
		const id = event.params.id ?? '';
		await setActivityRemoved(actor, id, activity, false);
		return `/app/organizations/${id}/activities/${activity}`;
	})
} satisfies Actions;
