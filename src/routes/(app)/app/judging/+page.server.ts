import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { judgingQueue } from '#lib/server/modules/judging/index.ts';
import type { PageServerLoad } from './$types';

/** Rounds that are over stay readable, below those to be scored. */
export const load: PageServerLoad = async (event) => {
	const groups = (await forPage(judgingQueue(signedIn(event)))).map((group) => ({
		...group,
		items: group.items.map(({ id, number, title, organization, status, total }) => ({ id, number, title, organization, status, total }))
	}));
	const current = ['screening', 'judging'];
	return {
		current: groups.filter((group) => current.includes(group.state)),
		past: groups.filter((group) => !current.includes(group.state))
	};
};
