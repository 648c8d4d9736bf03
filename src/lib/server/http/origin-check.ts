import type { RequestEvent } from '@sveltejs/kit';
import { wordsFor } from './messages.ts';

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);
const formTypes = /^(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain|application\/x-sveltekit-formdata)\b/i;

/**
 * Refuses what another site's page sends with our visitor's cookie (403): a form must name this site as its origin,
 * anything else must not name another. Calls of the API carry no cookie but a token only its owner knows, so a
 * program may upload a file without naming an origin. Null where nothing is to be refused.
 */
export const refuseOtherOrigin = ({ request, url }: RequestEvent): Response | null => {
	if (reading.has(request.method) || url.pathname.startsWith('/api/')) return null;
	const origin = request.headers.get('origin');
	const isForm = formTypes.test(request.headers.get('content-type') ?? '');
	if (origin === url.origin || (origin === null && !isForm)) return null;
	return new Response(wordsFor('other_origin'), { status: 403, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
};
