import { can, type Action } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { Round } from '#lib/domain/competitions/types.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, invalidField, notFound } from '#lib/server/platform/errors.ts';
import { competitionById, resourceOf, type CompetitionView } from '../competitions/index.ts';
import { Judge, type JudgeDocument } from './model.ts';

/**
 * The competition, if the actor may do this in it. Others get 404 for a draft, which nobody outside may know of, and
 * 403 otherwise.
 */
export const competitionFor = async (actor: Actor, id: string, action: Action): Promise<CompetitionView> => {
	const competition = await competitionById(id);
	const resource = resourceOf(competition);
	if (can(actor, action, resource)) return competition;
	throw competition.state === 'draft' && !can(actor, 'competition.readWork', resource) ? notFound() : forbidden();
};

/** A judge and the competition, if the actor may manage it. */
export const judgeFor = async (actor: Actor, id: string): Promise<{ judge: JudgeDocument; competition: CompetitionView }> => {
	const judge = await Judge.findById(toId(id)).lean();
	if (!judge) throw notFound();
	return { judge, competition: await competitionFor(actor, judge.competition, 'competition.manage') };
};

/** The round of a key; without one the first round. */
export const roundOf = (competition: CompetitionView, key?: string): Round => {
	const round = key === undefined ? competition.rounds[0] : competition.rounds.find((one) => one.key === key);
	if (!round) throw invalidField('round', 'choose_one');
	return round;
};

/** Judges are appointed and scorecards dealt out from the draft to the end of judging. */
export const beforeRoundCloses = (competition: CompetitionView): void => {
	if (['deliberation', 'notice', 'decided', 'executing', 'closed', 'cancelled'].includes(competition.state))
		throw conflict('score_round_closed');
};

/** The grant that makes a person a judge of a competition. */
export const judgeGrant = (competition: string) =>
	({ role: 'judge', scopeKind: 'competition', scopeId: competition }) as const;

/** The audit chain of a competition's judging. */
export const chainOf = (competition: string): string => `competition:${competition}`;
