import type { Actor } from '#lib/domain/accounts/types.ts';
import { screeningReleased } from '#lib/domain/proposals/screening.ts';
import { now } from '#lib/server/platform/clock.ts';
import type { CompetitionView } from '../competitions/index.ts';
import { idOf, loadOwn } from './access.ts';
import { Proposal, type ProposalDocument, type ProposalOutcome } from './model.ts';

/** What a group is told and this person has not read yet. */
export type Told = { amendments: CompetitionView['amendments']; screened: 'passed' | 'rejected' | null; result: ProposalOutcome['kind'] | null };

/** A result older than this is news to nobody, whether somebody said to have read it or not. */
const newsMs = 60 * 86_400_000;

/**
 * Amendments this person has not read, the outcome of screening once it is released and the published result, until they say they have.
 * Computed from the competition itself, so that nobody can be missed. While it can still be changed, amendments from
 * before it was begun are among them: whoever read the call earlier may not know them.
 */
export const toldTo = (actor: Actor, proposal: Pick<ProposalDocument, 'seen' | 'createdAt' | 'status' | 'outcome'>, competition: CompetitionView): Told => {
	const { status, outcome: result = null } = proposal;
	const read = proposal.seen?.[idOf(actor)] ?? null;
	const since = read ?? proposal.createdAt;
	const open = status === 'draft' || status === 'returned';
	const told = competition.screeningReleasedAt ?? null;
	return {
		amendments: status === 'withdrawn' ? [] : competition.amendments.filter(({ at }) => at > since || (open && read === null)),
		screened: (status === 'passed' || status === 'rejected') && told !== null && told > since && screeningReleased(competition) ? status : null,
		result: result && result.at > since && result.at.getTime() > now().getTime() - newsMs ? result.kind : null
	};
};

/** Where it is kept that the actor has read what they were told; null for an actor with no id of their own. */
export const seenKey = (actor: Actor): string | null => {
	const id = idOf(actor);
	return /^[0-9a-z]+$/i.test(id) ? `seen.${id}` : null;
};

/** Notes that somebody of the group has read all they were told. It leaves `version` alone: nothing of the proposal changes. */
export const markSeen = async (actor: Actor, id: string): Promise<void> => {
	const { proposal } = await loadOwn(actor, id, 'proposal.readOwn');
	const key = seenKey(actor);
	if (key) await Proposal.updateOne({ _id: proposal._id }, { $set: { [key]: now() } });
};
