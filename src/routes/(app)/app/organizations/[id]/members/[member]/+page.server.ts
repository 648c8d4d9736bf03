import { z } from 'zod';
import { growthSchema } from '#lib/domain/organizations/growth.ts';
import { memberSchema } from '#lib/domain/organizations/schema.ts';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { invitationLink } from '#lib/server/http/invitation-link.ts';
import { editMember, growMember, inviteMember, memberGrowth, organizationFrame, readMember } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [frame, member, growth] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(readMember(actor, event.params.id, event.params.member)),
		forPage(memberGrowth(actor, event.params.id, event.params.member))
	]);
	return { ...frame, member, growth };
};

export const actions = {
	edit: formAction(memberSchema.extend({ version: versionSchema }), async ({ version, ...member }, { actor, event }) => {
		const { id = '', member: memberId = '' } = event.params;
		await editMember(actor, id, memberId, member, version);
		return `/app/organizations/${id}/members`;
	}),
	grow: formAction(growthSchema, async (growth, { actor, event }) => {
		await growMember(actor, event.params.id ?? '', event.params.member ?? '', growth);
		return { grown: true };
	}),
	invite: formAction(z.object({ role: z.enum(['leader', 'member']) }), async ({ role }, { actor, event }) => {
		const { secret } = await inviteMember(actor, event.params.id ?? '', event.params.member ?? '', role);
		return { invited: invitationLink(event, secret) };
	})
} satisfies Actions;
