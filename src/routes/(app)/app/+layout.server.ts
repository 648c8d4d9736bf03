import { signedIn } from '#lib/server/http/guards.ts';
import type { LayoutServerLoad } from './$types';

/** Everything below `/app` is for people who have signed in. */
export const load: LayoutServerLoad = (event) => {
	signedIn(event);
};
