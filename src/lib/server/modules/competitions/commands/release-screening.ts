import { toId } from '#lib/server/platform/db/index.ts';
import { forgetCompetition } from '../cache.ts';
import { Competition } from '../model.ts';

/** Notes when applicants were told who passed; once. For the module that screens. Answers whether this call did it. */
export const markScreeningReleased = async (id: string, at: Date): Promise<boolean> => {
	const done = await Competition.updateOne({ _id: toId(id), screeningReleasedAt: null }, { $set: { screeningReleasedAt: at } });
	forgetCompetition(id);
	return done.modifiedCount === 1;
};
