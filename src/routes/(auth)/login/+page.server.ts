import { redirect } from '@sveltejs/kit';
import { loginSchema } from '#lib/domain/accounts/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { safeNext } from '#lib/server/http/guards.ts';
import { clientAddress, setSessionCookie } from '#lib/server/http/session-handle.ts';
import { signIn } from '#lib/server/modules/accounts/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => {
	const next = safeNext(url.searchParams.get('next'));
	if (locals.actor.kind === 'user') redirect(303, next);
	return { next };
};

export const actions = {
	default: formAction(loginSchema, async (input, { event }) => {
		const { secret, expiresAt } = await signIn(input, {
			address: clientAddress(event),
			device: event.request.headers.get('user-agent') ?? '',
			via: 'browser'
		});
		setSessionCookie(event.cookies, event.url, secret, expiresAt);
		return safeNext(event.url.searchParams.get('next'));
	})
} satisfies Actions;
