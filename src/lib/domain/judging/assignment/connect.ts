import type { Instance } from '#lib/domain/judging/assignment/costs.ts';
import { buildResidual, pushAlong, type Flow, type Residual } from '#lib/domain/judging/assignment/flow.ts';

/**
 * Among the solutions that are equally good in coverage, load and expertise, looks for one whose judge–proposal graph
 * hangs together (so that lenient and severe judges can be compared) and which has few reciprocal pairs. Such solutions
 * differ by cycles of zero cost, which consist of arcs whose reduced cost is zero; each round finds one that helps.
 */

/** Edges of the graph outside this instance: reviews fixed before, or of other judge groups. */
export interface Surroundings {
	/** Pairs (judge, proposal) by row and column number; judges not of this instance have numbers from `judges` on. */
	edges: readonly (readonly [judge: number, proposal: number])[];
	/** Proposals each judge of this instance is close to, for reciprocal pairs. */
	closeTo: readonly ReadonlySet<number>[];
}

/** Tries before giving up; fewer where measuring one costs much. Counted in work, not time, to stay reproducible. */
const MAX_TRIES = 400;
const MAX_WORK = 5e7;

/** Number of connected components among judges with reviews and their proposals, and each node's component. */
export function components(
	judges: number,
	proposals: number,
	edges: Iterable<readonly [judge: number, proposal: number]>
): { count: number; ofJudge: Int32Array; ofProposal: Int32Array } {
	const parent = Int32Array.from({ length: judges + proposals }, (_, i) => i);
	const used = new Uint8Array(judges + proposals);
	const root = (node: number): number => {
		let at = node;
		while (parent[at] !== at) {
			const up = parent[at] ?? at;
			parent[at] = parent[up] ?? up;
			at = parent[at] ?? at;
		}
		return at;
	};
	for (const [judge, proposal] of edges) {
		used[judge] = used[judges + proposal] = 1;
		parent[root(judge)] = root(judges + proposal);
	}
	const all = Int32Array.from(parent, (_, i) => (used[i] === 1 ? root(i) : -1));
	return {
		count: new Set(all.filter((component) => component >= 0)).size,
		ofJudge: all.subarray(0, judges),
		ofProposal: all.subarray(judges)
	};
}

/** Optimal prices for the declared aims alone, by Bellman and Ford from the perturbed ones; there is no negative cycle. */
function exactPrices(residual: Residual, start: Float64Array): Float64Array {
	const prices = Float64Array.from(start);
	const { nodes } = residual;
	for (let changed = true, pass = 0; changed && pass <= nodes; pass++) {
		changed = false;
		for (let u = 0; u < nodes; u++) {
			const row = residual.row(u);
			for (let v = 0; v < nodes; v++) {
				const least = (prices[u] ?? 0) - (row[v] ?? 0);
				if (u !== v && (prices[v] ?? 0) < least) {
					prices[v] = least;
					changed = true;
				}
			}
		}
	}
	return prices;
}

/** Shortest path over arcs of zero reduced cost, both ends included; null when there is none. */
function tightPath(residual: Residual, prices: Float64Array, from: number, to: number): number[] | null {
	const previous = new Int32Array(residual.nodes).fill(-1);
	previous[from] = from;
	const queue = [from];
	for (let head = 0; head < queue.length; head++) {
		const u = queue[head] ?? from;
		if (u === to) {
			const path = [to];
			for (let v = to; v !== from; v = previous[v] ?? from) path.push(previous[v] ?? from);
			return path.reverse();
		}
		const row = residual.row(u);
		for (let v = 0; v < residual.nodes; v++) {
			if ((previous[v] ?? 0) < 0 && (row[v] ?? 0) - (prices[u] ?? 0) + (prices[v] ?? 0) === 0) {
				previous[v] = u;
				queue.push(v);
			}
		}
	}
	return null;
}

function append(lists: Map<number, number[]>, key: number, value: number): void {
	const list = lists.get(key);
	if (list) list.push(value);
	else lists.set(key, [value]);
}

interface Measure {
	components: number;
	reciprocal: readonly number[];
}

/**
 * Improves the flow's choices in place.
 * @returns the number of components and of reciprocal pairs left
 */
