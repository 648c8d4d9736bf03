import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { isArbiter, screeningStand } from '#lib/domain/proposals/screening.ts';
import { now } from '#lib/server/platform/clock.ts';
import { conflict, forbidden, notFound, stale } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { resourceOf as competitionResource } from '../../competitions/index.ts';
import { idOf, loadVisible, nameOf, sidesOf } from '../access.ts';
import { Proposal } from '../model.ts';
import { toView, type ProposalView } from '../view.ts';

/**
 * Opens both opinions of a submission two screeners disagree about, for the head who is going to settle it: from then
 * on they decide, with a reason, and give no third opinion. The act is recorded; asking again changes nothing.
 * 409 `proposal_no_disagreement` where there is nothing to settle.
 */
export const openOpinions = async (actor: Actor, id: string): Promise<ProposalView> => {
	const { proposal, competition, sides } = await loadVisible(actor, id);
	if (!sides.organizer) throw notFound();
	if (!can(actor, 'competition.decide', competitionResource(competition))) throw forbidden();
	const waiting = proposal.status === 'submitted' && (competition.state === 'open' || competition.state === 'screening');
	if (!waiting || screeningStand(proposal.screening, proposal.submissions) !== 'disagree') throw conflict('proposal_no_disagreement');
	if (!sides.unspoken || isArbiter(proposal.arbiters ?? [], proposal.submissions, idOf(actor))) return toView(proposal, competition, sides);
	const after = await Proposal.findOneAndUpdate(
		{ _id: proposal._id, version: proposal.version },
		{ $push: { arbiters: { by: idOf(actor), byName: nameOf(actor), submission: proposal.submissions, at: now() } }, $inc: { version: 1 } },
		{ returnDocument: 'after', lean: true }
	);
	if (!after) {
		const current = await loadVisible(actor, id);
		throw stale(toView(current.proposal, current.competition, current.sides));
	}
	await recordAct({ chain: `competition:${proposal.competition}`, actor, action: 'screening_opinions_opened', subject: id, detail: { number: proposal.number } });
	return toView(after, competition, sidesOf(actor, after, competition));
};
