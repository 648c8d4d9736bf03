import { z } from 'zod';
import { entrySchema } from '#lib/domain/organizations/projects.ts';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { editEntry, organizationFrame, readEntry, setEntryRemoved } from '#lib/server/modules/organizations/index.ts';
import { entryChoices } from '../choices.ts';
import { postedEntry } from '../posted-entry.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [frame, entry] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(readEntry(actor, event.params.id, event.params.entry))
	]);
	return { ...frame, entry, ...(await entryChoices(actor, event.params.id)) };
};

export const actions = {
	edit: formAction(
		entrySchema.and(z.object({ version: versionSchema })),
		async ({ version, ...content }, { actor, event }) => {
			const { id = '', entry = '' } = event.params;
			await editEntry(actor, id, entry, content, version);
			return `/app/organizations/${id}/projects#${content.kind}`;
		},
		postedEntry
	),
	remove: formAction(z.object({}), async (_input, { actor, event }) => {
		const { id = '', entry = '' } = event.params;
		await setEntryRemoved(actor, id, entry, true);
		return `/app/organizations/${id}/projects?removed=${entry}`;
	})
} satisfies Actions;
