import { isDuplicateKey } from '#lib/server/platform/db/index.ts';
import { newSecret, sha256 } from '#lib/server/platform/secrets.ts';
import { canonicalJson } from '../audit/index.ts';
import { Scorecard, type ScorecardDocument } from './model.ts';
import { ScorecardSeal } from './seals-model.ts';

/** What of a scorecard its hash covers: everything the judge entered, and the salt. */
export type SealedCard = Pick<
	ScorecardDocument,
	'_id' | 'round' | 'proposal' | 'proposalNumber' | 'judge' | 'scores' | 'comments' | 'overall' | 'total'
>;

export const sealedFields = { round: 1, proposal: 1, proposalNumber: 1, judge: 1, scores: 1, comments: 1, overall: 1, total: 1 } as const;

/** The text the hash is taken of, canonical JSON: whoever has it can take the hash with any tool. */
export const sealText = (card: SealedCard, salt: string): string =>
	canonicalJson({
		card: card._id.toHexString(),
		proposal: card.proposalNumber,
		round: card.round,
		scores: card.scores,
		comments: card.comments,
		overall: card.overall,
		total: card.total,
		salt
	});

/** Names a counted card among those of its competition. */
export const cardKey = ({ round, proposal, judge }: { round: string; proposal: string; judge: string }): string =>
	`${round}\n${proposal}\n${judge}`;

/** The salts of a competition's scorecards; those that have none yet get theirs now, once. */
const saltsOf = async (competition: string, cards: readonly SealedCard[]): Promise<Map<string, string>> => {
	const read = async (): Promise<Map<string, string>> =>
		new Map((await ScorecardSeal.find({ competition }).lean()).map(({ _id, salt }) => [_id, salt]));
	const known = await read();
	const missing = cards.map(({ _id }) => _id.toHexString()).filter((id) => !known.has(id));
	if (missing.length === 0) return known;
	try {
		await ScorecardSeal.insertMany(
			missing.map((_id) => ({ _id, competition, salt: newSecret(24) })),
			{ ordered: false, lean: true }
		);
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
	}
	return read();
};

/**
 * The hash of every submitted scorecard, by {@link cardKey}. The salt is 24 random bytes a card, so that nobody who
 * guesses marks and remarks can test the guess; the judge is shown it and can.
 */
export const cardHashes = async (competition: string): Promise<Map<string, string>> => {
	const cards: SealedCard[] = await Scorecard.find({ competition, status: 'submitted' }, sealedFields).lean();
	const salts = await saltsOf(competition, cards);
	return new Map(cards.map((card) => [cardKey(card), sha256(sealText(card, salts.get(card._id.toHexString()) ?? ''))]));
};
