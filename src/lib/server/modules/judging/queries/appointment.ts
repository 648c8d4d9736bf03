import { can, scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { isBlind, withoutName } from '#lib/domain/judging/blind.ts';
import type { ScorecardStatus } from '#lib/domain/judging/types.ts';
import { screeningReleased } from '#lib/domain/proposals/screening.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { competitionById, type CompetitionView } from '../../competitions/index.ts';
import { passedProposals, type PassedProposal } from '../../proposals/index.ts';
import { blot } from '../blind.ts';
import { isSaidBy, saidBy } from '../declared.ts';
import { Judge, Scorecard, type JudgeDocument } from '../model.ts';

/** A proposal a judge has stepped back from, in their own words. */
export type OwnConflict = {
	proposal: string;
	label: string;
	reason: string;
	at: Date;
	/** Marks were given before; they are kept and do not count. */
	scored: boolean;
};

/** A proposal a judge may step back from; `card` is how far their own scorecard of it is, null where they have none. */
export type ConflictChoice = { id: string; label: string; card: Exclude<ScorecardStatus, 'recused'> | null };

/** A judge's own appointment; null until an accepted invitation has been bound to it, which takes a moment. */
export type Appointment = {
	competition: { id: string; title: string };
	judge: { id: string; name: string; employer: string; expertise: string[]; declared: OwnConflict[] } | null;
	/** Proposals a conflict may be declared for, the judge's own first; none while who passed is not out, or judges must not know whose they are. */
	proposals: ConflictChoice[];
	/** The judge meets a conflict on the scorecard only, as whose proposals they are is hidden. */
	blind: boolean;
	/** Something may still be said. */
	open: boolean;
	/** Nothing is scored yet: what was declared by mistake may be taken back. */
	liftable: boolean;
};

const beforeScoring = ['draft', 'announced', 'open', 'screening'];
const openStates = [...beforeScoring, 'judging'];

const permitted = async (actor: Actor, competitionId: string): Promise<{ competition: CompetitionView; judge: JudgeDocument | null; self: { by: string; byId: string } }> => {
	const competition = await competitionById(competitionId);
	if (actor.kind !== 'user' || !can(actor, 'scorecard.score', { owner: actor.id, competition: competitionId })) throw notFound();
	return { competition, judge: await Judge.findOne({ competition: competitionId, user: actor.id, status: { $ne: 'removed' } }).lean(), self: saidBy(actor) };
};

/** The judge the actor is in a competition; 404 for everybody else. */
export const ownJudge = async (actor: Actor, competitionId: string): Promise<{ competition: CompetitionView; judge: JudgeDocument }> => {
	const { competition, judge } = await permitted(actor, competitionId);
	if (!judge) throw notFound();
	return { competition, judge };
};

/** Competitions the actor judges in and may still say something of themselves, whether or not anything is assigned yet. */
export const ownAppointments = async (actor: Actor): Promise<{ competition: string; title: string }[]> => {
	const competitions = await Promise.all(scopeIds(actor, 'competition', ['judge']).map((id) => competitionById(id)));
	return competitions.filter(({ state }) => openStates.includes(state)).map(({ id, title }) => ({ competition: id, title }));
};

/** How a judge reads a proposal's name: where a round is blind, without its group. */
const labelOf = ({ number, title, organizationName }: PassedProposal, blind: boolean): string =>
	blind ? `${number} ${withoutName(title, organizationName, blot)}` : `${number} ${title}（${organizationName}）`;

/** How far the judge is with each proposal: the furthest scorecard of all rounds, and whether one is recused with marks on it. */
const cardsOf = async (judge: string): Promise<{ open: Map<string, ConflictChoice['card']>; scored: Set<string> }> => {
	const cards = await Scorecard.find({ judge }, { proposal: 1, status: 1, startedAt: 1 }).limit(1000).lean();
	const open = new Map<string, ConflictChoice['card']>();
	for (const step of ['assigned', 'draft', 'submitted'] as const)
		for (const { proposal, status } of cards) if (status === step) open.set(proposal, step);
	return { open, scored: new Set(cards.flatMap(({ proposal, status, startedAt }) => (status === 'recused' && startedAt ? [proposal] : []))) };
};

/** What a judge has said of themselves and may still say. */
export const readAppointment = async (actor: Actor, competitionId: string): Promise<Appointment> => {
	const { competition, judge, self } = await permitted(actor, competitionId);
	const blind = competition.rounds.some(isBlind);
	const declared = judge?.declared ?? [];
	const [passed, { open, scored }] = await Promise.all([
		screeningReleased(competition) ? passedProposals(competitionId) : [],
		judge ? cardsOf(judge._id.toHexString()) : { open: new Map<string, ConflictChoice['card']>(), scored: new Set<string>() }
	]);
	const labels = new Map(passed.map((proposal) => [proposal.id, labelOf(proposal, blind)]));
	const own = new Set(declared.flatMap((one) => (isSaidBy(one, self) ? [one.proposal] : [])));
	const choices = blind ? [] : [...labels].filter(([id]) => !own.has(id)).map(([id, label]): ConflictChoice => ({ id, label, card: open.get(id) ?? null }));
	return {
		competition: { id: competitionId, title: competition.title },
		judge: judge && {
			id: judge._id.toHexString(),
			name: judge.name,
			employer: judge.employer,
			expertise: judge.expertise,
			// What the judge said themselves; what a group asked for is not theirs to read.
			declared: declared.flatMap((one) => {
				const { proposal, reason, at } = one;
				const label = labels.get(proposal);
				return label !== undefined && isSaidBy(one, self) ? [{ proposal, label, reason, at, scored: scored.has(proposal) }] : [];
			})
		},
		proposals: [...choices.filter(({ card }) => card !== null), ...choices.filter(({ card }) => card === null)],
		blind,
		open: openStates.includes(competition.state),
		liftable: beforeScoring.includes(competition.state)
	};
};
