import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { listProposals, proposalListSchema } from '#lib/server/modules/proposals/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const cursor = event.url.searchParams.get('cursor') ?? undefined;
	const list = (status: string, limit: number, from?: string) =>
		forPage(listProposals(actor, event.params.id, proposalListSchema.parse({ status, limit, cursor: from })));
	const [waiting, returned] = await Promise.all([list('submitted', 50, cursor), list('returned', 20)]);
	return { waiting, returned: returned.items };
};
