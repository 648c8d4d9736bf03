import type { Actor } from '#lib/domain/accounts/types.ts';
import { noticeEnd } from '#lib/domain/judging/notice.ts';
import { now } from '#lib/server/platform/clock.ts';
import { conflict, stale } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { workingDaysOf } from '../../stations/index.ts';
import { chainOf, competitionFor } from '../access.ts';
import { Result } from '../results-model.ts';

/**
 * Computes the end of the running notice anew by the calendar as it is now. A change of the calendar never does this by
 * itself; whoever does it says why, and everybody can read it beside the notice.
 */
export const recomputeNoticeEnd = async (actor: Actor, competitionId: string, reason: string): Promise<{ from: Date; to: Date }> => {
	const competition = await competitionFor(actor, competitionId, 'notice.recompute');
	const latest = await Result.findOne({ competition: competitionId }, { n: 1, publishedAt: 1, noticeDays: 1, noticeUntil: 1 })
		.sort({ competition: 1, n: -1 })
		.lean();
	const at = now();
	if (!latest || competition.state !== 'notice' || latest.noticeUntil <= at) throw conflict('notice_not_running');
	const to = noticeEnd(latest.publishedAt, latest.noticeDays, await workingDaysOf(competition.stationPath));
	const from = latest.noticeUntil;
	if (to.getTime() === from.getTime()) throw conflict('notice_end_unchanged');
	if (to <= at) throw conflict('notice_end_past');
	const byName = actor.kind === 'user' ? actor.name : '';
	const changed = await Result.updateOne(
		{ _id: latest._id, noticeUntil: from },
		{ $set: { noticeUntil: to }, $push: { periodChanges: { at, from, to, byName, reason } } }
	);
	if (changed.matchedCount === 0) throw stale(null);
	await recordAct({
		chain: chainOf(competitionId),
		actor,
		action: 'notice_period_recomputed',
		subject: latest._id.toHexString(),
		detail: { n: latest.n, from, to, reason }
	});
	return { from, to };
};
