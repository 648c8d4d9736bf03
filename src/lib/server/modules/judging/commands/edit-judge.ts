import type { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { defaultGroup, groupsOf } from '#lib/domain/judging/groups.ts';
import type { judgeEditSchema } from '#lib/domain/judging/schema.ts';
import { conflict, invalidField } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { beforeRoundCloses, chainOf, judgeFor } from '../access.ts';
import { Judge, Scorecard } from '../model.ts';

/**
 * Changes a judge's group and cap. Once something of theirs is submitted both stay: which group a score counts in, and
 * how many one judge may take on, is not settled after the scores.
 */
export const editJudge = async (actor: Actor, input: z.infer<typeof judgeEditSchema>): Promise<void> => {
	const { judge, competition } = await judgeFor(actor, input.judge);
	beforeRoundCloses(competition);
	if (await Scorecard.exists({ judge: input.judge, status: 'submitted' })) throw conflict('judge_fixed', { name: judge.name });
	const known = new Set(competition.rounds.flatMap((round) => groupsOf(round).flatMap(({ key, by }) => (by === 'judges' ? [key] : []))));
	if (input.group !== defaultGroup && !known.has(input.group)) throw invalidField('group', 'choose_one');
	const load = await Scorecard.countDocuments({ judge: input.judge, status: { $in: ['assigned', 'draft'] } });
	if (input.cap !== null && input.cap < load) throw invalidField('cap', 'judge_cap_below', { n: load });
	await Judge.updateOne({ _id: judge._id }, { $set: { group: input.group, cap: input.cap }, $inc: { version: 1 } });
	await recordAct({
		chain: chainOf(competition.id),
		actor,
		action: 'judge_edited',
		subject: input.judge,
		detail: { group: input.group, cap: input.cap, was: { group: judge.group ?? defaultGroup, cap: judge.cap } }
	});
};
