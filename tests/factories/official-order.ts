/** A submitted scorecard: the sum of its points. */
export type Card = { proposal: string; judge: string; total: number };

type Fraction = { top: bigint; bottom: bigint };

const rounded = ({ top, bottom }: Fraction): string => {
	const hundredths = (top * 200n + bottom) / (bottom * 2n);
	return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
};

const scoreOf = (totals: bigint[], rule: 'mean' | 'trimmed'): { score: Fraction; rule: 'mean' | 'trimmed' } => {
	const sorted = [...totals].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
	const trims = rule === 'trimmed' && sorted.length >= 5;
	const kept = trims ? sorted.slice(1, -1) : sorted;
	return { score: { top: kept.reduce((sum, total) => sum + total, 0n), bottom: BigInt(kept.length) }, rule: trims ? 'trimmed' : 'mean' };
};

/**
 * The ranking by the rule's words alone, sharing no code with the product: the mean of totals, or without one highest
 * and one lowest from five on, in whole-number fractions. A tie is refused: tests choose points without one.
 */
export const officialOrder = (
	cards: readonly Card[],
	rule: 'mean' | 'trimmed'
): { rank: number; proposal: string; score: string; n: number; rule: 'mean' | 'trimmed' }[] => {
	const proposals = [...new Set(cards.map(({ proposal }) => proposal))].map((proposal) => {
		const totals = cards.filter((card) => card.proposal === proposal).map(({ total }) => BigInt(total));
		return { proposal, n: totals.length, ...scoreOf(totals, rule) };
	});
	const difference = (a: Fraction, b: Fraction): bigint => a.top * b.bottom - b.top * a.bottom;
	proposals.sort((a, b) => (difference(b.score, a.score) > 0n ? 1 : -1));
	return proposals.map(({ score, ...rest }, at) => {
		const next = proposals[at + 1];
		if (next && difference(score, next.score) === 0n) throw new Error('Two proposals have the same score.');
		return { ...rest, rank: at + 1, score: rounded(score) };
	});
};
