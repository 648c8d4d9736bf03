import { z } from 'zod';
import { entrySchema } from '#lib/domain/organizations/projects.ts';
import { entryKinds } from '#lib/domain/organizations/tool-terms.ts';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { organizationFrame, recordEntry } from '#lib/server/modules/organizations/index.ts';
import { entryChoices } from '../choices.ts';
import { postedEntry } from '../posted-entry.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const kind = entryKinds.find((one) => one === event.url.searchParams.get('kind')) ?? 'idea';
	const frame = await forPage(organizationFrame(actor, event.params.id));
	return { ...frame, kind, entry: freshId(), ...(await entryChoices(actor, event.params.id)) };
};

export const actions = {
	default: formAction(
		entrySchema.and(z.object({ entry: idSchema.optional() })),
		async ({ entry, ...content }, { actor, event }) => {
			const id = event.params.id ?? '';
			await recordEntry(actor, id, content, entry);
			return `/app/organizations/${id}/projects#${content.kind}`;
		},
		postedEntry
	)
} satisfies Actions;
