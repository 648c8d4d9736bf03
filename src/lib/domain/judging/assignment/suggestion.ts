/** A proposal that lacks reviews. */
export interface Unfilled {
	proposal: string;
	missing: number;
	/** `caps_reached`: judges without conflict exist but are full; `too_few_eligible`: there are none left at all. */
	reason: 'caps_reached' | 'too_few_eligible';
	/** How many of the missing reviews only new judges could do. */
	shortOfJudges: number;
	group?: string;
}

/** What would help: a message key with its figures, and the same as data. */
export interface Suggestion {
	key:
		| 'assignment_suggest_raise_caps'
		| 'assignment_suggest_add_judges'
		| 'assignment_suggest_raise_caps_and_add_judges';
	/** `judges` whose cap should rise, by at most `by`; `newJudges` without conflict for `proposals` proposals. */
	params: { judges: number; by: number; newJudges: number; proposals: number };
	raiseCaps: { judge: string; by: number }[];
}

/**
 * The smallest change after which every review can be filled: one more place for each review that only lacks room, spread
 * over as many judges as possible, and as many new judges as the proposal worst off needs.
 * @param mayReview whether judge number j may take on the proposal (no conflict, not already fixed to it, in the group)
 * @param added assignments just made
 */
export function suggestChange(
	unfilled: readonly Unfilled[],
	judges: readonly { id: string }[],
	mayReview: (proposal: string, judge: number, group: string | undefined) => boolean,
	added: readonly { proposal: string; judge: string }[]
): Suggestion | null {
	if (unfilled.length === 0) return null;
	const taken = new Map<string, Set<string>>();
	for (const { proposal, judge } of added) taken.set(proposal, (taken.get(proposal) ?? new Set()).add(judge));
	const raised = new Map<string, number>();
	const newJudges = new Map<string, number>();
	let proposals = 0;
	for (const { proposal, missing, shortOfJudges, group } of unfilled) {
		if (shortOfJudges > 0) proposals++;
		newJudges.set(group ?? '', Math.max(newJudges.get(group ?? '') ?? 0, shortOfJudges));
		const free = judges.filter(({ id }, j) => mayReview(proposal, j, group) && !taken.get(proposal)?.has(id));
		free.sort((a, b) => (raised.get(a.id) ?? 0) - (raised.get(b.id) ?? 0));
		for (const { id } of free.slice(0, missing - shortOfJudges)) raised.set(id, (raised.get(id) ?? 0) + 1);
	}
	const raiseCaps = [...raised].map(([judge, by]) => ({ judge, by })).sort((a, b) => (a.judge < b.judge ? -1 : 1));
	const params = {
		judges: raiseCaps.length,
		by: raiseCaps.reduce((most, { by }) => Math.max(most, by), 0),
		newJudges: [...newJudges.values()].reduce((a, b) => a + b, 0),
		proposals
	};
	const both = params.judges > 0 && params.newJudges > 0;
	const single = params.judges > 0 ? 'assignment_suggest_raise_caps' : 'assignment_suggest_add_judges';
	return { key: both ? 'assignment_suggest_raise_caps_and_add_judges' : single, params, raiseCaps };
}
