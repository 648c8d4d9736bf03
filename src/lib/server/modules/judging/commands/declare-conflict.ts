import type { z } from 'zod';
import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { declaredConflictSchema, withdrawnConflictSchema } from '#lib/domain/judging/schema.ts';
import { now } from '#lib/server/platform/clock.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, invalidField, notFound } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { competitionById, resourceOf } from '../../competitions/index.ts';
import { passedProposals } from '../../proposals/index.ts';
import { beforeRoundCloses, chainOf, judgeFor } from '../access.ts';
import { forgetDeclared, saidBy, saidByFilter } from '../declared.ts';
import { Judge } from '../model.ts';
import { ownJudge } from '../queries/appointment.ts';
import { releasePair } from './release-pair.ts';

/**
 * Declares that a judge must not score a proposal: by the judge or by the organizer. A scorecard nobody started goes
 * back; a started or submitted one is recused and no longer counts.
 */
export const declareConflict = async (actor: Actor, input: z.infer<typeof declaredConflictSchema>): Promise<void> => {
	const judge = await Judge.findById(toId(input.judge)).lean();
	if (!judge || judge.status === 'removed') throw notFound();
	const competition = await competitionById(judge.competition);
	const own = judge.user !== null && can(actor, 'scorecard.score', { owner: judge.user, competition: judge.competition });
	if (!own && !can(actor, 'competition.manage', resourceOf(competition))) throw forbidden();
	beforeRoundCloses(competition);
	const proposals = await passedProposals(competition.id);
	if (!proposals.some((proposal) => proposal.id === input.proposal)) throw invalidField('proposal', 'not_found');
	await noteConflict(input.judge, input.proposal, input.reason, actor);
	await releasePair(actor, { competition: competition.id, judge: input.judge, proposal: input.proposal }, input.reason);
	await recordAct({
		chain: chainOf(competition.id),
		actor,
		action: 'conflict_declared',
		subject: input.judge,
		detail: { proposal: input.proposal, reason: input.reason }
	});
};

/** Remembers the conflict with the judge, once for each who says so, so that later assignments keep the pair apart. */
export const noteConflict = async (judge: string, proposal: string, reason: string, actor: Actor): Promise<void> => {
	const by = saidBy(actor);
	await Judge.updateOne(
		{ _id: toId(judge), $nor: [{ declared: { $elemMatch: { proposal, ...saidByFilter(by) } } }] },
		{ $push: { declared: { proposal, reason, at: now(), ...by } }, $inc: { version: 1 } }
	);
	forgetDeclared(judge);
};

/** Takes back a conflict entered by mistake; recused scorecards stay recused. */
export const liftConflict = async (actor: Actor, judgeId: string, proposal: string): Promise<void> => {
	const { judge, competition } = await judgeFor(actor, judgeId);
	beforeRoundCloses(competition);
	await Judge.updateOne({ _id: judge._id }, { $pull: { declared: { proposal } }, $inc: { version: 1 } });
	forgetDeclared(judgeId);
	await recordAct({ chain: chainOf(competition.id), actor, action: 'conflict_lifted', subject: judgeId, detail: { proposal } });
};

/** A judge takes back what they declared themselves, by mistake, as long as nothing is scored; later the organizer may. */
export const withdrawConflict = async (actor: Actor, competitionId: string, { proposal }: z.infer<typeof withdrawnConflictSchema>): Promise<void> => {
	const { judge, competition } = await ownJudge(actor, competitionId);
	if (!['draft', 'announced', 'open', 'screening'].includes(competition.state)) throw conflict('conflict_lift_late');
	await Judge.updateOne({ _id: judge._id }, { $pull: { declared: { proposal, ...saidByFilter(saidBy(actor)) } }, $inc: { version: 1 } });
	const id = judge._id.toHexString();
	forgetDeclared(id);
	await recordAct({ chain: chainOf(competition.id), actor, action: 'conflict_lifted', subject: id, detail: { proposal } });
};
