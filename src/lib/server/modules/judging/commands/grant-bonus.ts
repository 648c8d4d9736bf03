import type { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { bonusGrantSchema } from '#lib/domain/judging/schema.ts';
import { now } from '#lib/server/platform/clock.ts';
import { conflict, invalidField } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { passedProposals } from '../../proposals/index.ts';
import { beforeRoundCloses, chainOf, competitionFor } from '../access.ts';
import { forgetRanking } from '../ranking-store.ts';
import { BonusGrant } from '../rounds-model.ts';

/** Grants a proposal the bonus points the call declares, for a reason, logged; without keys it takes them back. */
export const grantBonus = async (actor: Actor, competitionId: string, input: z.infer<typeof bonusGrantSchema>): Promise<void> => {
	const competition = await competitionFor(actor, competitionId, 'competition.manage');
	if (!competition.bonus) throw conflict('bonus_none_declared');
	beforeRoundCloses(competition);
	const declared = new Set(competition.bonus.reasons.map(({ key }) => key));
	const keys = [...new Set(input.keys)];
	if (keys.some((key) => !declared.has(key))) throw invalidField('keys', 'choose_one');
	if (!(await passedProposals(competitionId)).some(({ id }) => id === input.proposal)) throw invalidField('proposal', 'not_found');
	const byName = actor.kind === 'user' ? actor.name : '';
	await BonusGrant.updateOne(
		{ _id: input.proposal },
		{ $set: { competition: competitionId, keys, reason: input.reason, at: now(), byName } },
		{ upsert: true }
	);
	await forgetRanking(competitionId);
	await recordAct({ chain: chainOf(competitionId), actor, action: 'bonus_granted', subject: input.proposal, detail: { keys, reason: input.reason } });
};
