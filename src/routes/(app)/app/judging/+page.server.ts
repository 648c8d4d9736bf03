import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { judgingQueue, openRooms } from '#lib/server/modules/judging/index.ts';
import type { PageServerLoad } from './$types';

/** Rounds that are over stay readable, below those to be scored. */
export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [groups, rooms] = await Promise.all([forPage(judgingQueue(actor)), openRooms(actor)]);
	const current = ['screening', 'judging'];
	return {
		rooms,
		current: groups.filter((group) => current.includes(group.state)),
		past: groups.filter((group) => !current.includes(group.state))
	};
};
