import { shellUser } from '#lib/server/http/shell.ts';
import { now } from '#lib/server/platform/clock.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals }) => ({
	preferences: locals.preferences,
	user: shellUser(locals.actor),
	// The clock deadlines go by, so that “two days left” is never another clock's.
	now: now().toISOString()
});
