import type { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { conflictPairSchema } from '#lib/domain/judging/schema.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { conflict, notFound } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { passedProposals } from '../../proposals/index.ts';
import { beforeRoundCloses, chainOf, competitionFor } from '../access.ts';
import { conflictsOf } from '../conflicts.ts';
import { Judge } from '../model.ts';
import { dealAgain } from './deal-again.ts';
import { conflictFound, releasePair } from './release-pair.ts';

/** What came of it: rounds in which the judge lost a scorecard, and reviews nobody could be found for. */
export type SeparatedPair = { rounds: number; missing: number };

/**
 * Takes a proposal from a judge whose conflict came to light after it was dealt: by what the records show now, not by
 * what the page showed. Somebody else gets it by the same draw as any.
 */
export const separatePair = async (actor: Actor, competitionId: string, { judge: id, proposal }: z.infer<typeof conflictPairSchema>): Promise<SeparatedPair> => {
	const competition = await competitionFor(actor, competitionId, 'competition.manage');
	beforeRoundCloses(competition);
	const judge = await Judge.findOne({ _id: toId(id), competition: competitionId, status: { $ne: 'removed' } }).lean();
	const proposals = await passedProposals(competitionId);
	const known = proposals.find((one) => one.id === proposal);
	if (!judge || !known) throw notFound();
	// All proposals are looked at: whose group applies itself is in conflict with every one of them.
	const found = (await conflictsOf(competition, [judge], proposals)).find((one) => one.proposal === proposal);
	if (!found) throw conflict('pair_not_in_conflict', { name: judge.name, number: known.number });
	const rounds = await releasePair(actor, { competition: competitionId, judge: id, proposal }, conflictFound);
	if (rounds.length > 0)
		await recordAct({ chain: chainOf(competitionId), actor, action: 'pair_separated', subject: id, detail: { proposal, kinds: found.kinds, rounds } });
	return { rounds: rounds.length, missing: await dealAgain(actor, competition, proposal, rounds) };
};
