import {
	FORBIDDEN,
	perturbation,
	slotOffsets,
	spreadShift,
	type Instance
} from '#lib/domain/judging/assignment/costs.ts';
import { bestChoices, startingPrices } from '#lib/domain/judging/assignment/prices.ts';

/**
 * Minimum-cost flow with increasing load costs by successive shortest paths with node prices (Ahuja, Magnanti and Orlin,
 * "Network Flows", 1993, chapters 9.7 and 14.4), started from a pseudoflow that already satisfies the optimality
 * conditions for given prices. Proposals are contracted: an arc between judges a → b is the cheapest way to hand one of
 * a's proposals to b, which leaves a graph of judges, "unfilled" and the sink.
 *
 * The result is exactly optimal whatever the starting prices; the final prices prove it (see `reducedCostsHold` in the
 * test): no judge is worth more to a proposal, after price, than one it has.
 */
export interface Flow {
	/** Slots of proposal p are `offsets[p]` … `offsets[p + 1] − 1`. */
	offsets: Int32Array;
	/** Judge of each slot; `judges` means unfilled. */
	chosen: Int32Array;
	/** Optimal dual prices of the judges, of "unfilled" and of the sink. */
	prices: Float64Array;
	/** Number of repairs the starting prices left to do. */
	augmentations: number;
}

/** The contracted residual graph of a flow. */
export interface Residual {
	readonly nodes: number;
	readonly unfilled: number;
	readonly sink: number;
	readonly offsets: Int32Array;
	readonly owner: Int32Array;
	readonly chosen: Int32Array;
	/** Reviews of each judge including those already there; of "unfilled" its slots. */
	readonly load: Int32Array;
	/** Cheapest cost from node a to each node (Infinity: no arc), recomputed when a's proposals have changed. */
	row(a: number): Float64Array;
	/** The slot whose move gives that cost; −1 for arcs to or from the sink. */
	mover(a: number, b: number): number;
	/** Gain of a proposal from a judge; 0 from "unfilled", −Infinity where forbidden. */
	gain(p: number, j: number): number;
	has(p: number, j: number): boolean;
	/** Moves one slot to another judge; loads are not touched. */
	move(slot: number, to: number): void;
	/** Changes the flow from a judge (or "unfilled") to the sink. */
	addLoad(j: number, by: number): void;
}

/**
 * @param load starting flow to the sink per judge and "unfilled"
 * @param perturbed false leaves the perturbation out, so that costs are those of the declared aims alone
 */
