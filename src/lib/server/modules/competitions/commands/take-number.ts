import { receiptNumber } from '#lib/domain/proposals/numbers.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { Competition } from '../model.ts';

/** The next receipt number of a competition, given to one caller only: `summer-007` and its 7. */
export const takeNumber = async (id: string): Promise<{ number: string; seq: number }> => {
	const competition = await Competition.findOneAndUpdate(
		{ _id: toId(id) },
		{ $inc: { lastNumber: 1 } },
		{ returnDocument: 'after', projection: { lastNumber: 1, slug: 1 }, lean: true }
	);
	if (!competition) throw notFound();
	return { number: receiptNumber(competition.slug, competition.lastNumber), seq: competition.lastNumber };
};
