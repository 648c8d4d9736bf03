import type { RequestEvent } from '@sveltejs/kit';

const always = {
	'X-Content-Type-Options': 'nosniff',
	'Referrer-Policy': 'same-origin',
	'X-Frame-Options': 'DENY',
	'Permissions-Policy': 'camera=(), microphone=(), geolocation=()'
};
const overTls = { ...always, 'Strict-Transport-Security': 'max-age=31536000; includeSubDomains' };

/** Headers every answer carries; behind TLS one more. */
export const securityHeaders = (secure: boolean): Readonly<Record<string, string>> => (secure ? overTls : always);

/** Puts them on; the content security policy comes from the framework's configuration. */
export const secureHeaders = ({ url, locals }: RequestEvent, { headers }: Response): void => {
	for (const [name, value] of Object.entries(securityHeaders(url.protocol === 'https:'))) headers.set(name, value);
	if (locals.actor.kind === 'user' && !headers.has('Cache-Control')) headers.set('Cache-Control', 'private, no-store');
};
