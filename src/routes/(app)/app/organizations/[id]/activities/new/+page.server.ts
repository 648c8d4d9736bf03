import { can } from '#lib/domain/accounts/policy.ts';
import { activityKinds, activitySchema } from '#lib/domain/organizations/schema.ts';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { z } from 'zod';
import { formAction } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { organizationFrame, recordActivity, rosterNames } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [frame, roster] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(rosterNames(actor, event.params.id))
	]);
	const kind = activityKinds.find((choice) => choice === event.url.searchParams.get('kind')) ?? 'activity';
	// The group's own people record what the group did; a worker more often what a worker ran.
	const own = can(actor, 'assessment.self', { organization: event.params.id });
	return { ...frame, roster, entry: freshId(), kind, organizer: own && kind === 'activity' ? 'group' : '' };
};

export const actions = {
	default: formAction(activitySchema.and(z.object({ entry: idSchema.optional() })), async ({ entry, ...activity }, { actor, event }) => {
		const id = event.params.id ?? '';
		await recordActivity(actor, id, activity, entry);
		return `/app/organizations/${id}/activities`;
	})
} satisfies Actions;
