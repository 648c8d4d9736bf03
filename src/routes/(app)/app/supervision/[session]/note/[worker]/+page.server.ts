import { privateNoteSchema } from '#lib/domain/organizations/supervision.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { openPrivateNote, writePrivateNote } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	// Nothing on the way keeps a copy of it.
	event.setHeaders({ 'Cache-Control': 'no-store' });
	return { note: await forPage(openPrivateNote(actor, event.params.session, event.params.worker)), session: event.params.session };
};

export const actions = {
	default: formAction(
		privateNoteSchema,
		async (note, { actor, event }) => {
			await writePrivateNote(actor, event.params.session ?? '', note);
			return `/app/supervision/${event.params.session}`;
		}
	)
} satisfies Actions;
