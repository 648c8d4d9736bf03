import { lineAmount } from '#lib/domain/competitions/amounts.ts';

/** The sum of a budget in fen; a line that is not finished counts nothing. */
export const budgetTotal = (lines: readonly { quantity: number; unitPrice: number }[]): number =>
	lines.reduce((sum, line) => sum + (lineAmount(line) ?? 0), 0);

/**
 * What a group would ask for by its own budget, fen: what it does not raise itself, and never more than the track gives.
 * 0 while there is nothing to go by.
 */
export const sensibleRequest = (total: number, selfRaised: number, cap: number | null): number => {
	const needed = Math.max(0, total - selfRaised);
	return cap === null ? needed : Math.min(needed, cap);
};
