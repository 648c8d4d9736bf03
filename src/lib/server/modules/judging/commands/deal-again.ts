import type { Actor } from '#lib/domain/accounts/types.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import type { CompetitionView } from '../../competitions/index.ts';
import { Assignment } from '../model.ts';
import { assign } from './assign.ts';

/**
 * Tops up what a proposal has lost in these rounds, by the same draw as any. Answers how many reviews are still missing;
 * where nobody is left for them, the organizer's worklist says so.
 */
export const dealAgain = async (actor: Actor, competition: CompetitionView, proposal: string, rounds: readonly string[]): Promise<number> => {
	let missing = 0;
	for (const round of rounds) missing += await topUp(actor, competition.id, proposal, round);
	return missing;
};

const topUp = async (actor: Actor, competition: string, proposal: string, round: string): Promise<number> => {
	const last = await Assignment.findOne({ competition, round }, { reviews: 1 }).sort({ competition: 1, at: -1 }).lean();
	// Never dealt out but given by hand: by hand it is given again.
	if (!last) return 1;
	try {
		const { unfilled } = await assign(actor, competition, { round, reviews: last.reviews, seed: '', redeal: false });
		return unfilled.filter((line) => line.proposal === proposal).reduce((sum, { missing }) => sum + missing, 0);
	} catch (error) {
		// Somebody is dealing at this moment: that deal, or the next, fills the place.
		if (error instanceof AppError) return 1;
		throw error;
	}
};
