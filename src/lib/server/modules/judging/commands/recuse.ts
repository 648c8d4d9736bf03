import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { conflict, notFound } from '#lib/server/platform/errors.ts';
import { competitionById } from '../../competitions/index.ts';
import { Scorecard } from '../model.ts';
import { shutByPitch } from '../pitch-standing.ts';
import { stateOf, type ScorecardState } from '../scorecard-view.ts';
import { noteConflict } from './declare-conflict.ts';
import { recuseCard, recusePair } from './release-pair.ts';

/**
 * A judge steps back from a proposal, at any time while the round is open, even after submitting: their scorecards of it
 * in all rounds are kept, are left out before trimming, and the pair stays apart in later assignments. Repeating it
 * changes nothing.
 */
export const recuse = async (actor: Actor, id: string, reason: string): Promise<ScorecardState> => {
	const card = await Scorecard.findById(toId(id)).lean();
	if (!card || !can(actor, 'scorecard.read', { owner: card.user })) throw notFound();
	if (card.status === 'recused') return stateOf(card);
	const competition = await competitionById(card.competition);
	const over = card.closedAt !== null && !(competition.state === 'judging' && (await shutByPitch(card)));
	if (over || ['deliberation', 'notice', 'decided', 'executing', 'closed', 'cancelled'].includes(competition.state))
		throw conflict('score_round_closed', {}, stateOf(card));
	const recused = await recuseCard(actor, { _id: card._id, closedAt: card.closedAt }, reason);
	// Recused, opened or closed at this very moment: what it is now decides.
	if (!recused) return recuse(actor, id, reason);
	await noteConflict(card.judge, card.proposal, reason, actor);
	await recusePair(actor, { competition: card.competition, judge: card.judge, proposal: card.proposal }, reason);
	return stateOf(recused);
};
