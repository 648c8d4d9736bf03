import { redirect } from '@sveltejs/kit';
import { clearSessionCookie } from '#lib/server/http/session-handle.ts';
import { endSession, sessionCookieName } from '#lib/server/modules/accounts/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = () => redirect(303, '/');

export const actions = {
	default: async ({ cookies }) => {
		const secret = cookies.get(sessionCookieName);
		if (secret) await endSession(secret);
		clearSessionCookie(cookies);
		redirect(303, '/');
	}
} satisfies Actions;
