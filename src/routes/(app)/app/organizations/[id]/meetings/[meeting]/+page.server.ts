import { z } from 'zod';
import { meetingSchema } from '#lib/domain/organizations/schema.ts';
import { daySchema, versionSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { adoptAtMeeting, editMeeting, organizationFrame, readMeeting, rosterNames, setMeetingRemoved, waitingDocuments } from '#lib/server/modules/organizations/index.ts';
import { postedMeeting } from '../posted-meeting.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [frame, roster, meeting, waiting] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(rosterNames(actor, event.params.id)),
		forPage(readMeeting(actor, event.params.id, event.params.meeting)),
		forPage(waitingDocuments(actor, event.params.id, event.params.meeting))
	]);
	return { ...frame, roster, meeting, waiting: waiting.map(({ kind }) => kind) };
};

export const actions = {
	edit: formAction(
		meetingSchema.and(z.object({ version: versionSchema })),
		async ({ version, ...meeting }, { actor, event }) => {
			const { id = '', meeting: meetingId = '' } = event.params;
			await editMeeting(actor, id, meetingId, meeting, version);
			return `/app/organizations/${id}/meetings/${meetingId}`;
		},
		postedMeeting
	),
	adopt: formAction(z.object({ inForceOn: daySchema }), async ({ inForceOn }, { actor, event }) => {
		const { id = '', meeting = '' } = event.params;
		await adoptAtMeeting(actor, id, { meeting, inForceOn });
		return `/app/organizations/${id}/charter`;
	}),
	remove: formAction(z.object({}), async (_input, { actor, event }) => {
		const { id = '', meeting = '' } = event.params;
		await setMeetingRemoved(actor, id, meeting, true);
		return `/app/organizations/${id}/meetings?removed=${meeting}`;
	})
} satisfies Actions;
