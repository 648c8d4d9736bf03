import { z } from 'zod';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { listEntries, organizationFrame, setEntryRemoved } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [frame, entries] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(listEntries(actor, event.params.id))
	]);
	const removed = event.url.searchParams.get('removed') ?? '';
	return { ...frame, entries, removed: /^[0-9a-f]{24}$/.test(removed) ? removed : null };
};

export const actions = {
	restore: formAction(z.object({ entry: idSchema }), async ({ entry }, { actor, event }) => {
		const id = event.params.id ?? '';
		await setEntryRemoved(actor, id, entry, false);
		return `/app/organizations/${id}/projects/${entry}`;
	})
} satisfies Actions;
