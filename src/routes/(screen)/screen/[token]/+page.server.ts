import { now } from '#lib/server/platform/clock.ts';
import { forPage } from '#lib/server/http/guards.ts';
import { pitchScreen } from '#lib/server/modules/judging/index.ts';
import type { PageServerLoad } from './$types';

/** The hall's screen: opened by its link, without an account, and able to do nothing but show. */
export const load: PageServerLoad = async (event) => {
	const { now: view } = await forPage(pitchScreen(event.params.token));
	event.setHeaders({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
	return { view, at: now().toISOString(), path: event.url.pathname };
};
