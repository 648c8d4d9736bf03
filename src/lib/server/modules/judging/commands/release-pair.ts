import type { Actor } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { recordAct } from '../../audit/index.ts';
import { chainOf } from '../access.ts';
import { Scorecard, type ScorecardDocument } from '../model.ts';
import { refreshStanding } from '../pitch-standing.ts';
import { forgetRecentRanking } from '../ranking-store.ts';

/** The reason on a scorecard recused for a conflict its judge need not be told more of; pages have words for it. */
export const conflictFound = 'conflict_found';

/** A judge and a proposal of one competition; their scorecards may be of several rounds. */
export type Pair = Pick<ScorecardDocument, 'competition' | 'judge' | 'proposal'>;

/** What to recuse: `closedAt` when it must still be as it was seen. */
type Match = Pick<ScorecardDocument, '_id'> & Partial<Pick<ScorecardDocument, 'closedAt'>>;

/** Makes a scorecard count no longer, on record with what it was; null when it does not already, or is not as it was seen. */
export const recuseCard = async (actor: Actor, match: Match, reason: string): Promise<ScorecardDocument | null> => {
	const at = now();
	const change = { status: 'recused' as const, recusal: { reason, at }, touchedAt: at };
	const was = await Scorecard.findOneAndUpdate(
		{ ...match, status: { $ne: 'recused' } },
		{ $set: change, $inc: { version: 1 } },
		{ returnDocument: 'before' }
	).lean();
	if (!was) return null;
	await recordAct({
		chain: chainOf(was.competition),
		actor,
		action: 'scorecard_recused',
		subject: was._id.toHexString(),
		detail: { judge: was.judge, proposal: was.proposal, round: was.round, was: was.status, reason }
	});
	return { ...was, ...change, version: was.version + 1 };
};

/** Recuses the scorecards of a pair in all rounds; a pitch whose scoring is closed included, as it still counts. */
export const recusePair = async (actor: Actor, pair: Pair, reason: string): Promise<void> => {
	const cards = await Scorecard.find({ ...pair, status: { $ne: 'recused' } }, { _id: 1 }).lean();
	for (const { _id } of cards) await recuseCard(actor, { _id }, reason);
	forgetRecentRanking(pair.competition);
	await refreshStanding(pair.competition, pair.proposal);
};

/**
 * Takes the proposal from the judge in all rounds: an unstarted scorecard goes back, a started or submitted one no longer
 * counts. Answers the rounds that lost one.
 */
export const releasePair = async (actor: Actor, pair: Pair, reason: string): Promise<string[]> => {
	const held = await Scorecard.find({ ...pair, status: { $ne: 'recused' } }, { round: 1 }).lean();
	await Scorecard.deleteMany({ ...pair, status: 'assigned' });
	await recusePair(actor, pair, reason);
	return [...new Set(held.map(({ round }) => round))];
};
