import { z } from 'zod';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { interviewSchema } from '#lib/domain/surveys/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { organizationFrame, rosterNames } from '#lib/server/modules/organizations/index.ts';
import { interviewGuide, organizationNeeds, recordInterview } from '#lib/server/modules/surveys/index.ts';
import { postedInterview } from '../posted-interview.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const [frame, roster, { needs }] = await Promise.all([
		forPage(organizationFrame(actor, id)),
		forPage(rosterNames(actor, id)),
		forPage(organizationNeeds(actor, id))
	]);
	return { ...frame, roster, known: needs.map(({ label }) => label), entry: freshId(), guide: interviewGuide(), saved: event.url.searchParams.has('saved') };
};

export const actions = {
	default: formAction(
		interviewSchema.and(z.object({ entry: idSchema.optional() })),
		async ({ entry, ...interview }, { actor, event, form }) => {
			const id = event.params.id ?? '';
			await recordInterview(actor, id, interview, entry);
			return form.get('go') === 'next' ? `/app/organizations/${id}/interviews/new?saved` : `/app/organizations/${id}/needs#interviews`;
		},
		postedInterview
	)
} satisfies Actions;
