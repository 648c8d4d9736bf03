import { z } from 'zod';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { listMeetings, organizationFrame, setMeetingRemoved } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { searchParams } = event.url;
	const [frame, meetings] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(listMeetings(actor, event.params.id, { limit: 30, cursor: searchParams.get('cursor') ?? undefined }))
	]);
	const removed = searchParams.get('removed') ?? '';
	return { ...frame, meetings: meetings.items, next: meetings.next, removed: /^[0-9a-f]{24}$/.test(removed) ? removed : null };
};

export const actions = {
	restore: formAction(z.object({ meeting: idSchema }), async ({ meeting }, { actor, event }) => {
		const id = event.params.id ?? '';
		await setMeetingRemoved(actor, id, meeting, false);
		return `/app/organizations/${id}/meetings/${meeting}`;
	})
} satisfies Actions;
