import { error } from '@sveltejs/kit';
import type { Block } from '#lib/domain/shared/document.ts';
import { sendFile } from '#lib/server/http/downloads.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { readCompetition } from '#lib/server/modules/competitions/index.ts';
import { eachWholeProposal, proposalListSchema } from '#lib/server/modules/proposals/index.ts';
import { docxType, writeDocx } from '#lib/server/platform/docx.ts';
import { proposalBlocks } from '#lib/ui/features/proposals/proposal-blocks.ts';
import type { RequestHandler } from './$types';

/** More than this in one file no word processor opens gladly. */
const most = 500;

/** The submitted proposals of the list in one Word file, each on a page of its own. */
export const GET: RequestHandler = async (event) => {
	const actor = signedIn(event);
	const input = proposalListSchema.safeParse(Object.fromEntries(event.url.searchParams));
	if (!input.success) error(422, wordsFor('invalid'));
	const competition = await forPage(readCompetition(actor, event.params.id));
	const call = { ...competition, categories: competition.budgetRules.categories };
	const blocks: Block[] = [];
	let n = 0;
	for await (const proposal of eachWholeProposal(actor, competition.id, input.data)) {
		if (n === most) break;
		if (n > 0) blocks.push({ kind: 'page' });
		blocks.push(...proposalBlocks(proposal, call));
		n += 1;
	}
	return sendFile(`${competition.slug}-proposals.docx`, docxType, await writeDocx(competition.title, blocks));
};
