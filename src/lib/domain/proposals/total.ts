import { lineAmount } from '#lib/domain/competitions/amounts.ts';

/** The sum of a budget in fen; a line that is not finished counts nothing. */
export const budgetTotal = (lines: readonly { quantity: number; unitPrice: number }[]): number =>
	lines.reduce((sum, line) => sum + (lineAmount(line) ?? 0), 0);
