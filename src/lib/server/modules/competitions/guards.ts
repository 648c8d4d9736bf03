import { settingsGaps, type Gap } from '#lib/domain/competitions/gaps.ts';
import type { CompetitionState } from '#lib/domain/competitions/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { settingsOf, type CompetitionView } from './views.ts';

/** One reason why a step is not possible yet. `code` names its words (`err_<code>`); `href` is where it is put right. */
export type Blocker = { code: string; params: Record<string, string | number>; href: string };

/**
 * Answers what stands in the way of a step; an empty list lets it pass. `reason` is what the person says for taking
 * the step all the same ('' for none); a guard may let it pass for one.
 */
export type TransitionGuard = (competition: CompetitionView, reason: string) => Promise<Blocker[]>;

const guards = new Map<CompetitionState, Map<string, TransitionGuard>>();

/**
 * Adds a condition for reaching a state. Modules above this one bring their own ("3 proposals have fewer than 3
 * judges") without this module knowing them. The same name registered again replaces the guard.
 */
export const registerTransitionGuard = (to: CompetitionState, name: string, guard: TransitionGuard): void => {
	const named = guards.get(to) ?? new Map<string, TransitionGuard>();
	named.set(name, guard);
	guards.set(to, named);
};

/** All that stands in the way of a step, in the order the guards were registered. */
export const blockersFor = async (competition: CompetitionView, to: CompetitionState, reason = ''): Promise<Blocker[]> => {
	const lists = await Promise.all([...(guards.get(to)?.values() ?? [])].map((guard) => guard(competition, reason)));
	return lists.flat();
};

/** Where a gap is closed: the page of its part, opened at the field. */
export const gapHref = (id: string, { part, path }: Pick<Gap, 'part' | 'path'>): string =>
	`/app/competitions/${id}/settings/${part}?at=${encodeURIComponent(path)}#f-${path.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')}`;

registerTransitionGuard('announced', 'settings', async (competition) =>
	settingsGaps(settingsOf(competition), now())
		.filter(({ severity }) => severity === 'block')
		.map((gap) => ({ code: gap.code, params: gap.params, href: gapHref(competition.id, gap) }))
);
