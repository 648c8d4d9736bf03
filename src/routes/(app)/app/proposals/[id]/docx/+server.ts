import { sendFile } from '#lib/server/http/downloads.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readProposal } from '#lib/server/modules/proposals/index.ts';
import { docxType, writeDocx } from '#lib/server/platform/docx.ts';
import { proposalBlocks } from '#lib/ui/features/proposals/proposal-blocks.ts';
import type { RequestHandler } from './$types';

/** A proposal as a Word file. */
export const GET: RequestHandler = async (event) => {
	const { proposal, competition } = await forPage(readProposal(signedIn(event), event.params.id));
	const blocks = proposalBlocks(proposal, { ...competition, categories: competition.budgetRules.categories });
	return sendFile(`${proposal.number ?? ''} ${proposal.title}`.trim() + '.docx', docxType, await writeDocx(proposal.title, blocks));
};
