import { shellUser } from '#lib/server/http/shell.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals }) => ({
	preferences: locals.preferences,
	user: shellUser(locals.actor),
	now: new Date().toISOString()
});
