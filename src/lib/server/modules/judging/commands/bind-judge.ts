import { isDuplicateKey, toId } from '#lib/server/platform/db/index.ts';
import { revokeRole } from '../../accounts/index.ts';
import { judgeGrant } from '../access.ts';
import { Judge, Scorecard } from '../model.ts';

/**
 * Binds the person who accepted an invitation to their appointment, and hands them the scorecards already dealt to
 * it. May be called again for the same acceptance.
 */
export const bindJudge = async (judgeId: string, user: string): Promise<void> => {
	const judge = await Judge.findById(toId(judgeId)).lean();
	if (!judge) return;
	if (judge.status === 'removed') {
		// The link was used after the organizer had taken the appointment back.
		await revokeRole(user, judgeGrant(judge.competition));
		return;
	}
	try {
		await Judge.updateOne({ _id: judge._id, user: null }, { $set: { user, status: 'accepted' }, $inc: { version: 1 } });
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
		// The same person was appointed twice: the first appointment stays, this one gives its scorecards back.
		await Judge.updateOne({ _id: judge._id }, { $set: { status: 'removed' }, $inc: { version: 1 } });
		await Scorecard.deleteMany({ judge: judgeId, status: 'assigned' });
		return;
	}
	await Scorecard.updateMany({ judge: judgeId, user: '' }, { $set: { user } });
};
