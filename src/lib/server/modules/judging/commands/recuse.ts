import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { conflict, notFound } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { competitionById } from '../../competitions/index.ts';
import { chainOf } from '../access.ts';
import { Scorecard } from '../model.ts';
import { refreshStanding, shutByPitch } from '../pitch-standing.ts';
import { forgetRecentRanking } from '../ranking-store.ts';
import { stateOf, type ScorecardState } from '../scorecard-view.ts';
import { noteConflict } from './declare-conflict.ts';

/**
 * A judge steps back from a proposal, at any time while the round is open, even after submitting: the card is kept,
 * is left out before trimming, and the pair stays apart in later assignments. Repeating it changes nothing.
 */
export const recuse = async (actor: Actor, id: string, reason: string): Promise<ScorecardState> => {
	const card = await Scorecard.findById(toId(id)).lean();
	if (!card || !can(actor, 'scorecard.read', { owner: card.user })) throw notFound();
	if (card.status === 'recused') return stateOf(card);
	const competition = await competitionById(card.competition);
	const over = card.closedAt !== null && !(competition.state === 'judging' && (await shutByPitch(card)));
	if (over || ['deliberation', 'notice', 'decided', 'executing', 'closed', 'cancelled'].includes(competition.state))
		throw conflict('score_round_closed', {}, stateOf(card));
	const at = now();
	const updated = await Scorecard.findOneAndUpdate(
		{ _id: card._id, status: { $ne: 'recused' }, closedAt: card.closedAt },
		{ $set: { status: 'recused', recusal: { reason, at }, touchedAt: at }, $inc: { version: 1 } },
		{ returnDocument: 'after' }
	).lean();
	forgetRecentRanking(card.competition);
	await refreshStanding(card.competition, card.proposal);
	await noteConflict(card.judge, card.proposal, reason, actor);
	if (updated)
		await recordAct({
			chain: chainOf(card.competition),
			actor,
			action: 'scorecard_recused',
			subject: id,
			detail: { judge: card.judge, proposal: card.proposal, was: card.status, reason }
		});
	return stateOf(updated ?? { ...card, status: 'recused', recusal: { reason, at } });
};
