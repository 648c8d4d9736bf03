import {
	FORBIDDEN,
	perturbation,
	slotOffsets,
	spreadShift,
	type Instance
} from '#lib/domain/judging/assignment/costs.ts';

/**
 * Starting prices for the judges. Any prices give an optimal flow in the end; prices close to the optimal dual ones only
 * leave it little to repair. Each price moves by the logarithm of wanted over due reviews, as in matrix balancing (Sinkhorn
 * 1967), by steps that shrink geometrically, until about as many proposals want each judge as are due.
 */

/** Coarse prices are found on one proposal in this many. */
const SAMPLE = 8;

/** Reviews in store for each judge when loads are filled evenly (water filling), and whether all of them fit. */
function evenTargets(instance: Instance, total: number): { targets: Float64Array; level: number; fits: boolean } {
	const { judges, cap, load } = instance;
	const filled = (level: number) => {
		let sum = 0;
		for (let j = 0; j < judges; j++) sum += Math.max(0, Math.min(cap[j] ?? 0, level) - (load[j] ?? 0));
		return sum;
	};
	let low = 0;
	let high = cap.reduce((a, b) => Math.max(a, b), 0) + 1;
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		if (filled(middle) <= total) low = middle;
		else high = middle;
	}
	const open = filled(low + 1) - filled(low);
	const share = open > 0 ? Math.min(1, (total - filled(low)) / open) : 0;
	const targets = new Float64Array(judges);
	for (let j = 0; j < judges; j++) {
		const top = Math.min(cap[j] ?? 0, low);
		const more = (cap[j] ?? 0) > low && (load[j] ?? 0) <= low ? share : 0;
		targets[j] = Math.max(0, top - (load[j] ?? 0)) + more;
	}
	return { targets, level: low, fits: open > 0 || filled(low) === total };
}

/**
 * For every proposal the judges with the highest gain after price, as many as it needs, best first; `judges` stands for
 * "unfilled" (price `unfilledPrice`). Slots of proposal p are `offsets[p]` … `offsets[p + 1] − 1`.
 */
export function bestChoices(
	instance: Instance,
	prices: Float64Array,
	unfilledPrice: number,
	offsets: Int32Array
): Int32Array {
	const { proposals, judges, affinity, proposalHash, judgeHash, costs } = instance;
	const shift = spreadShift(costs);
	const unit = costs.affinity;
	const chosen = new Int32Array(offsets[proposals] ?? 0).fill(judges);
	const gains = new Float64Array(chosen.length).fill(-unfilledPrice);
	const taken = new Int32Array(judges + 1);
	for (let p = 0; p < proposals; p++) {
		const from = offsets[p] ?? 0;
		const last = (offsets[p + 1] ?? 0) - 1;
		if (last < from) continue;
		const row = p * judges;
		const hash = proposalHash[p] ?? 0;
		let least = gains[last] ?? 0;
		for (let j = 0; j < judges; j++) {
			const steps = affinity[row + j] ?? FORBIDDEN;
			if (steps === FORBIDDEN) continue;
			const gain = steps * unit + perturbation(hash, judgeHash[j] ?? 0, shift) - (prices[j] ?? 0);
			const count = taken[j] ?? 0;
			if (gain < least || (gain === least && count >= (taken[chosen[last] ?? 0] ?? 0))) continue;
			let at = last;
			while (at > from && betterThan(gain, count, gains[at - 1] ?? 0, taken[chosen[at - 1] ?? 0] ?? 0)) {
				gains[at] = gains[at - 1] ?? 0;
				chosen[at] = chosen[at - 1] ?? 0;
				at--;
			}
			gains[at] = gain;
			chosen[at] = j;
			least = gains[last] ?? 0;
		}
		for (let slot = from; slot <= last; slot++) taken[chosen[slot] ?? 0] = (taken[chosen[slot] ?? 0] ?? 0) + 1;
	}
	return chosen;
}

/** Higher gain first; among equals whoever was chosen less often so far. */
function betterThan(gain: number, count: number, otherGain: number, otherCount: number): boolean {
	return gain > otherGain || (gain === otherGain && count < otherCount);
}

