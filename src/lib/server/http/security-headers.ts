import type { RequestEvent } from '@sveltejs/kit';

/** Headers every answer carries; the content security policy comes from the framework's configuration. */
export const secureHeaders = ({ url, locals }: RequestEvent, { headers }: Response): void => {
	headers.set('X-Content-Type-Options', 'nosniff');
	headers.set('Referrer-Policy', 'same-origin');
	headers.set('X-Frame-Options', 'DENY');
	headers.set('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
	if (url.protocol === 'https:') headers.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
	if (locals.actor.kind === 'user' && !headers.has('Cache-Control')) headers.set('Cache-Control', 'private, no-store');
};
