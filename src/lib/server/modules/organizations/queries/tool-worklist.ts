import type { Actor } from '#lib/domain/accounts/types.ts';
import type { WorkItem } from '#lib/domain/accounts/worklist.ts';
import { addDays, dayStart } from '#lib/domain/shared/days.ts';
import { openFollowUps, overdueAtOwnStations } from './supervision.ts';

/** What was agreed in supervision and is still to do, and whose supervision is overdue at one's own stations. */
export const toolWorkItems = async (actor: Actor): Promise<WorkItem[]> => {
	const [followUps, overdue] = await Promise.all([openFollowUps(actor), overdueAtOwnStations(actor)]);
	return [
		...followUps.map(({ text, topic, dueOn, supervision }): WorkItem => ({
			code: 'follow_up',
			params: { text, topic },
			href: `/app/supervision/${supervision}`,
			due: dayStart(addDays(dueOn, 1)).toISOString(),
			urgency: 2
		})),
		...(overdue > 0
			? [{ code: 'supervision_overdue', params: { count: overdue }, href: '/app/supervision', due: null, urgency: 3, count: overdue } as const]
			: [])
	];
};
