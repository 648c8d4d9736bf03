import { competitionWork } from '#lib/server/modules/competitions/index.ts';
import { judgingWork } from '#lib/server/modules/judging/index.ts';
import { proposalWork } from '#lib/server/modules/proposals/index.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { WorkItem } from '#lib/domain/accounts/worklist.ts';
import { organizationWorkItems } from '#lib/server/modules/organizations/index.ts';
import { surveyWork } from '#lib/server/modules/surveys/index.ts';
import { now } from '#lib/server/platform/clock.ts';

/** Every module that asks something of people; each answers with a fixed handful of reads. */
const providers: readonly ((actor: Actor) => Promise<WorkItem[]>)[] = [
	organizationWorkItems,
	surveyWork,
	competitionWork,
	proposalWork,
	judgingWork
];

/** Overdue first, then by urgency, then by the date it is due; what has no date comes last among its like. */
const order = (items: readonly WorkItem[]): WorkItem[] => {
	const today = now().toISOString();
	const overdue = (item: WorkItem): number => (item.due !== null && item.due < today ? 0 : 1);
	const due = (item: WorkItem): string => item.due ?? '9999';
	return [...items].sort(
		(a, b) => overdue(a) - overdue(b) || a.urgency - b.urgency || (due(a) < due(b) ? -1 : due(a) > due(b) ? 1 : 0)
	);
};

/** What a person has to do next, across everything they have a part in. */
export const worklist = async (actor: Actor): Promise<WorkItem[]> =>
	order((await Promise.all(providers.map((provide) => provide(actor)))).flat());
