import type { Actor } from '#lib/domain/accounts/types.ts';
import { screeningReleased } from '#lib/domain/proposals/screening.ts';
import { now } from '#lib/server/platform/clock.ts';
import type { CompetitionView } from '../competitions/index.ts';
import { idOf, loadOwn } from './access.ts';
import { Proposal, type ProposalDocument } from './model.ts';

/** What a group is told and this person has not read yet. */
export type Told = { amendments: CompetitionView['amendments']; screened: 'passed' | 'rejected' | null };

/**
 * Amendments since the draft was begun, and the outcome of screening once it is released, until this person says they
 * have read them. Computed from the competition itself, so that nobody can be missed.
 */
export const toldTo = (actor: Actor, proposal: Pick<ProposalDocument, 'seen' | 'createdAt' | 'status'>, competition: CompetitionView): Told => {
	const since = proposal.seen?.[idOf(actor)] ?? proposal.createdAt;
	const { status } = proposal;
	const told = competition.screeningReleasedAt ?? null;
	return {
		amendments: status === 'withdrawn' ? [] : competition.amendments.filter(({ at }) => at > since),
		screened: (status === 'passed' || status === 'rejected') && told !== null && told > since && screeningReleased(competition) ? status : null
	};
};

/** Notes that somebody of the group has read all they were told. It leaves `version` alone: nothing of the proposal changes. */
export const markSeen = async (actor: Actor, id: string): Promise<void> => {
	const { proposal } = await loadOwn(actor, id, 'proposal.readOwn');
	const key = idOf(actor);
	if (/^[0-9a-z]+$/i.test(key)) await Proposal.updateOne({ _id: proposal._id }, { $set: { [`seen.${key}`]: now() } });
};
