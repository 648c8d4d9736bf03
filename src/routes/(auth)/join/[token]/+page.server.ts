import { z } from 'zod';
import { acceptInvitationSchema } from '#lib/domain/accounts/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage } from '#lib/server/http/guards.ts';
import { clientAddress, setSessionCookie } from '#lib/server/http/session-handle.ts';
import { roleName } from '#lib/server/http/shell.ts';
import { acceptInvitation, acceptInvitationAs, forgetSessions, readInvitation, startSession } from '#lib/server/modules/accounts/index.ts';
import type { Role } from '#lib/domain/accounts/types.ts';
import { limitInvitationTries } from '#lib/server/http/invitation-tries.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await forPage(limitInvitationTries(clientAddress(event)));
	const { scope: _scope, ...invitation } = await forPage(readInvitation(event.params.token));
	return {
		invitation: { ...invitation, roleLabel: roleName(invitation.role as Role) },
		signedInAs: event.locals.actor.kind === 'user' ? event.locals.actor.name : null
	};
};

/** A judge first says what they know and whom; anybody else sees what is to be done. */
const home = (role: string, scope: string | null): string => (role === 'judge' && scope ? `/app/judging/declare/${scope}?joined` : '/app');

export const actions = {
	/** A newcomer: an account is made on the way. */
	join: formAction(acceptInvitationSchema, async (input, { event }) => {
		const token = event.params.token ?? '';
		const { role, scope } = await readInvitation(token);
		const { userId } = await acceptInvitation(token, input);
		const device = event.request.headers.get('user-agent') ?? '';
		const { secret, expiresAt } = await startSession(userId, { device: device.slice(0, 200), via: 'browser' });
		setSessionCookie(event.cookies, event.url, secret, expiresAt);
		return home(role, scope);
	}),
	/** Somebody signed in already takes the role too. */
	accept: formAction(z.object({}), async (_input, { event, actor }) => {
		const token = event.params.token ?? '';
		if (actor.kind !== 'user') return `/login?next=${encodeURIComponent(event.url.pathname)}`;
		const { role, scope } = await readInvitation(token);
		await acceptInvitationAs(actor, token);
		forgetSessions();
		return home(role, scope);
	})
} satisfies Actions;
