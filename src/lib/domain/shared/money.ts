/**
 * Reads an amount in yuan as people type it (`3000`, `3,000.50`, `３０００元`) into integer fen.
 * Returns null when it is no amount with at most two decimals.
 */
export const parseYuan = (text: string): number | null => {
	const plain = text
		.normalize('NFKC')
		.replace(/[\s,，¥￥]|元$/g, '')
		.trim();
	const match = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(plain);
	if (!match) return null;
	return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
};

/** Integer fen as a plain yuan string for an input field: 300000 → `3000`, 50 → `0.50`. */
export const yuanText = (fen: number): string =>
	fen % 100 === 0 ? String(fen / 100) : `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
