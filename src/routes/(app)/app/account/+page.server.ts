import { z } from 'zod';
import { changePasswordSchema } from '#lib/domain/accounts/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { clearSessionCookie } from '#lib/server/http/session-handle.ts';
import { roleName } from '#lib/server/http/shell.ts';
import { changePassword, endAllSessions, endOwnSession, listSessions, ownAccount } from '#lib/server/modules/accounts/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [account, sessions] = await Promise.all([forPage(ownAccount(actor)), listSessions(actor.id)]);
	return {
		account: { ...account, roles: [...new Set(account.grants.map((grant) => roleName(grant.role)))] },
		sessions: sessions.map((session) => ({ ...session, current: session.id === event.locals.sessionId }))
	};
};

export const actions = {
	password: formAction(changePasswordSchema, async (input, { event, actor }) => {
		await changePassword(actor, input, event.locals.sessionId ?? '');
		return { changed: true };
	}),
	everywhere: formAction(z.object({}), async (_input, { event, actor }) => {
		if (actor.kind === 'user') await endAllSessions(actor.id);
		clearSessionCookie(event.cookies);
		return '/login';
	}),
	end: formAction(z.object({ session: z.string().regex(/^[0-9a-f]{64}$/) }), async ({ session }, { actor }) => {
		await endOwnSession(actor, session);
		return '/app/account';
	})
} satisfies Actions;
