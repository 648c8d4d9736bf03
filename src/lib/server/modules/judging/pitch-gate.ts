import { scoringRefusal } from '#lib/domain/judging/pitch.ts';
import type { ScorecardDocument } from './model.ts';
import { PitchSession } from './pitch-model.ts';

/**
 * Why a pitch session keeps this scorecard from being saved or submitted now; null when nothing does. A pitch round
 * for which nobody has drawn an order is scored like any other.
 */
export const pitchRefusal = async (
	{ competition, round, proposal }: Pick<ScorecardDocument, 'competition' | 'round' | 'proposal'>,
	submitting: boolean
): Promise<string | null> => {
	const session = await PitchSession.findById(`${competition}:${round}`, { items: 1 }).lean();
	return session ? scoringRefusal(session, proposal, submitting) : null;
};
