/** Exact amounts of budget lines, in integer fen; no schemas here, so that pages can sum while somebody types. */

/** Largest sum in fen. */
export const maxFen = 10_000_000_000;

/** Integer hundredths of a quantity; null unless positive with at most two decimals. */
export function toQuantityHundredths(quantity: unknown): number | null {
	if (typeof quantity !== 'number') return null;
	const match = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(String(quantity));
	if (!match) return null;
	const hundredths = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
	return hundredths > 0 ? hundredths : null;
}

/** Quantity × unit price in fen, half a fen rounded up; null when either is not valid. */
export function lineAmount(line: { quantity?: unknown; unitPrice?: unknown }): number | null {
	const quantity = toQuantityHundredths(line.quantity);
	if (quantity === null || !isFen(line.unitPrice)) return null;
	// Past 2⁵³ in between, so not with numbers.
	const amount = Number((BigInt(quantity) * BigInt(line.unitPrice) + 50n) / 100n);
	return Number.isSafeInteger(amount) ? amount : null;
}

/** A sum of money the platform takes. */
export function isFen(value: unknown): value is number {
	return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= maxFen;
}
