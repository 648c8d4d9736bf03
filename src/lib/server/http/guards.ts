import { error, redirect } from '@sveltejs/kit';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import { statusOf } from './error-status.ts';
import { wordsFor } from './messages.ts';

/** Pages behind the sign-in: strangers go to `/login` and come back afterwards. */
export const signedIn = (event: { locals: App.Locals; url: URL }): Extract<Actor, { kind: 'user' }> => {
	const { actor } = event.locals;
	if (actor.kind !== 'user') redirect(303, `/login?next=${encodeURIComponent(event.url.pathname + event.url.search)}`);
	return actor;
};

/** Runs a query for a page; a refusal becomes the error page with its words. */
export const forPage = async <T>(query: Promise<T>): Promise<T> => {
	try {
		return await query;
	} catch (refusal) {
		if (refusal instanceof AppError) error(statusOf[refusal.kind], wordsFor(refusal.code, refusal.params));
		throw refusal;
	}
};

/** Only paths of this site are followed after signing in. */
export const safeNext = (next: string | null): string =>
	// eslint-disable-next-line no-control-regex
	next !== null && /^\/(?![/\\])[^\u0000-\u001f]*$/.test(next) ? next : '/app';
