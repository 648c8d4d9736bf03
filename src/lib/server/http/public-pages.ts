import type { RequestEvent } from '@sveltejs/kit';

/**
 * Pages that are the same for every stranger who reads alike. A page with a form that counts once, or whose address is
 * a secret, must not be among them.
 */
const shared = new Set([
	'/(public)',
	'/(public)/competitions',
	'/(public)/competitions/[slug]',
	'/(public)/competitions/[slug]/results',
	'/(public)/organizations',
	'/(public)/organizations/[code]',
	'/(public)/stations/[slug]'
]);

/**
 * Says of a public page sent to a stranger that caches on the way (the server's own, a balancer's) may give it to the
 * next one for a second. Browsers ask again each time.
 */
export const shareWithStrangers = ({ request, route, locals }: RequestEvent, { status, headers }: Response): void => {
	if (request.method !== 'GET' || status !== 200 || locals.actor.kind !== 'anonymous' || !shared.has(route.id ?? '')) return;
	if (headers.has('set-cookie') || headers.has('cache-control')) return;
	headers.set('Cache-Control', 'public, max-age=0, s-maxage=1, must-revalidate');
	headers.set('Vary', 'Cookie, Accept-Language');
};
