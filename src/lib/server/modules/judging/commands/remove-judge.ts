import type { Actor } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { conflict } from '#lib/server/platform/errors.ts';
import { revokeRole } from '../../accounts/index.ts';
import { recordAct } from '../../audit/index.ts';
import { beforeRoundCloses, chainOf, judgeFor, judgeGrant } from '../access.ts';
import { Judge, Scorecard } from '../model.ts';

/**
 * Takes a judge off. Scorecards nobody started go back; started ones are kept as recused, so that nothing typed is
 * lost. A judge whose scores count already cannot be removed.
 */
export const removeJudge = async (actor: Actor, judgeId: string): Promise<void> => {
	const { judge, competition } = await judgeFor(actor, judgeId);
	beforeRoundCloses(competition);
	if (await Scorecard.exists({ judge: judgeId, status: 'submitted' })) throw conflict('judge_has_scored');
	await Judge.updateOne({ _id: judge._id }, { $set: { status: 'removed' }, $inc: { version: 1 } });
	await Scorecard.deleteMany({ judge: judgeId, status: 'assigned' });
	await Scorecard.updateMany(
		{ judge: judgeId, status: 'draft' },
		{ $set: { status: 'recused', recusal: { reason: 'judge_removed', at: now() } }, $inc: { version: 1 } }
	);
	if (judge.user) await revokeRole(judge.user, judgeGrant(competition.id));
	await recordAct({ chain: chainOf(competition.id), actor, action: 'judge_removed', subject: judgeId });
};
