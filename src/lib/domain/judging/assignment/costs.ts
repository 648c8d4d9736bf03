/**
 * One number per choice, so that a single minimum-cost flow serves four aims in strict order. From the most to the least
 * important, each unit outweighs everything below it on any simple cycle of the flow network:
 *
 * 1. a review that nobody does (`unfilled`);
 * 2. the k-th review of a judge (`load` × k): increasing costs make balanced loads cheapest, lexicographically so, because
 *    loads of a flow form a base polyhedron (Frank and Murota, "Decreasing minimization on M-convex sets", 2022);
 * 3. expertise: affinity in integer steps of `1 / scale` of the greatest one (`affinity` × steps, as a gain);
 * 4. a seeded perturbation below `spread`, which settles what is left equal and nothing else.
 *
 * All sums stay below 2⁵³, so doubles hold them exactly.
 */
export interface Costs {
	/** Integer steps of the greatest absolute affinity. */
	scale: number;
	affinity: number;
	load: number;
	unfilled: number;
	/** Perturbations are 0 … `spread` − 1; a power of two. */
	spread: number;
}

const LIMIT = 2 ** 51;

/**
 * The finest costs that stay exact.
 * @param judges number of judges
 * @param maxLoad greatest load a judge can reach
 * @throws RangeError when the problem is too large for exact arithmetic
 */
export function chooseCosts(judges: number, maxLoad: number): Costs {
	// A simple cycle passes each judge, "unfilled" and the sink at most once.
	const length = judges + 2;
	for (const [spread, coarsest] of [
		[1024, 1e6],
		[64, 1e5],
		[16, 1e1]
	] as const) {
		for (let scale = 1e9; scale >= coarsest; scale /= 10) {
			const affinity = 2 * spread * length;
			// Affinities may be negative, hence twice the greatest.
			const load = 2 * affinity * (scale + 1) * length;
			const unfilled = load * (maxLoad + 2) * 2;
			if (unfilled < LIMIT) return { scale, affinity, load, unfilled, spread };
		}
	}
	throw new RangeError('too many judges with too high caps to assign exactly');
}

/** A judge who must not review the proposal. */
export const FORBIDDEN = -(2 ** 31);

/** Who may review what at which gain; proposals and judges are row and column numbers. */
export interface Instance {
	proposals: number;
	judges: number;
	/** Reviews to add per proposal. */
	demand: Int32Array;
	/** Reviews a judge already has, and at most may have. */
	load: Int32Array;
	cap: Int32Array;
	/** Row-major proposals × judges: affinity in steps of `1 / scale`, or {@link FORBIDDEN}. */
	affinity: Int32Array;
	/** Hashes the perturbation is made of. */
	proposalHash: Int32Array;
	judgeHash: Int32Array;
	costs: Costs;
}

/** Seeded perturbation of a pair, 0 … `spread` − 1 (Fibonacci hashing of the two hashes). */
export function perturbation(proposalHash: number, judgeHash: number, shift: number): number {
	return Math.imul(proposalHash ^ judgeHash, 0x9e3779b1) >>> shift;
}

/** Bits to drop from a 32-bit hash to get below `spread`. */
export function spreadShift(costs: Costs): number {
	return 32 - Math.log2(costs.spread);
}

/** Slots of proposal p are `offsets[p]` … `offsets[p + 1] − 1`. */
export function slotOffsets(demand: Int32Array): Int32Array {
	const offsets = new Int32Array(demand.length + 1);
	for (let p = 0; p < demand.length; p++) offsets[p + 1] = (offsets[p] ?? 0) + (demand[p] ?? 0);
	return offsets;
}
