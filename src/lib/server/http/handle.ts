import type { Handle, ResolveOptions } from '@sveltejs/kit';
import { withGroundsTold } from './kept-pages.ts';
import { refuseOtherOrigin } from './origin-check.ts';
import { markPage, preferencesOf } from './preferences.ts';
import { shareWithStrangers } from './public-pages.ts';
import { secureHeaders } from './security-headers.ts';
import { identify } from './session-handle.ts';

// Style sheets stand in the first line of the page itself.
const preload: NonNullable<ResolveOptions['preload']> = ({ type }) => type === 'js';

/** What surrounds every request: how this visitor reads, who asks, whether another site sent it, what headers go out. */
export const handleRequest: Handle = (input) => withGroundsTold(input.event, () => answer(input));

const answer = async ({ event, resolve }: Parameters<Handle>[0]): Promise<Response> => {
	event.locals.preferences = preferencesOf(event);
	await identify(event);
	const response =
		refuseOtherOrigin(event) ?? (await resolve(event, { preload, transformPageChunk: markPage(event.locals.preferences) }));
	secureHeaders(event, response);
	shareWithStrangers(event, response);
	return response;
};
