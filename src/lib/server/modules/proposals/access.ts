import { can, type Action } from '#lib/domain/accounts/policy.ts';
import type { Actor, Resource } from '#lib/domain/accounts/types.ts';
import { opinionsHidden } from '#lib/domain/proposals/screening.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { forbidden, notFound } from '#lib/server/platform/errors.ts';
import { competitionById, resourceOf as competitionResource, type CompetitionView } from '../competitions/index.ts';
import { Proposal, type ProposalDocument } from './model.ts';

/** What the group's own rights over a proposal depend on. */
export const resourceOf = (proposal: { organization: string; station: string; stationPath: string[] }): Resource => ({
	organization: proposal.organization,
	station: proposal.station,
	stationPath: proposal.stationPath
});

/**
 * On which sides of a proposal the actor stands; both may be true for a street's worker. `unspoken`: they may still
 * give a second or third opinion on it, so they do not read the others'.
 */
export type Sides = { applicant: boolean; organizer: boolean; unspoken: boolean };

/** Whether others' opinions are kept from this person until they have given theirs. */
export const isUnspoken = (actor: Actor, proposal: ProposalDocument, competition: CompetitionView): boolean =>
	can(actor, 'competition.manage', competitionResource(competition)) &&
	opinionsHidden(proposal.screening, proposal.submissions, idOf(actor), { screeners: competition.screeners, status: proposal.status, arbiters: proposal.arbiters });

/** Organizers see what was submitted to them; a draft is the group's own. */
export const sidesOf = (actor: Actor, proposal: ProposalDocument, competition: CompetitionView): Sides => ({
	applicant:
		can(actor, 'proposal.readOwn', resourceOf(proposal)) ||
		(proposal.submissions > 0 && can(actor, 'proposal.readSubmitted', resourceOf(proposal))),
	organizer: proposal.submissions > 0 && can(actor, 'competition.readWork', competitionResource(competition)),
	unspoken: isUnspoken(actor, proposal, competition)
});

export type Loaded = { proposal: ProposalDocument; competition: CompetitionView; sides: Sides };

/** Loads a proposal for somebody who may see it; 404 for everybody else. */
export const loadVisible = async (actor: Actor, id: string): Promise<Loaded> => {
	if (actor.kind === 'anonymous') throw notFound();
	const proposal = await Proposal.findById(toId(id)).lean();
	if (!proposal) throw notFound();
	const competition = await competitionById(proposal.competition);
	const sides = sidesOf(actor, proposal, competition);
	if (!sides.applicant && !sides.organizer) throw notFound();
	return { proposal, competition, sides };
};

/** Loads a proposal for an act of the group or of a worker for it: 404 to those who may not see it, 403 to those who may. */
export const loadOwn = async (actor: Actor, id: string, action: Action): Promise<Loaded> => {
	const loaded = await loadVisible(actor, id);
	if (!can(actor, action, resourceOf(loaded.proposal))) throw forbidden();
	return loaded;
};

export const idOf = (actor: Actor): string => (actor.kind === 'user' ? actor.id : actor.kind === 'system' ? actor.name : '');
export const nameOf = (actor: Actor): string => (actor.kind === 'anonymous' ? '' : actor.name);
