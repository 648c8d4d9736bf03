import { z } from 'zod';
import { idSchema, lineSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { addFile, listFiles, organizationFrame, setFileRemoved } from '#lib/server/modules/organizations/index.ts';
import { invalidField } from '#lib/server/platform/errors.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [frame, files] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(listFiles(actor, event.params.id))
	]);
	return { ...frame, files };
};

export const actions = {
	add: formAction(z.object({ note: lineSchema(120).default('') }), async ({ note }, { actor, event, form }) => {
		const file = form.get('file');
		if (!(file instanceof File) || file.size === 0) throw invalidField('file', 'required');
		await addFile(actor, event.params.id ?? '', { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()), note });
		return { done: true };
	}),
	remove: formAction(z.object({ file: idSchema }), async ({ file }, { actor, event }) => {
		await setFileRemoved(actor, event.params.id ?? '', file, true);
		return { removed: file };
	}),
	restore: formAction(z.object({ file: idSchema }), async ({ file }, { actor, event }) => {
		await setFileRemoved(actor, event.params.id ?? '', file, false);
		return { done: true };
	})
} satisfies Actions;
