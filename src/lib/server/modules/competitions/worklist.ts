import { can, scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { WorkItem } from '#lib/domain/accounts/worklist.ts';
import { effectiveState } from '#lib/domain/competitions/clock.ts';
import { nextSteps } from '#lib/domain/competitions/lifecycle.ts';
import { now } from '#lib/server/platform/clock.ts';
import { blockersFor } from './guards.ts';
import { Competition } from './model.ts';
import { resourceOf } from './queries.ts';
import { toView } from './views.ts';

const soonMs = 3 * 86_400_000;

/** What the station's own competitions wait for: a draft to announce, a next step nothing blocks any more. */
export const competitionWork = async (actor: Actor): Promise<WorkItem[]> => {
	const stations = scopeIds(actor, 'station', ['head', 'worker']);
	if (stations.length === 0) return [];
	const competitions = await Competition.find({ station: { $in: stations }, state: { $nin: ['closed', 'cancelled'] } })
		.sort({ createdAt: -1 })
		.limit(50)
		.lean();
	const at = now();
	const items = await Promise.all(
		competitions.map(async (document): Promise<WorkItem | null> => {
			const competition = toView(document, at);
			if (!can(actor, 'competition.manage', resourceOf(competition))) return null;
			const href = `/app/competitions/${competition.id}`;
			const params = { title: competition.title };
			if (competition.state === 'draft')
				return {
					code: 'comp_draft',
					params,
					href,
					due: document.timeline.opensAt.toISOString(),
					urgency: document.timeline.opensAt.getTime() - at.getTime() < soonMs ? 1 : 2
				};
			const [next] = nextSteps(effectiveState(document, at));
			if (!next || next === 'cancelled' || (await blockersFor(competition, next)).length > 0) return null;
			return { code: `comp_ready_${next}`, params, href, due: null, urgency: 2 };
		})
	);
	return items.filter((item) => item !== null);
};
