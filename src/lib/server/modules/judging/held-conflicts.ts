import type { ScorecardStatus } from '#lib/domain/judging/types.ts';
import type { CompetitionView } from '../competitions/index.ts';
import { passedProposals } from '../proposals/index.ts';
import { conflictsOf } from './conflicts.ts';
import { conflictsHeld, Judge, Scorecard } from './model.ts';

/** How far a scorecard is that its judge still has. */
export type HeldStatus = Exclude<ScorecardStatus, 'recused'>;

export const pairKey = ({ judge, proposal }: { judge: string; proposal: string }): string => `${judge} ${proposal}`;

const steps = ['assigned', 'draft', 'submitted'] as const;

/** The pairs of a competition that have a scorecard, and how far the furthest of all rounds is. */
export const heldPairs = async (competition: string): Promise<Map<string, HeldStatus>> => {
	const cards = await Scorecard.find({ competition, status: { $in: [...steps] } }, { judge: 1, proposal: 1, status: 1 }).lean();
	const held = new Map<string, HeldStatus>();
	for (const step of steps) for (const card of cards) if (card.status === step) held.set(pairKey(card), step);
	return held;
};

const countHeld = async (competition: CompetitionView): Promise<number> => {
	const [held, proposals] = await Promise.all([heldPairs(competition.id), passedProposals(competition.id)]);
	if (held.size === 0) return 0;
	const judges = await Judge.find({ competition: competition.id, status: { $ne: 'removed' } }).lean();
	return (await conflictsOf(competition, judges, proposals)).filter((found) => held.has(pairKey(found))).length;
};

/**
 * How many pairs have a scorecard though they are in conflict: it came to light after the deal. As of a moment ago, for
 * lists of work; what judges and organizers do about it shows at once, a changed record of somebody after a minute.
 */
export const recentlyHeldConflicts = async (competition: CompetitionView): Promise<number> =>
	(await conflictsHeld.read(competition.id, async () => ({ n: await countHeld(competition) }))).n;
