import { backSolve } from '#lib/domain/judging/calibrated/dense.ts';
import type { Design } from '#lib/domain/judging/calibrated/design.ts';
import type { Evaluation } from '#lib/domain/judging/calibrated/reml.ts';
import { createRandom } from '#lib/domain/judging/random.ts';

/** Ranks of every proposal over draws from the joint posterior of all effects, given the variances and μ̂. */
export interface RankDraws {
	draws: number;
	/** Rank (1 is best) of proposal p in draw d at `p * draws + d`, sorted within each proposal. */
	ranks: Int32Array;
}

/** Ranks 1 … n of the values, highest first, by bucket sort: thousands of draws of thousands of values. */
function rankInto(values: Float64Array, ranks: Int32Array, scratch: Int32Array): void {
	const n = values.length;
	let low = Infinity;
	let high = -Infinity;
	for (const value of values) {
		if (value < low) low = value;
		if (value > high) high = value;
	}
	const buckets = n;
	const scale = high > low ? (buckets - 1) / (high - low) : 0;
	const heads = scratch.subarray(0, buckets + 1).fill(0);
	const order = scratch.subarray(buckets + 1, buckets + 1 + n);
	const bucketOf = (value: number) => Math.floor((high - value) * scale);
	for (const value of values) heads[bucketOf(value) + 1] = (heads[bucketOf(value) + 1] ?? 0) + 1;
	for (let b = 0; b < buckets; b++) heads[b + 1] = (heads[b + 1] ?? 0) + (heads[b] ?? 0);
	for (let i = 0; i < n; i++) {
		const b = bucketOf(values[i] ?? 0);
		const at = heads[b] ?? 0;
		heads[b] = at + 1;
		order[at] = i;
	}
	// Buckets are in order and hold a few values each, so one insertion sort finishes in linear time.
	for (let at = 1; at < n; at++) {
		const i = order[at] ?? 0;
		let to = at;
		while (to > 0 && (values[order[to - 1] ?? 0] ?? 0) < (values[i] ?? 0)) {
			order[to] = order[to - 1] ?? 0;
			to--;
		}
		order[to] = i;
	}
	for (let at = 0; at < n; at++) ranks[order[at] ?? 0] = at + 1;
}

/** From ranks per draw to sorted ranks per proposal, by counting; a block at a time keeps memory access local. */
function sortPerProposal(byDraw: Int32Array, n: number, draws: number): Int32Array {
	const sorted = new Int32Array(n * draws);
	const counts = new Int32Array(n + 1);
	const block = 32;
	for (let from = 0; from < n; from += block) {
		const to = Math.min(n, from + block);
		for (let d = 0; d < draws; d++) {
			for (let p = from; p < to; p++) sorted[p * draws + d] = byDraw[d * n + p] ?? 0;
		}
		for (let p = from; p < to; p++) {
			const own = sorted.subarray(p * draws, (p + 1) * draws);
			let low = n;
			let high = 1;
			for (const rank of own) {
				counts[rank] = (counts[rank] ?? 0) + 1;
				if (rank < low) low = rank;
				if (rank > high) high = rank;
			}
			for (let rank = low, at = 0; rank <= high; rank++) {
				for (let left = counts[rank] ?? 0; left > 0; left--) own[at++] = rank;
				counts[rank] = 0;
			}
		}
	}
	return sorted;
}

/** Draws ranks under a seed. */
export function drawRanks(design: Design, fit: Evaluation, draws: number, seed: string): RankDraws {
	const { rows, columns, rowCount, members, start, y, swapped } = design;
	const [gr, gc] = fit.ratios;
	const random = createRandom(seed);
	const n = design.proposals.length;
	const byDraw = new Int32Array(n * draws);
	const scratch = new Int32Array(2 * n + 1);
	const values = new Float64Array(n);
	const normals = new Float64Array(columns);
	const columnScale = Math.sqrt(fit.residual * gc);
	const shrink = Float64Array.from(rowCount, (count) => gr / (1 + gr * count));
	const rowScale = shrink.map((factor) => Math.sqrt(fit.residual * factor));
	const rowSums = new Float64Array(rows);
	for (let i = 0; i < rows; i++) {
		for (let k = start[i] ?? 0; k < (start[i + 1] ?? 0); k++)
			rowSums[i] = (rowSums[i] ?? 0) + (y[k] ?? 0) - fit.shift;
	}
	for (let d = 0; d < draws; d++) {
		for (let j = 0; j < columns; j++) normals[j] = random.normal();
		const column = backSolve(fit.factor, normals);
		for (let j = 0; j < columns; j++) column[j] = (fit.columnEffects[j] ?? 0) + columnScale * (column[j] ?? 0);
		if (swapped) values.set(column);
		else {
			for (let i = 0; i < rows; i++) {
				let left = rowSums[i] ?? 0;
				for (const j of members[i] ?? []) left -= column[j] ?? 0;
				values[i] = (shrink[i] ?? 0) * left + (rowScale[i] ?? 0) * random.normal();
			}
		}
		rankInto(values, byDraw.subarray(d * n, (d + 1) * n), scratch);
	}
	return { draws, ranks: sortPerProposal(byDraw, n, draws) };
}

/** Share of draws in which the proposal is among the first `places`. */
export function shareWithin({ draws, ranks }: RankDraws, proposal: number, places: number): number {
	const own = ranks.subarray(proposal * draws, (proposal + 1) * draws);
	let low = 0;
	let high = draws;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((own[middle] ?? 0) <= places) low = middle + 1;
		else high = middle;
	}
	return low / draws;
}

/** Central 95 % of the drawn ranks. */
export function rankInterval({ draws, ranks }: RankDraws, proposal: number): [low: number, high: number] {
	const at = (share: number) => ranks[proposal * draws + Math.min(draws - 1, Math.max(0, share))] ?? 0;
	return [at(Math.floor(0.025 * draws)), at(Math.ceil(0.975 * draws) - 1)];
}
