import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { conflict, notFound } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { competitionById, resourceOf } from '../../competitions/index.ts';
import { chainOf } from '../access.ts';
import { Scorecard } from '../model.ts';
import { forgetRecentRanking } from '../ranking-store.ts';
import { ensureRecorded } from '../submissions.ts';

/** Opens a submitted scorecard again for its judge; logged with the reason, and only while the round is open. */
export const reopenScorecard = async (actor: Actor, id: string, reason: string): Promise<void> => {
	const card = await Scorecard.findById(toId(id)).lean();
	if (!card) throw notFound();
	const competition = await competitionById(card.competition);
	if (!can(actor, 'competition.manage', resourceOf(competition))) throw notFound();
	if (competition.state !== 'judging' || card.closedAt) throw conflict('score_round_closed');
	await ensureRecorded(card);
	const at = now();
	const byName = actor.kind === 'user' ? actor.name : '';
	const { matchedCount } = await Scorecard.updateOne(
		{ _id: card._id, status: 'submitted', submittedAt: card.submittedAt, closedAt: null },
		{
			$set: { status: 'draft', submittedAt: null, touchedAt: at, lastSave: { client: '', seq: 0 } },
			$push: { reopened: { at, byName, reason } },
			$inc: { version: 1 }
		}
	);
	if (matchedCount === 0) throw conflict('score_not_submitted');
	forgetRecentRanking(card.competition);
	await recordAct({
		chain: chainOf(card.competition),
		actor,
		action: 'scorecard_reopened',
		subject: id,
		detail: { judge: card.judge, proposal: card.proposal, reason }
	});
};
