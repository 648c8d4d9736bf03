import { memberSchema } from '#lib/domain/organizations/schema.ts';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { addMember, listMembers, organizationFrame } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const cursor = event.url.searchParams.get('cursor') ?? undefined;
	const [frame, members] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(listMembers(actor, event.params.id, { limit: 100, cursor }))
	]);
	return { ...frame, members: members.items, next: members.next, entry: freshId() };
};

export const actions = {
	default: formAction(memberSchema.extend({ entry: idSchema.optional() }), async ({ entry, ...member }, { actor, event }) => {
		await addMember(actor, event.params.id ?? '', member, entry);
		return { added: member.name };
	})
} satisfies Actions;