export function connectWithoutLoss(
	instance: Instance,
	flow: Flow,
	surroundings: Surroundings
): { components: number; reciprocal: number } {
	const { judges, proposals } = instance;
	const { offsets, chosen } = flow;
	const others = surroundings.edges.reduce((most, [judge]) => Math.max(most, judge + 1), judges);
	const owner = new Int32Array(chosen.length);
	for (let p = 0; p < proposals; p++) owner.fill(p, offsets[p], offsets[p + 1]);
	const around = new Map<number, number[]>();
	for (const [j, p] of surroundings.edges) append(around, p, j);
	const closeJudges = new Map<number, number[]>();
	let closePairs = 0;
	for (const [j, close] of surroundings.closeTo.entries()) {
		for (const p of close) append(closeJudges, p, j);
		closePairs += close.size;
	}
	const work = chosen.length * (2 + closePairs / Math.max(1, judges)) + others + proposals;
	const maxTries = Math.min(MAX_TRIES, Math.ceil(MAX_WORK / work));

	function* edges(): Generator<readonly [number, number]> {
		yield* surroundings.edges;
		for (const [slot, j] of chosen.entries()) if (j < judges) yield [j, owner[slot] ?? 0];
	}
	const graph = () => components(others, proposals, edges());
	const reviews = (q: number, friends: readonly number[], except: number): boolean => {
		const isFriend = (k: number) => k !== except && friends.includes(k);
		for (let s = offsets[q] ?? 0; s < (offsets[q + 1] ?? 0); s++) if (isFriend(chosen[s] ?? judges)) return true;
		return around.get(q)?.some(isFriend) ?? false;
	};
	/** Slots whose judge is close to a proposal that a judge close to this slot's proposal reviews. */
	const reciprocalSlots = (): number[] => {
		const found: number[] = [];
		for (const [slot, j] of closePairs > 0 ? chosen.entries() : []) {
			const friends = closeJudges.get(owner[slot] ?? 0);
			if (j >= judges || !friends) continue;
			for (const q of surroundings.closeTo[j] ?? []) {
				if (!reviews(q, friends, j)) continue;
				found.push(slot);
				break;
			}
		}
		return found;
	};
	const measure = (): Measure => ({ components: graph().count, reciprocal: reciprocalSlots() });

	let now = measure();
	if (now.components > 1 || now.reciprocal.length > 0) {
		const load = new Int32Array(judges + 1);
		load.set(instance.load);
		for (const j of chosen) load[j] = (load[j] ?? 0) + 1;
		const residual = buildResidual(instance, offsets, chosen, load, false);
		const prices = exactPrices(residual, flow.prices);
		let tries = 0;
		/** Moves a slot to a judge it could equally have and closes the cycle; keeps it only if that helps. */
		const attempt = (slot: number, b: number, helps: (next: Measure) => boolean): boolean => {
			const a = chosen[slot] ?? 0;
			const p = owner[slot] ?? 0;
			if (a === b || residual.has(p, b)) return false;
			const cost = residual.gain(p, a) - residual.gain(p, b);
			if (cost - (prices[a] ?? 0) + (prices[b] ?? 0) !== 0) return false;
			tries++;
			const back = tightPath(residual, prices, b, a);
			if (!back) return false;
			const before = Int32Array.from(chosen);
			const loads = Int32Array.from(load);
			pushAlong(residual, back);
			// The first move comes last and only if the way back did not use up the same slot or place.
			const possible = chosen[slot] === a && !residual.has(p, b);
			if (possible) residual.move(slot, b);
			const next = possible ? measure() : now;
			if (possible && helps(next)) {
				now = next;
				return true;
			}
			for (const [s, j] of before.entries()) if (chosen[s] !== j) residual.move(s, j);
			load.set(loads);
			return false;
		};
		const improveConnection = (): boolean => {
			const { ofJudge } = graph();
			for (const [slot, a] of chosen.entries()) {
				for (let b = 0; b < judges && tries < maxTries; b++) {
					const apart = a < judges && (ofJudge[b] ?? 0) >= 0 && ofJudge[b] !== ofJudge[a];
					if (apart && attempt(slot, b, (next) => next.components < now.components)) return true;
				}
			}
			return false;
		};
		const improveReciprocity = (): boolean => {
			const fewer = (next: Measure) =>
				next.reciprocal.length < now.reciprocal.length && next.components <= now.components;
			for (const slot of now.reciprocal) {
				for (let b = 0; b < judges && tries < maxTries; b++) if (attempt(slot, b, fewer)) return true;
			}
			return false;
		};
		while (tries < maxTries && now.components > 1 && improveConnection());
		tries = 0;
		while (tries < maxTries && now.reciprocal.length > 0 && improveReciprocity());
	}
	return { components: now.components, reciprocal: now.reciprocal.length };
}
