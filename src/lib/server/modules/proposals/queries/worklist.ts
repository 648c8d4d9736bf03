import { scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { WorkItem } from '#lib/domain/accounts/worklist.ts';
import { now } from '#lib/server/platform/clock.ts';
import { competitionById, listCompetitions } from '../../competitions/index.ts';
import { Proposal } from '../model.ts';
import { freshCounts } from '../counts.ts';

const dayMs = 86_400_000;
const urgencyOf = (due: Date, at: Date): 1 | 2 | 3 => {
	const days = (due.getTime() - at.getTime()) / dayMs;
	return days < 3 ? 1 : days < 10 ? 2 : 3;
};

const groupsWork = async (actor: Actor): Promise<WorkItem[]> => {
	const organizations = scopeIds(actor, 'organization', ['leader', 'member']);
	if (organizations.length === 0) return [];
	const open = await Proposal.find(
		{ organization: { $in: organizations }, status: { $in: ['draft', 'returned'] } },
		{ title: 1, status: 1, competition: 1, screening: 1 }
	)
		.sort({ createdAt: -1 })
		.limit(20)
		.lean();
	const at = now();
	const items = await Promise.all(
		open.map(async (proposal): Promise<WorkItem | null> => {
			const competition = await competitionById(proposal.competition);
			const returned = proposal.status === 'returned';
			const due = returned ? (proposal.screening.at(-1)?.correctBy ?? null) : competition.timeline.closesAt;
			const running = returned ? competition.state === 'open' || competition.state === 'screening' : competition.state === 'open';
			if (!running || !due) return null;
			return {
				code: returned ? 'prop_returned' : 'prop_draft',
				params: { title: proposal.title || competition.title, competition: competition.title },
				href: `/app/proposals/${proposal._id.toHexString()}`,
				due: due.toISOString(),
				urgency: returned ? 1 : urgencyOf(due, at)
			};
		})
	);
	return items.filter((item) => item !== null);
};

const organizersWork = async (actor: Actor): Promise<WorkItem[]> => {
	const stations = scopeIds(actor, 'station', ['head', 'worker']);
	if (stations.length === 0) return [];
	const { items } = await listCompetitions(actor, { limit: 50 });
	const work = await Promise.all(
		items
			.filter(({ state, station }) => (state === 'open' || state === 'screening') && stations.includes(station))
			.map(async ({ id, title, state }): Promise<WorkItem | null> => {
				const { submitted } = await freshCounts(id);
				if (submitted === 0) return null;
				return {
					code: 'prop_screen',
					params: { title, n: submitted },
					href: `/app/competitions/${id}/screening`,
					due: null,
					urgency: state === 'screening' ? 1 : 3,
					count: submitted
				};
			})
	);
	return work.filter((item) => item !== null);
};

/** What waits for the actor: drafts and returned proposals of their groups, proposals to screen at their station. */
export const proposalWork = async (actor: Actor): Promise<WorkItem[]> =>
	(await Promise.all([groupsWork(actor), organizersWork(actor)])).flat();