export function buildResidual(
	instance: Instance,
	offsets: Int32Array,
	chosen: Int32Array,
	load: Int32Array,
	perturbed = true
): Residual {
	const { proposals, judges, affinity, proposalHash, judgeHash, costs, cap } = instance;
	const unfilled = judges;
	const sink = judges + 1;
	const nodes = judges + 2;
	const shift = spreadShift(costs);
	const unit = costs.affinity;
	const owner = new Int32Array(chosen.length);
	const members: number[][] = Array.from({ length: judges + 1 }, () => []);
	const place = new Int32Array(chosen.length);
	for (let p = 0; p < proposals; p++) owner.fill(p, offsets[p], offsets[p + 1]);
	for (const [slot, j] of chosen.entries()) place[slot] = (members[j]?.push(slot) ?? 1) - 1;

	const rows: (Float64Array | undefined)[] = new Array<undefined>(nodes);
	const movers: (Int32Array | undefined)[] = new Array<undefined>(nodes);
	const stale = new Uint8Array(nodes).fill(1);
	const held = new Uint8Array(judges + 1);

	function gain(p: number, j: number): number {
		if (j === unfilled) return 0;
		const steps = affinity[p * judges + j] ?? FORBIDDEN;
		if (steps === FORBIDDEN) return -Infinity;
		return steps * unit + (perturbed ? perturbation(proposalHash[p] ?? 0, judgeHash[j] ?? 0, shift) : 0);
	}
	function has(p: number, j: number): boolean {
		for (let slot = offsets[p] ?? 0; slot < (offsets[p + 1] ?? 0); slot++) if (chosen[slot] === j) return true;
		return false;
	}
	/** Cost of one more review of a judge. */
	function toSink(j: number): number {
		if (j === unfilled) return costs.unfilled;
		const n = load[j] ?? 0;
		return n < (cap[j] ?? 0) ? costs.load * (n + 1) : Infinity;
	}
	/** Cost (negative) of one review less. */
	function fromSink(j: number): number {
		const n = load[j] ?? 0;
		if (j === unfilled) return n > 0 ? -costs.unfilled : Infinity;
		return n > (instance.load[j] ?? 0) ? -costs.load * n : Infinity;
	}
	function fill(a: number): Float64Array {
		const row = (rows[a] ??= new Float64Array(nodes));
		const by = (movers[a] ??= new Int32Array(nodes));
		row.fill(Infinity);
		by.fill(-1);
		for (const slot of members[a] ?? []) {
			const p = owner[slot] ?? 0;
			const now = gain(p, a);
			for (let s = offsets[p] ?? 0; s < (offsets[p + 1] ?? 0); s++) held[chosen[s] ?? 0] = 1;
			const base = p * judges;
			const hash = proposalHash[p] ?? 0;
			for (let b = 0; b < judges; b++) {
				const steps = affinity[base + b] ?? FORBIDDEN;
				if (steps === FORBIDDEN || held[b] === 1) continue;
				const cost = now - steps * unit - (perturbed ? perturbation(hash, judgeHash[b] ?? 0, shift) : 0);
				if (cost < (row[b] ?? 0)) {
					row[b] = cost;
					by[b] = slot;
				}
			}
			if (a !== unfilled && now < (row[unfilled] ?? 0)) {
				row[unfilled] = now;
				by[unfilled] = slot;
			}
			for (let s = offsets[p] ?? 0; s < (offsets[p + 1] ?? 0); s++) held[chosen[s] ?? 0] = 0;
		}
		stale[a] = 0;
		return row;
	}
	return {
		nodes,
		unfilled,
		sink,
		offsets,
		owner,
		chosen,
		load,
		row(a) {
			if (a === sink) {
				const row = (rows[a] ??= new Float64Array(nodes).fill(Infinity));
				for (let j = 0; j <= unfilled; j++) row[j] = fromSink(j);
				return row;
			}
			const row = stale[a] === 0 ? (rows[a] ?? fill(a)) : fill(a);
			row[sink] = toSink(a);
			return row;
		},
		mover: (a, b) => (a === sink || b === sink ? -1 : (movers[a]?.[b] ?? -1)),
		gain,
		has,
		move(slot, to) {
			const p = owner[slot] ?? 0;
			const from = chosen[slot] ?? 0;
			const list = members[from] ?? [];
			const last = list.pop();
			if (last !== undefined && last !== slot) {
				list[place[slot] ?? 0] = last;
				place[last] = place[slot] ?? 0;
			}
			// Whoever else reviews p must forget or offer the places that changed.
			for (let s = offsets[p] ?? 0; s < (offsets[p + 1] ?? 0); s++) stale[chosen[s] ?? 0] = 1;
			chosen[slot] = to;
			stale[to] = 1;
			place[slot] = (members[to]?.push(slot) ?? 1) - 1;
		},
		addLoad(j, by) {
			load[j] = (load[j] ?? 0) + by;
		}
	};
}

/** Sends one unit along a path of nodes. */
export function pushAlong(residual: Residual, path: readonly number[]): void {
	const { sink } = residual;
	// Movers are looked up before the first move: moving makes rows stale.
	const steps = path.slice(1).map((to, i) => ({ from: path[i] ?? 0, to, slot: residual.mover(path[i] ?? 0, to) }));
	for (const { from, to, slot } of steps) {
		if (to === sink) residual.addLoad(from, 1);
		else if (from === sink) residual.addLoad(to, -1);
		else residual.move(slot, to);
	}
}

