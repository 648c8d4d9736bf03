import { scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { WorkItem } from '#lib/domain/accounts/worklist.ts';
import { now } from '#lib/server/platform/clock.ts';
import type { CompetitionState } from '#lib/domain/competitions/types.ts';
import { competitionById, listCompetitions, type CompetitionView } from '../../competitions/index.ts';
import { Proposal, type ProposalDocument } from '../model.ts';
import { toldTo } from '../told.ts';
import { freshCounts } from '../counts.ts';

const dayMs = 86_400_000;
const urgencyOf = (due: Date, at: Date): 1 | 2 | 3 => {
	const days = (due.getTime() - at.getTime()) / dayMs;
	return days < 3 ? 1 : days < 10 ? 2 : 3;
};

// Over and done with: what was told about it long ago calls nobody any more.
const over: readonly CompetitionState[] = ['executing', 'closed', 'cancelled'];

const toldItems = (actor: Actor, proposal: Pick<ProposalDocument, '_id' | 'title' | 'status' | 'seen' | 'createdAt' | 'outcome'>, competition: CompetitionView): WorkItem[] => {
	const { amendments, screened, result } = toldTo(actor, proposal, competition);
	const params = { title: proposal.title || competition.title, competition: competition.title };
	const item = (code: string): WorkItem => ({ code, params, href: `/app/proposals/${proposal._id.toHexString()}#told`, due: null, urgency: 1 });
	if (result) return [item('prop_result')];
	if (over.includes(competition.state)) return [];
	// What was amended before the draft was begun is told on its page; it calls nobody.
	return [...(amendments.some(({ at }) => at > proposal.createdAt) ? [item('prop_amended')] : []), ...(screened ? [item(`prop_${screened}`)] : [])];
};

const groupsWork = async (actor: Actor): Promise<WorkItem[]> => {
	const organizations = scopeIds(actor, 'organization', ['leader', 'member']);
	if (organizations.length === 0) return [];
	const open = await Proposal.find(
		{ organization: { $in: organizations }, status: { $in: ['draft', 'returned', 'submitted', 'passed', 'rejected'] } },
		{ title: 1, status: 1, competition: 1, screening: 1, seen: 1, createdAt: 1, outcome: 1 }
	)
		.sort({ createdAt: -1 })
		.limit(20)
		.lean();
	const at = now();
	const items = await Promise.all(
		open.map(async (proposal): Promise<WorkItem[]> => {
			const competition = await competitionById(proposal.competition);
			const told = toldItems(actor, proposal, competition);
			if (proposal.status !== 'draft' && proposal.status !== 'returned') return told;
			const returned = proposal.status === 'returned';
			const due = returned ? (proposal.screening.at(-1)?.correctBy ?? null) : competition.timeline.closesAt;
			const running = returned ? competition.state === 'open' || competition.state === 'screening' : competition.state === 'open';
			if (!running || !due) return told;
			const item: WorkItem = {
				code: returned ? 'prop_returned' : 'prop_draft',
				params: { title: proposal.title || competition.title, competition: competition.title },
				href: `/app/proposals/${proposal._id.toHexString()}`,
				due: due.toISOString(),
				urgency: returned ? 1 : urgencyOf(due, at)
			};
			return [...told, item];
		})
	);
	return items.flat();
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
