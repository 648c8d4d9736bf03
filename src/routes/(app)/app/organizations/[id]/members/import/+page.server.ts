import { z } from 'zod';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { fileOf } from '#lib/server/http/upload.ts';
import { listRosterImports, organizationFrame, uploadRoster } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [frame, imports] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(listRosterImports(actor, event.params.id))
	]);
	return { ...frame, imports };
};

export const actions = {
	default: formAction(z.object({}), async (_input, { actor, event, form }) => {
		const id = event.params.id ?? '';
		const made = await uploadRoster(actor, id, await fileOf(form, 'file'));
		return `/app/organizations/${id}/members/import/${made.id}`;
	})
} satisfies Actions;