/** Solves the instance to optimality. */
export function solveFlow(instance: Instance): Flow {
	const { judges, costs, cap } = instance;
	const offsets = slotOffsets(instance.demand);
	const total = chosenTotal(offsets);
	const prices = new Float64Array(judges + 2);
	prices.set(startingPrices(instance, offsets));
	prices[judges] = costs.unfilled;
	const chosen = bestChoices(instance, prices, costs.unfilled, offsets);
	// Loads that agree with the prices; where they do not agree with the choices there is excess or deficit.
	const load = new Int32Array(judges + 1);
	const excess = new Int32Array(judges + 2);
	for (const j of chosen) excess[j] = (excess[j] ?? 0) + 1;
	let toSink = 0;
	for (let j = 0; j < judges; j++) {
		const fitting = Math.floor((prices[j] ?? 0) / costs.load);
		const there = instance.load[j] ?? 0;
		load[j] = Math.max(there, Math.min(cap[j] ?? 0, fitting));
		const taken = (load[j] ?? 0) - there;
		toSink += taken;
		excess[j] = (excess[j] ?? 0) - taken;
	}
	load[judges] = excess[judges] ?? 0;
	toSink += load[judges] ?? 0;
	excess[judges] = 0;
	excess[judges + 1] = toSink - total;
	const residual = buildResidual(instance, offsets, chosen, load);
	const augmentations = removeExcess(residual, prices, excess);
	return { offsets, chosen, prices, augmentations };
}

function chosenTotal(offsets: Int32Array): number {
	return offsets[offsets.length - 1] ?? 0;
}

/** Dijkstra from all nodes with excess to the nearest with a deficit, until none is left. */
function removeExcess(residual: Residual, prices: Float64Array, excess: Int32Array): number {
	const { nodes } = residual;
	const distance = new Float64Array(nodes);
	const parent = new Int32Array(nodes);
	const settled = new Uint8Array(nodes);
	const order: number[] = [];
	let augmentations = 0;
	for (;;) {
		distance.fill(Infinity);
		settled.fill(0);
		parent.fill(-1);
		order.length = 0;
		let any = false;
		for (let v = 0; v < nodes; v++) {
			if ((excess[v] ?? 0) > 0) {
				distance[v] = 0;
				any = true;
			}
		}
		if (!any) return augmentations;
		let target = -1;
		while (target < 0) {
			let u = -1;
			let nearest = Infinity;
			for (let v = 0; v < nodes; v++) {
				if (settled[v] === 0 && (distance[v] ?? 0) < nearest) {
					nearest = distance[v] ?? 0;
					u = v;
				}
			}
			if (u < 0) throw new Error('the flow network is broken: excess cannot reach any deficit');
			settled[u] = 1;
			order.push(u);
			if ((excess[u] ?? 0) < 0) {
				target = u;
				break;
			}
			const row = residual.row(u);
			const base = nearest - (prices[u] ?? 0);
			for (let v = 0; v < nodes; v++) {
				const through = base + (row[v] ?? 0) + (prices[v] ?? 0);
				if (settled[v] === 0 && through < (distance[v] ?? 0)) {
					distance[v] = through;
					parent[v] = u;
				}
			}
		}
		const reach = distance[target] ?? 0;
		for (const v of order) prices[v] = (prices[v] ?? 0) + reach - (distance[v] ?? 0);
		const path = [target];
		for (let v = parent[target] ?? -1; v >= 0; v = parent[v] ?? -1) path.push(v);
		path.reverse();
		const source = path[0] ?? target;
		pushAlong(residual, path);
		excess[source] = (excess[source] ?? 0) - 1;
		excess[target] = (excess[target] ?? 0) + 1;
		augmentations++;
	}
}
