import { ratio, type Ratio } from '#lib/domain/judging/exact.ts';

/** `trimmed` drops one highest and one lowest total; below this many scorecards it has too little left and the mean is used. */
export const TRIMMING_NEEDS = 5;

/** `calibrated` looks at all cards of a round at once, see `calibrated/official.ts`; the others at a proposal's own. */
export type AggregateRule = 'mean' | 'trimmed' | 'calibrated';

/**
 * Aggregate of integer totals: their mean, or the mean without one highest and one lowest.
 * @throws RangeError for an empty list
 */
export function aggregate(
	totals: readonly number[],
	rule: AggregateRule
): { score: Ratio; appliedRule: AggregateRule } {
	return aggregateUnits(totals.map(BigInt), 100n, rule);
}

/**
 * The same for totals in any integer unit, `unitsPerPoint` of which make a point.
 * @throws RangeError for an empty list
 */
export function aggregateUnits(
	totals: readonly bigint[],
	unitsPerPoint: bigint,
	rule: AggregateRule
): { score: Ratio; appliedRule: AggregateRule } {
	const appliedRule = rule === 'trimmed' && totals.length >= TRIMMING_NEEDS ? 'trimmed' : 'mean';
	// Integers first: one reduction per proposal instead of one per card.
	let sumOfTotals = 0n;
	let least = totals[0] ?? 0n;
	let most = least;
	for (const total of totals) {
		sumOfTotals += total;
		if (total < least) least = total;
		if (total > most) most = total;
	}
	return appliedRule === 'trimmed'
		? { score: ratio(sumOfTotals - least - most, BigInt(totals.length - 2) * unitsPerPoint), appliedRule }
		: { score: ratio(sumOfTotals, BigInt(totals.length) * unitsPerPoint), appliedRule };
}

/** The rule behind all of them; the mean where they differ. */
export function commonRule(rules: readonly AggregateRule[]): AggregateRule {
	const [first] = rules;
	return first !== undefined && rules.every((rule) => rule === first) ? first : 'mean';
}
