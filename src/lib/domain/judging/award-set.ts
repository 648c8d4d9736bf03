import type { BinarySolver } from '#lib/domain/shared/binary-programme.ts';

/** A ranked proposal that may be funded in full. Amounts in integer fen. */
export type Candidate = { proposal: string; rank: number; amount: number };

/** How many of a group are funded at least and at most; null: no bound. */
export type Quota = { key: string; members: ReadonlySet<string>; min: number | null; max: number | null };

/** Why no set keeps all quotas. */
export type Impossible =
	| { why: 'bounds'; quotas: string[] }
	| { why: 'too_few'; quotas: string[]; have: number; need: number }
	| { why: 'too_dear'; quotas: string[]; cost: number; fund: number }
	/** None of these can be left out of the contradiction. */
	| { why: 'together'; quotas: string[] };

/** A proposal the quotas brought in or put out, and which of them did: without any one of these it would not have moved. */
export type Move = { proposal: string; to: 'in' | 'out'; because: string[] };

export type AwardSet =
	| { funded: string[]; spent: number; base: string[]; moves: Move[]; impossible: null }
	| { funded: null; impossible: Impossible };

/**
 * The best set without quotas: down the ranking, everything that still fits is funded in full. Of all sets within the
 * fund it is the one that comes first by rank: a proposal is left out only where it does not fit beside those above it.
 */
export const bestByRank = (candidates: readonly Candidate[], fund: number): string[] => {
	let left = fund;
	return inOrder(candidates)
		.filter(({ amount }) => {
			if (amount > left) return false;
			left -= amount;
			return true;
		})
		.map(({ proposal }) => proposal);
};

const inOrder = (candidates: readonly Candidate[]): Candidate[] => [...candidates].sort((a, b) => a.rank - b.rank);

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Ranks settled by one programme: weights are powers of two, and a solver should not be asked for 2^50. */
const block = 12;

/**
 * Of all sets within the fund that keep every quota, the first by rank: x₁ = 1 if any such set has the first proposal,
 * then x₂ = 1 if any with that has the second, and so on (the lexicographic maximum). Settled by programmes of twelve
 * ranks with weights 2¹¹ … 2⁰, which is the same, since each weight is more than all that follow. Null when there is
 * no such set.
 */
const firstByRank = async (
	candidates: readonly Candidate[],
	fund: number,
	quotas: readonly Quota[],
	solve: BinarySolver
): Promise<Set<string> | null> => {
	const unit = candidates.reduce((found, { amount }) => gcd(found, amount), 0) || 1;
	const rows = [
		{ coefficients: candidates.map(({ amount }) => amount / unit), low: null, high: Math.floor(fund / unit) },
		...quotas.map(({ members, min, max }) => ({ coefficients: candidates.map(({ proposal }) => (members.has(proposal) ? 1 : 0)), low: min, high: max }))
	];
	const fixed: (0 | 1 | null)[] = candidates.map(({ amount }) => (amount > fund ? 0 : null));
	for (let from = 0; from === 0 || from < candidates.length; from += block) {
		const objective = candidates.map((_, at) => (at >= from && at < from + block ? 2 ** (from + block - 1 - at) : 0));
		const found = await solve({ objective, rows, fixed });
		if (!found) return null;
		for (let at = from; at < Math.min(from + block, candidates.length); at += 1) fixed[at] = found[at] ?? 0;
	}
	return new Set(candidates.filter((_, at) => fixed[at] === 1).map(({ proposal }) => proposal));
};

/** What is wrong with a quota by itself. */
const impossibleAlone = (candidates: readonly Candidate[], fund: number, { key, members, min, max }: Quota): Impossible | null => {
	if (min === null) return null;
	if (max !== null && min > max) return { why: 'bounds', quotas: [key] };
	const amounts = candidates.filter(({ proposal }) => members.has(proposal)).map(({ amount }) => amount).sort((a, b) => a - b);
	if (amounts.length < min) return { why: 'too_few', quotas: [key], have: amounts.length, need: min };
	const cost = amounts.slice(0, min).reduce((sum, amount) => sum + amount, 0);
	return cost > fund ? { why: 'too_dear', quotas: [key], cost, fund } : null;
};

/** Quotas are dropped one by one while what remains still contradicts itself; the rest is a contradiction without spare parts. */
const contradiction = async (candidates: readonly Candidate[], fund: number, quotas: readonly Quota[], solve: BinarySolver): Promise<string[]> => {
	let kept = [...quotas];
	for (const quota of quotas) {
		const without = kept.filter((one) => one !== quota);
		if (!(await firstByRank(candidates, fund, without, solve))) kept = without;
	}
	return kept.map(({ key }) => key);
};

/**
 * Suggests whom to fund: by rank within the fund, and keeping the quotas. Explains every proposal that the quotas moved,
 * by solving again without each of them; explains a contradiction by the fewest quotas that make it.
 * @param fund in fen
 */
export const bestAwardSet = async (
	all: readonly Candidate[],
	fund: number,
	quotas: readonly Quota[],
	solve: BinarySolver
): Promise<AwardSet> => {
	const candidates = inOrder(all);
	const base = bestByRank(candidates, fund);
	const binding = quotas.filter(({ min, max }) => (min ?? 0) > 0 || max !== null);
	for (const quota of binding) {
		const impossible = impossibleAlone(candidates, fund, quota);
		if (impossible) return { funded: null, impossible };
	}
	const chosen = binding.length === 0 ? new Set(base) : await firstByRank(candidates, fund, binding, solve);
	if (!chosen) return { funded: null, impossible: { why: 'together', quotas: await contradiction(candidates, fund, binding, solve) } };
	const before = new Set(base);
	const moved = candidates.filter(({ proposal }) => before.has(proposal) !== chosen.has(proposal));
	const without = new Map<string, ReadonlySet<string>>();
	if (moved.length > 0)
		for (const quota of binding) {
			const set = await firstByRank(candidates, fund, binding.filter((one) => one !== quota), solve);
			if (set) without.set(quota.key, set);
		}
	return {
		funded: candidates.filter(({ proposal }) => chosen.has(proposal)).map(({ proposal }) => proposal),
		spent: candidates.reduce((sum, { proposal, amount }) => sum + (chosen.has(proposal) ? amount : 0), 0),
		base,
		moves: moved.map(({ proposal }) => {
			const because = [...without].filter(([, set]) => set.has(proposal) !== chosen.has(proposal)).map(([key]) => key);
			// Where two quotas ask for the same thing, neither alone explains it.
			return { proposal, to: chosen.has(proposal) ? 'in' : 'out', because: because.length > 0 ? because : binding.map(({ key }) => key) };
		}),
		impossible: null
	};
};
