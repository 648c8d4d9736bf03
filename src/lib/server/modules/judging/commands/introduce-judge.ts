import type { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { introductionSchema } from '#lib/domain/judging/schema.ts';
import { recordAct } from '../../audit/index.ts';
import { beforeRoundCloses, chainOf } from '../access.ts';
import { Judge } from '../model.ts';
import { ownJudge } from '../queries/appointment.ts';

/** A judge says where they work and what they know; the next assignment goes by it. */
export const introduceJudge = async (actor: Actor, competitionId: string, { employer, expertise }: z.infer<typeof introductionSchema>): Promise<void> => {
	const { judge, competition } = await ownJudge(actor, competitionId);
	beforeRoundCloses(competition);
	await Judge.updateOne({ _id: judge._id }, { $set: { employer, expertise }, $inc: { version: 1 } });
	await recordAct({ chain: chainOf(competition.id), actor, action: 'judge_introduced', subject: judge._id.toHexString(), detail: { employer, expertise } });
};
