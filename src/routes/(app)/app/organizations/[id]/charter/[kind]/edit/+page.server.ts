import { error, redirect } from '@sveltejs/kit';
import { documentKindSchema, saveDraftSchema } from '#lib/domain/organizations/charters.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { charterView, organizationFrame, saveDraft } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const kind = documentKindSchema.safeParse(event.params.kind);
	if (!kind.success) error(404, wordsFor('not_found'));
	const [frame, charter] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(charterView(actor, event.params.id, kind.data))
	]);
	if (!charter.draft || !frame.rights.record) redirect(303, `/app/organizations/${event.params.id}/charter/${kind.data}`);
	// Empty places for new articles need names nobody else's new articles have.
	return { ...frame, kind: kind.data, draft: charter.draft, version: charter.version, fresh: freshId() };
};

export const actions = {
	default: formAction(saveDraftSchema, async (input, { actor, event }) => {
		const kind = documentKindSchema.parse(event.params.kind);
		const { merged } = await saveDraft(actor, event.params.id ?? '', kind, input);
		const page = `/app/organizations/${event.params.id}/charter/${kind}`;
		return merged ? `${page}/edit?merged=1` : page;
	})
} satisfies Actions;
