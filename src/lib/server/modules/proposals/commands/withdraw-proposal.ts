import type { Actor } from '#lib/domain/accounts/types.ts';
import type { CompetitionState } from '#lib/domain/competitions/types.ts';
import type { ProposalStep } from '#lib/domain/proposals/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey } from '#lib/server/platform/db/index.ts';
import { conflict, stale } from '#lib/server/platform/errors.ts';
import { publish } from '#lib/server/platform/outbox.ts';
import { recordAct } from '../../audit/index.ts';
import { loadOwn } from '../access.ts';
import { forgetCounts } from '../counts.ts';
import { forgetJudged } from '../queries/judging.ts';
import { Proposal } from '../model.ts';
import { toView, type ProposalView } from '../view.ts';
import { mustTakeProposals } from './create-proposal.ts';

const whileStates: readonly CompetitionState[] = ['announced', 'open', 'screening', 'judging'];

/** Takes a proposal out of the competition, until deliberation begins. Everything written stays. Event `proposal.withdrawn`. */
export const withdrawProposal = async (actor: Actor, id: string, input: ProposalStep): Promise<ProposalView> => {
	const { proposal, competition, sides } = await loadOwn(actor, id, 'proposal.submit');
	if (proposal.status === 'withdrawn') return toView(proposal, competition, sides);
	if (!whileStates.includes(competition.state) || proposal.status === 'rejected') throw conflict('proposal_not_withdrawable');
	if (input.version !== undefined && input.version !== proposal.version) throw stale(toView(proposal, competition, sides));
	const after = await Proposal.findOneAndUpdate(
		{ _id: proposal._id, version: proposal.version },
		{ $set: { status: 'withdrawn', updatedAt: now() }, $unset: { sole: '' }, $inc: { version: 1 } },
		{ returnDocument: 'after', lean: true }
	);
	if (!after) {
		const current = await loadOwn(actor, id, 'proposal.submit');
		throw stale(toView(current.proposal, current.competition, current.sides));
	}
	forgetCounts(proposal.competition);
	forgetJudged(id);
	await recordAct({
		chain: `competition:${proposal.competition}`,
		actor,
		action: 'proposal_withdrawn',
		subject: id,
		detail: { number: proposal.number ?? null, reason: input.reason }
	});
	await publish({
		kind: 'proposal.withdrawn',
		key: `proposal.withdrawn:${id}:${after.version}`,
		payload: { proposal: id, competition: proposal.competition, organization: proposal.organization }
	});
	return toView(after, competition, sides);
};

/** Takes a withdrawn proposal up again as a draft, while the call is open. It keeps its number. */
export const reopenProposal = async (actor: Actor, id: string): Promise<ProposalView> => {
	const { proposal, competition, sides } = await loadOwn(actor, id, 'proposal.submit');
	if (proposal.status === 'draft') return toView(proposal, competition, sides);
	if (proposal.status !== 'withdrawn') throw conflict('proposal_not_editable');
	mustTakeProposals(competition, now());
	const sole = competition.eligibility.onePerOrganization ? { sole: `${proposal.competition}:${proposal.organization}` } : {};
	try {
		const after = await Proposal.findOneAndUpdate(
			{ _id: proposal._id, version: proposal.version },
			{ $set: { status: 'draft', updatedAt: now(), ...sole }, $inc: { version: 1 } },
			{ returnDocument: 'after', lean: true }
		);
		if (!after) throw stale(toView(proposal, competition, sides));
		forgetCounts(proposal.competition);
		await recordAct({ chain: `competition:${proposal.competition}`, actor, action: 'proposal_reopened', subject: id });
		return toView(after, competition, sides);
	} catch (error) {
		if (isDuplicateKey(error)) throw conflict('proposal_exists');
		throw error;
	}
};
