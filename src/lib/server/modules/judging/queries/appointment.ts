import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { isBlind } from '#lib/domain/judging/blind.ts';
import { screeningReleased } from '#lib/domain/proposals/screening.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { competitionById, type CompetitionView } from '../../competitions/index.ts';
import { passedProposals } from '../../proposals/index.ts';
import { Judge, type JudgeDocument } from '../model.ts';

/** A judge's own appointment; null until an accepted invitation has been bound to it, which takes a moment. */
export type Appointment = {
	competition: { id: string; title: string };
	judge: { id: string; name: string; employer: string; expertise: string[]; declared: { label: string; reason: string }[] } | null;
	/** Proposals a conflict may be declared for; none while who passed is not out, or judges must not know whose they are. */
	proposals: { id: string; label: string }[];
	/** The judge meets a conflict on the scorecard only, as whose proposals they are is hidden. */
	blind: boolean;
	/** Something may still be said. */
	open: boolean;
};

const openStates = ['draft', 'announced', 'open', 'screening', 'judging'];

const permitted = async (actor: Actor, competitionId: string): Promise<{ competition: CompetitionView; judge: JudgeDocument | null }> => {
	const competition = await competitionById(competitionId);
	if (actor.kind !== 'user' || !can(actor, 'scorecard.score', { owner: actor.id, competition: competitionId })) throw notFound();
	return { competition, judge: await Judge.findOne({ competition: competitionId, user: actor.id, status: { $ne: 'removed' } }).lean() };
};

/** The judge the actor is in a competition; 404 for everybody else. */
export const ownJudge = async (actor: Actor, competitionId: string): Promise<{ competition: CompetitionView; judge: JudgeDocument }> => {
	const { competition, judge } = await permitted(actor, competitionId);
	if (!judge) throw notFound();
	return { competition, judge };
};

/** What a judge has said of themselves and may still say. */
export const readAppointment = async (actor: Actor, competitionId: string): Promise<Appointment> => {
	const { competition, judge } = await permitted(actor, competitionId);
	const blind = competition.rounds.some(isBlind);
	const listed = screeningReleased(competition) && !blind ? await passedProposals(competitionId) : [];
	const labels = new Map(listed.map(({ id, number, title, organizationName }) => [id, `${number} ${title}（${organizationName}）`]));
	const declared = judge?.declared ?? [];
	const self = actor.kind === 'user' ? actor.name : '';
	return {
		competition: { id: competitionId, title: competition.title },
		judge: judge && {
			id: judge._id.toHexString(),
			name: judge.name,
			employer: judge.employer,
			expertise: judge.expertise,
			// What the judge said themselves; what a group asked for is not theirs to read.
			declared: declared.flatMap(({ proposal, reason, by }) => {
				const label = labels.get(proposal);
				return label !== undefined && by === self ? [{ label, reason }] : [];
			})
		},
		proposals: [...labels].filter(([id]) => !declared.some(({ proposal, by }) => proposal === id && by === self)).map(([id, label]) => ({ id, label })),
		blind,
		open: openStates.includes(competition.state)
	};
};
