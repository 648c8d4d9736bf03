import type { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { hasJudges } from '#lib/domain/judging/groups.ts';
import type { trialSchema } from '#lib/domain/judging/schema.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey } from '#lib/server/platform/db/index.ts';
import { conflict, invalidField } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { beforeRoundCloses, chainOf, competitionFor, roundOf } from '../access.ts';
import { Trial, TrialCard } from '../panel-model.ts';
import { forgetTrial } from '../trial.ts';

/**
 * Puts the sample in place that all judges score first. Its text may change until a judge has begun, so that all see
 * the same; whether it must be done before scoring may change at any time.
 */
export const setTrial = async (actor: Actor, competitionId: string, input: z.infer<typeof trialSchema>): Promise<void> => {
	const competition = await competitionFor(actor, competitionId, 'competition.manage');
	beforeRoundCloses(competition);
	const round = roundOf(competition, input.round);
	if (!hasJudges(round)) throw invalidField('round', 'round_by_codes');
	const before = await Trial.findById(competitionId).lean();
	const same = before && before.round === round.key && before.title === input.title && before.text === input.text;
	if (!same && (await TrialCard.exists({ competition: competitionId, startedAt: { $type: 'date' } }))) throw conflict('trial_begun');
	const byName = actor.kind === 'user' ? actor.name : '';
	try {
		await Trial.updateOne(
			{ _id: competitionId },
			{ $set: { round: round.key, title: input.title, text: input.text, required: input.required, at: now(), byName }, $inc: { version: 1 } },
			{ upsert: true }
		);
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
	}
	// Cards made for another round's rubric by a mere look at the queue are made anew.
	if (!same) await TrialCard.deleteMany({ competition: competitionId, startedAt: null });
	forgetTrial(competitionId);
	await recordAct({
		chain: chainOf(competitionId),
		actor,
		action: 'trial_set',
		subject: competitionId,
		detail: { round: round.key, title: input.title, required: input.required }
	});
};

/** Takes the sample away, with what was scored of it. */
export const dropTrial = async (actor: Actor, competitionId: string): Promise<void> => {
	const competition = await competitionFor(actor, competitionId, 'competition.manage');
	beforeRoundCloses(competition);
	const { deletedCount } = await Trial.deleteOne({ _id: competitionId });
	await TrialCard.deleteMany({ competition: competitionId });
	forgetTrial(competitionId);
	if (deletedCount > 0) await recordAct({ chain: chainOf(competitionId), actor, action: 'trial_dropped', subject: competitionId });
};
