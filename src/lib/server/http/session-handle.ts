import type { Cookies, RequestEvent } from '@sveltejs/kit';
import { readSession, sessionCookieName } from '#lib/server/modules/accounts/index.ts';

/** The token in an `Authorization` header, or null. */
export const bearerIn = (authorization: string | null | undefined): string | null =>
	/^Bearer ([A-Za-z0-9_-]{20,200})$/.exec(authorization ?? '')?.[1] ?? null;

/** The token of an API call, or null. */
export const bearerOf = (request: Request): string | null => bearerIn(request.headers.get('authorization'));

/** The client's address as adapter-node sees it (`ADDRESS_HEADER`, `XFF_DEPTH` behind a proxy). */
export const clientAddress = (event: RequestEvent): string => {
	try {
		return event.getClientAddress();
	} catch {
		return 'unknown';
	}
};

/** Puts the session's secret into the browser's cookie. */
export const setSessionCookie = (cookies: Cookies, url: URL, secret: string, expires: Date): void => {
	cookies.set(sessionCookieName, secret, {
		path: '/',
		httpOnly: true,
		sameSite: 'lax',
		secure: url.protocol === 'https:',
		expires
	});
};

export const clearSessionCookie = (cookies: Cookies): void => {
	cookies.delete(sessionCookieName, { path: '/' });
};

/** Finds out who asks: by bearer token for the API, by cookie for pages. Strangers cost no read. */
export const identify = async (event: RequestEvent): Promise<void> => {
	event.locals.actor = { kind: 'anonymous' };
	event.locals.sessionId = null;
	const api = event.url.pathname.startsWith('/api/');
	const secret = api ? bearerOf(event.request) : (event.cookies.get(sessionCookieName) ?? null);
	if (!secret) return;
	const signedIn = await readSession(secret);
	if (signedIn) {
		event.locals.actor = signedIn.actor;
		event.locals.sessionId = signedIn.sessionId;
		if (signedIn.fresh && !api) setSessionCookie(event.cookies, event.url, secret, signedIn.expiresAt);
	} else if (!api) clearSessionCookie(event.cookies);
};
