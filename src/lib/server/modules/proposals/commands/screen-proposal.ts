import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { isArbiter, maySpeak, screeningReleased, screeningStand, settledOutcome } from '#lib/domain/proposals/screening.ts';
import type { ProposalStatus, Screening } from '#lib/domain/proposals/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { conflict, forbidden, invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { publish } from '#lib/server/platform/outbox.ts';
import { recordAct } from '../../audit/index.ts';
import { resourceOf as competitionResource } from '../../competitions/index.ts';
import { idOf, loadVisible, nameOf, sidesOf } from '../access.ts';
import { forgetCounts } from '../counts.ts';
import { Proposal, type ScreeningRecord } from '../model.ts';
import { settleSubmission } from '../settle.ts';
import { toView, type ProposalView } from '../view.ts';

const statusOf: Record<Screening['outcome'], ProposalStatus> = { pass: 'passed', return: 'returned', reject: 'rejected' };
const dayMs = 86_400_000;

/**
 * Records a screener's opinion: pass (every point of the checklist ticked), return for correction with a deadline,
 * or reject with a reason. Where the call asks for two screeners, passing and rejecting wait for a second person
 * who agrees; where two disagree, a third person settles it who has read neither, or the head who has read both
 * (`decide`, with a reason, after {@link openOpinions}). Once applicants have been told, nothing changes any more. An
 * opinion given with `submission` instead of `version` stands beside one that came in between: two who judge apart do
 * not get into each other's way. Event `proposal.screened` once the outcome stands.
 */
export const screenProposal = async (actor: Actor, id: string, input: Screening, tries = 3): Promise<ProposalView> => {
	const { proposal, competition, sides } = await loadVisible(actor, id);
	if (!sides.organizer) throw notFound();
	if (!can(actor, 'competition.manage', competitionResource(competition))) throw forbidden();
	if (competition.state !== 'open' && competition.state !== 'screening') throw conflict('proposal_screening_over');
	if (screeningReleased(competition) && proposal.status !== 'submitted') throw conflict('proposal_screening_over');
	if (proposal.status === 'draft' || proposal.status === 'withdrawn') throw conflict('proposal_not_submitted');
	if (input.version !== undefined && input.version !== proposal.version) throw stale(toView(proposal, competition, sides));
	if (input.submission !== undefined && input.submission !== proposal.submissions) throw stale(toView(proposal, competition, sides));
	const disagreed = screeningStand(proposal.screening, proposal.submissions) === 'disagree';
	const arbiter = disagreed && isArbiter(proposal.arbiters ?? [], proposal.submissions, idOf(actor));
	if (input.outcome === 'pass') {
		const open = competition.screeningChecklist.find(({ key }) => !input.checklist[key]);
		if (open) throw invalidField(`checklist.${open.key}`, 'checklist_open');
	}
	if (input.decide) {
		if (!can(actor, 'competition.decide', competitionResource(competition))) throw forbidden();
		if (!disagreed) throw conflict('proposal_no_disagreement');
		if (sides.unspoken) throw conflict('proposal_opinions_unread');
	} else if (arbiter) throw conflict('proposal_arbiter_decides');
	if (!maySpeak(proposal.screening, proposal.submissions, idOf(actor), { screeners: competition.screeners, status: proposal.status }))
		throw conflict('proposal_screening_settled');
	// The frozen copy must exist before the group may write again.
	if (!proposal.settled) await settleSubmission(proposal, { actor: { kind: 'system', name: 'reconciler' }, id: proposal.createdBy, name: proposal.createdByName });
	const at = now();
	const points = (input.points ?? []).filter(({ text }) => text !== '');
	const record: ScreeningRecord = {
		outcome: input.outcome,
		checklist: input.checklist,
		reason: input.reason,
		correctBy: input.outcome === 'return' ? new Date(at.getTime() + input.correctionDays * dayMs) : null,
		by: idOf(actor),
		byName: nameOf(actor),
		at,
		submission: proposal.submissions,
		...(input.decide ? { deciding: true } : {}),
		...(input.outcome === 'return' && points.length > 0 ? { points } : {})
	};
	const outcome = settledOutcome([...proposal.screening.filter((earlier) => earlier.outcome !== 'return' || earlier.by !== record.by), record], proposal.submissions, competition.screeners ?? 1);
	const status = outcome ? statusOf[outcome] : 'submitted';
	const after = await Proposal.findOneAndUpdate(
		{ _id: proposal._id, version: proposal.version },
		{ $push: { screening: record }, $set: { status }, $inc: { version: 1 } },
		{ returnDocument: 'after', lean: true }
	);
	// Somebody else gave an opinion in the same moment. One that names what it read stands beside theirs.
	if (!after && input.version === undefined && input.submission !== undefined && tries > 0) return screenProposal(actor, id, input, tries - 1);
	if (!after) {
		const current = await loadVisible(actor, id);
		throw stale(toView(current.proposal, current.competition, current.sides));
	}
	forgetCounts(proposal.competition);
	await recordAct({
		chain: `competition:${proposal.competition}`,
		actor,
		action: 'proposal_screened',
		subject: id,
		detail: { number: proposal.number, outcome: input.outcome, settled: outcome, reason: input.reason, ...(input.decide ? { decided: true } : {}) }
	});
	if (outcome)
		await publish({
			kind: 'proposal.screened',
			key: `proposal.screened:${id}:${after.version}`,
			payload: { proposal: id, competition: proposal.competition, organization: proposal.organization, outcome }
		});
	return toView(after, competition, sidesOf(actor, after, competition));
};