/** Number of times each judge is wanted under the prices. */
function countWanted(instance: Instance, prices: Float64Array, offsets: Int32Array): Float64Array {
	const wanted = new Float64Array(instance.judges + 1);
	for (const j of bestChoices(instance, prices, instance.costs.unfilled, offsets)) wanted[j] = (wanted[j] ?? 0) + 1;
	return wanted;
}

/** The instance reduced to about one in `every` of its proposals, picked by hash. */
function sample(instance: Instance, every: number): Instance {
	const { judges, proposalHash, demand, affinity } = instance;
	const picked = [...proposalHash.keys()].filter((p) => (proposalHash[p] ?? 0) % every === 0);
	const rows = new Int32Array(picked.length * judges);
	for (const [i, p] of picked.entries()) rows.set(affinity.subarray(p * judges, (p + 1) * judges), i * judges);
	return {
		...instance,
		proposals: picked.length,
		demand: Int32Array.from(picked, (p) => demand[p] ?? 0),
		proposalHash: Int32Array.from(picked, (p) => proposalHash[p] ?? 0),
		affinity: rows
	};
}

/**
 * Prices under which about as many proposals want each judge as an even filling gives. Large instances find the coarse
 * prices on a sample of their proposals first.
 */
export function startingPrices(instance: Instance, offsets: Int32Array): Float64Array {
	const { judges, costs } = instance;
	const total = offsets[instance.proposals] ?? 0;
	const { targets, level, fits } = evenTargets(instance, total);
	const prices = new Float64Array(judges).fill(fits ? costs.load * (level + 1) : costs.unfilled);
	const most = costs.affinity * (costs.scale + 1);
	const uniform = anneal(instance, prices, offsets, targets, { from: most / 4, to: most / 100_000, factor: 0.8 });
	if (instance.proposals < 64 * SAMPLE || uniform.excess <= 0.02 * total) return uniform.prices;

	const part = sample(instance, SAMPLE);
	const partOffsets = slotOffsets(part.demand);
	const share = (partOffsets[part.proposals] ?? 0) / total;
	const partTargets = targets.map((target) => target * share);
	const coarse = anneal(part, prices, partOffsets, partTargets, { from: most / 4, to: most / 1000, factor: 0.95 });
	const fine = anneal(instance, coarse.prices, offsets, targets, {
		from: most / 250,
		to: most / 100_000,
		factor: 0.75
	});
	return fine.excess < uniform.excess ? fine.prices : uniform.prices;
}

/** Moves the prices, by steps that shrink, to the best ones met on the way. */
function anneal(
	instance: Instance,
	start: Float64Array,
	offsets: Int32Array,
	targets: Float64Array,
	{ from, to, factor }: { from: number; to: number; factor: number }
): { prices: Float64Array; excess: number } {
	const { judges, cap } = instance;
	const due = targets.reduce((a, b) => a + b, 0);
	const prices = Float64Array.from(start);
	const best = Float64Array.from(start);
	const pulls = new Float64Array(judges);
	let bestExcess = Infinity;
	for (let step = from; step > to; step *= factor) {
		const wanted = countWanted(instance, prices, offsets);
		let over = 0;
		let under = 0;
		let sum = 0;
		for (let j = 0; j < judges; j++) {
			over += Math.max(0, (wanted[j] ?? 0) - Math.ceil(targets[j] ?? 0));
			under += Math.max(0, Math.floor(targets[j] ?? 0) - (wanted[j] ?? 0));
			sum += wanted[j] ?? 0;
		}
		const excess = Math.max(over, under);
		if (excess < bestExcess) {
			bestExcess = excess;
			best.set(prices);
		}
		if (excess <= judges / 100) break;
		// Uneven demand moves prices against each other; only the total moves them together, which matters where not all
		// reviews fit and "unfilled" has to take the rest.
		let drift = 0;
		for (let j = 0; j < judges; j++) {
			pulls[j] = Math.log(((wanted[j] ?? 0) + 0.5) / ((targets[j] ?? 0) * (sum / due) + 0.5));
			drift += (pulls[j] ?? 0) / judges;
		}
		const common = Math.max(-1, Math.min(1, 8 * Math.log((sum + 0.5) / (due + 0.5))));
		for (let j = 0; j < judges; j++) {
			if ((cap[j] ?? 0) > 0) prices[j] = (prices[j] ?? 0) + Math.round(step * ((pulls[j] ?? 0) - drift + common));
		}
	}
	return { prices: best, excess: bestExcess };
}
