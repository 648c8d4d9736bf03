import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readProposal, readReceipt } from '#lib/server/modules/proposals/index.ts';
import { qrPath } from '#lib/ui/primitives/qr-code/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const [receipt, { proposal, competition }] = await Promise.all([forPage(readReceipt(actor, id)), forPage(readProposal(actor, id))]);
	const address = `${event.url.origin}/app/proposals/${id}`;
	return {
		receipt,
		title: proposal.title,
		organizationName: proposal.organizationName,
		requested: proposal.requested,
		competition: { title: competition.title, slug: competition.slug },
		address,
		code: qrPath(address)
	};
};
