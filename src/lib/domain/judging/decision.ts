import type { Outcome } from '#lib/domain/judging/types.ts';

/** A ranked proposal and what was decided for it. Money in fen. */
export type DecidedRow = { proposal: string; rank: number | null; outcome: Outcome | null; amount: number; reason: string };

/**
 * Proposals whose decision departs from the order of the ranking and says no reason: one that got nothing although one
 * behind it is funded, and one that is funded over it. Whoever follows the ranking needs no words.
 */
export const unexplained = (rows: readonly DecidedRow[]): string[] => {
	const place = (row: DecidedRow): number => row.rank ?? Number.POSITIVE_INFINITY;
	const funded = rows.filter((row) => row.outcome === 'fund');
	const others = rows.filter((row) => row.outcome !== 'fund');
	const lastFunded = Math.max(-1, ...funded.map(place));
	const firstOther = Math.min(Number.POSITIVE_INFINITY, ...others.filter((row) => row.rank !== null).map(place));
	return rows
		.filter((row) => row.reason === '')
		.filter((row) => (row.outcome === 'fund' ? place(row) > firstOther || row.rank === null : place(row) < lastFunded))
		.map((row) => row.proposal);
};

/** A suggested award. */
export type SuggestedAward = { proposal: string; outcome: Outcome; amount: number };

/**
 * The decision that follows the ranking: requests are funded in full from the top until one does not fit; that one and
 * the next behind it, `reserves` in all, are put in reserve, the rest declined. Nobody further down is skipped ahead
 * to. Money in fen.
 */
export const suggestByRank = (
	rows: readonly { proposal: string; rank: number | null; requested: number }[],
	fund: number,
	reserves = 2
): SuggestedAward[] => {
	let left = fund;
	let open = true;
	let waiting = reserves;
	return [...rows]
		.sort((a, b) => (a.rank ?? Number.POSITIVE_INFINITY) - (b.rank ?? Number.POSITIVE_INFINITY))
		.map(({ proposal, rank, requested }) => {
			if (rank !== null && open && requested <= left) {
				left -= requested;
				return { proposal, outcome: 'fund', amount: requested };
			}
			open = false;
			if (rank !== null && waiting > 0) {
				waiting -= 1;
				return { proposal, outcome: 'reserve', amount: 0 };
			}
			return { proposal, outcome: 'decline', amount: 0 };
		});
};
