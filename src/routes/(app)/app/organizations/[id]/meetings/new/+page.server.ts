import { z } from 'zod';
import { documentKindSchema } from '#lib/domain/organizations/charters.ts';
import { meetingSchema } from '#lib/domain/organizations/schema.ts';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { organizationFrame, recordMeeting, rosterNames, waitingDocuments } from '#lib/server/modules/organizations/index.ts';
import { postedMeeting } from '../posted-meeting.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	// From a charter's or a rule's page: the vote on it is the first motion, and what else waits is voted on with it.
	const asked = documentKindSchema.safeParse(event.url.searchParams.get('adopt'));
	const [frame, roster, waiting] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(rosterNames(actor, event.params.id)),
		asked.success ? forPage(waitingDocuments(actor, event.params.id)) : []
	]);
	const adopt = asked.success ? [...new Set([asked.data, ...waiting.map(({ kind }) => kind)])] : [];
	return { ...frame, roster, entry: freshId(), adopt };
};

export const actions = {
	default: formAction(
		meetingSchema.and(z.object({ entry: idSchema.optional() })),
		async ({ entry, ...meeting }, { actor, event }) => {
			const id = event.params.id ?? '';
			const made = await recordMeeting(actor, id, meeting, entry);
			return `/app/organizations/${id}/meetings/${made.id}`;
		},
		postedMeeting
	)
} satisfies Actions;
