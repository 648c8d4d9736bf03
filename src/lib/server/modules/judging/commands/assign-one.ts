import type { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { judgePairSchema } from '#lib/domain/judging/schema.ts';
import { defaultGroup, groupInRound } from '#lib/domain/judging/groups.ts';
import { isDuplicateKey } from '#lib/server/platform/db/index.ts';
import { conflict, notFound } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { beforeRoundCloses, chainOf, judgeFor, roundOf } from '../access.ts';
import { conflictsOf } from '../conflicts.ts';
import { Scorecard } from '../model.ts';
import { proposalsInRound } from '../round-inputs.ts';
import { newScorecard } from './assign.ts';

type Input = z.infer<typeof judgePairSchema>;

/**
 * Gives one proposal to one judge by hand, with the same checks as the draw: conflicts, cap, no second scorecard. A
 * conflict is refused with its kinds (and the reason where somebody declared it) in `current`.
 * @param competitionId when given, the competition the judge has to be of
 */
export const assignOne = async (actor: Actor, input: Input, competitionId?: string): Promise<{ id: string }> => {
	const { judge, competition } = await judgeFor(actor, input.judge);
	if (competitionId !== undefined && competition.id !== competitionId) throw notFound();
	beforeRoundCloses(competition);
	if (judge.status === 'removed') throw notFound();
	const round = roundOf(competition, input.round);
	if (groupInRound(round, judge.group ?? defaultGroup) === null) throw conflict('judge_not_in_round', { name: judge.name });
	const proposal = (await proposalsInRound(competition, round.key)).find((one) => one.id === input.proposal);
	if (!proposal) throw notFound();
	const [found] = await conflictsOf(competition, [judge], [proposal]);
	if (found) throw conflict('judge_conflict', { name: judge.name, number: proposal.number }, { kinds: found.kinds, reason: found.reason });
	const load = await Scorecard.countDocuments({ judge: input.judge, status: { $in: ['assigned', 'draft', 'submitted'] } });
	if (judge.cap !== null && load >= judge.cap) throw conflict('judge_cap_reached', { name: judge.name, cap: judge.cap });
	const card = newScorecard(competition, round.key, judge, proposal);
	try {
		await Scorecard.insertMany([card], { lean: true });
	} catch (error) {
		if (isDuplicateKey(error)) throw conflict('judge_has_proposal', { name: judge.name, number: proposal.number });
		throw error;
	}
	await recordAct({
		chain: chainOf(competition.id),
		actor,
		action: 'judge_assigned',
		subject: input.judge,
		detail: { proposal: input.proposal, round: round.key }
	});
	return { id: card._id.toHexString() };
};

/** Takes an unstarted scorecard back; a started one stays and can only be recused. */
export const unassignOne = async (actor: Actor, input: Input): Promise<void> => {
	const { judge, competition } = await judgeFor(actor, input.judge);
	beforeRoundCloses(competition);
	const round = roundOf(competition, input.round);
	const pair = { competition: competition.id, round: round.key, judge: input.judge, proposal: input.proposal };
	const { deletedCount } = await Scorecard.deleteOne({ ...pair, status: 'assigned' });
	if (deletedCount === 0) {
		if (await Scorecard.exists(pair)) throw conflict('judge_started_already', { name: judge.name });
		return;
	}
	await recordAct({
		chain: chainOf(competition.id),
		actor,
		action: 'judge_unassigned',
		subject: input.judge,
		detail: { proposal: input.proposal, round: round.key }
	});
};
