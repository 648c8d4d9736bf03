/** Where the fund ends in rank order. Amounts in fen. */
export interface BudgetLine {
	/** Wholly within the fund. */
	inside: string[];
	/** The one the fund reaches but does not cover; null when it ends between two proposals or outlasts them all. */
	straddling: { proposal: string; requestedFen: number; availableFen: number } | null;
	outside: string[];
	spentFen: number;
	leftFen: number;
}

/**
 * Goes down the ranking until the fund is spent; nobody further down is skipped ahead to.
 * @param requestedFen request of every ranked proposal, in fen
 * @throws RangeError when a request is missing or an amount is not a non-negative integer
 */
export function budgetLine(
	ranked: readonly { proposal: string }[],
	requestedFen: ReadonlyMap<string, number>,
	fundFen: number
): BudgetLine {
	const fen = (amount: number | undefined, whose: string) => {
		if (amount === undefined || !Number.isSafeInteger(amount) || amount < 0)
			throw new RangeError(`no amount in fen: ${whose}`);
		return amount;
	};
	const line: BudgetLine = { inside: [], straddling: null, outside: [], spentFen: 0, leftFen: fen(fundFen, 'fund') };
	let open = true;
	for (const { proposal } of ranked) {
		const requested = fen(requestedFen.get(proposal), proposal);
		if (open && requested <= line.leftFen) {
			line.inside.push(proposal);
			line.spentFen += requested;
			line.leftFen -= requested;
		} else if (open && line.leftFen > 0) {
			open = false;
			line.straddling = { proposal, requestedFen: requested, availableFen: line.leftFen };
		} else {
			open = false;
			line.outside.push(proposal);
		}
	}
	return line;
}
