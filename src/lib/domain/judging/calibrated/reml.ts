import {
	inverseDiagonal,
	invertFactor,
	quadraticForm,
	solve,
	type InverseFactor
} from '#lib/domain/judging/calibrated/dense.ts';
import type { Design } from '#lib/domain/judging/calibrated/design.ts';

/**
 * Restricted maximum likelihood for y = μ + row effect + column effect + error (all independent normal), for ratios γ of
 * the effects' variances to the error's, the error variance being profiled out (Patterson and Thompson, Biometrika 1971;
 * Bates et al., J. Stat. Softw. 67(1), 2015). The rows' block of the mixed-model equations is diagonal and is eliminated,
 * which leaves a dense system as large as there are columns. Steps follow the average information matrix (Gilmour,
 * Thompson and Cullis, Biometrics 1995), kept within γ ≥ 0 and shortened until the likelihood rises.
 *
 * Notation: V = I + γr Zr Zrᵀ + γc Zc Zcᵀ, D = diag(1 + γr nᵢ), S = I + γc (diag(mⱼ) − Σᵢ γr / Dᵢ zᵢ zᵢᵀ), so that
 * |V| = |D| |S|.
 */

/** Ratios of row and column variance to the error variance. */
export type Ratios = readonly [row: number, column: number];

export interface Evaluation {
	ratios: Ratios;
	/** −2 × restricted log-likelihood, up to a constant of the data's size. */
	deviance: number;
	gradient: [number, number];
	/** Approximate second derivatives: rows, mixed, columns. */
	information: [number, number, number];
	/** Error variance. */
	residual: number;
	/** μ̂ minus the mean of the scores. */
	shift: number;
	factor: InverseFactor;
	/** Best linear unbiased predictions. */
	rowEffects: Float64Array;
	columnEffects: Float64Array;
	/** Conditional variances of the effects given the ratios, the error variance and μ̂. */
	rowVariances: Float64Array;
	columnVariances: Float64Array;
}

interface Solved {
	/** V⁻¹ v */
	result: Float64Array;
	row: Float64Array;
	column: Float64Array;
}

function sums(indices: Int32Array, v: Float64Array, length: number): Float64Array {
	const total = new Float64Array(length);
	for (let k = 0; k < v.length; k++) total[indices[k] ?? 0] = (total[indices[k] ?? 0] ?? 0) + (v[k] ?? 0);
	return total;
}

function inner(a: Float64Array, b: Float64Array): number {
	let total = 0;
	for (let k = 0; k < a.length; k++) total += (a[k] ?? 0) * (b[k] ?? 0);
	return total;
}

function systemMatrix(design: Design, [gr, gc]: Ratios): Float64Array {
	const { columns: size, columnCount, members, rowCount } = design;
	const matrix = new Float64Array(size * size);
	for (let j = 0; j < size; j++) matrix[j * size + j] = 1 + gc * (columnCount[j] ?? 0);
	for (const [i, list] of members.entries()) {
		const weight = (gc * gr) / (1 + gr * (rowCount[i] ?? 0));
		// Members are sorted, so this fills the lower triangle only.
		for (let a = 0; a < list.length; a++) {
			const row = (list[a] ?? 0) * size;
			for (let b = 0; b <= a; b++) matrix[row + (list[b] ?? 0)] = (matrix[row + (list[b] ?? 0)] ?? 0) - weight;
		}
	}
	return matrix;
}

/** V⁻¹ v by Woodbury's identity; `row` and `column` are the predicted effects when v holds the residuals. */
function applyInverse(design: Design, [gr, gc]: Ratios, factor: InverseFactor, v: Float64Array): Solved {
	const { rows, columns, row, column, rowCount, members } = design;
	const rowSums = sums(row, v, rows);
	const target = sums(column, v, columns);
	for (const [i, list] of members.entries()) {
		const weight = (gr * (rowSums[i] ?? 0)) / (1 + gr * (rowCount[i] ?? 0));
		for (const j of list) target[j] = (target[j] ?? 0) - weight;
	}
	const columnEffects = solve(factor, target).map((value) => gc * value);
	const rowEffects = new Float64Array(rows);
	for (const [i, list] of members.entries()) {
		let left = rowSums[i] ?? 0;
		for (const j of list) left -= columnEffects[j] ?? 0;
		rowEffects[i] = (gr * left) / (1 + gr * (rowCount[i] ?? 0));
	}
	const result = v.map((value, k) => value - (rowEffects[row[k] ?? 0] ?? 0) - (columnEffects[column[k] ?? 0] ?? 0));
	return { result, row: rowEffects, column: columnEffects };
}

/** Likelihood, derivatives and predictions at given ratios. */
export function evaluate(design: Design, ratios: Ratios): Evaluation {
	const [gr, gc] = ratios;
	const { rows, columns, row, column, rowCount, y, members } = design;
	const degrees = y.length - 1;
	const factor = invertFactor(systemMatrix(design, ratios), columns);
	const one = applyInverse(design, ratios, factor, new Float64Array(y.length).fill(1));
	const onesV = one.result.reduce((a, b) => a + b, 0);
	const shift = inner(one.result, y) / onesV;
	const fitted = applyInverse(
		design,
		ratios,
		factor,
		y.map((value) => value - shift)
	);
	const py = fitted.result;
	const squares = Math.max(inner(y, py), 1e-300);
	const residual = squares / degrees;

	let logD = 0;
	let rowTrace = 0;
	const spread = new Float64Array(rows);
	for (let i = 0; i < rows; i++) {
		const n = rowCount[i] ?? 0;
		const d = 1 + gr * n;
		logD += Math.log(d);
		spread[i] = gc > 0 ? quadraticForm(factor, members[i] ?? new Int32Array()) : 0;
		rowTrace += n / d - (gc * (spread[i] ?? 0)) / (d * d);
	}
	const diagonal = inverseDiagonal(factor);
	// (b − tr S⁻¹) / γ loses its digits near 0, where the limit is the trace of the matrix that γ multiplies.
	let columnTrace = 0;
	if (gc > 1e-9) columnTrace = (columns - diagonal.reduce((a, b) => a + b, 0)) / gc;
	else for (const n of rowCount) columnTrace += n - (gr * n) / (1 + gr * n);

	const project = (v: Float64Array): Float64Array => {
		const { result } = applyInverse(design, ratios, factor, v);
		const mean = result.reduce((a, b) => a + b, 0) / onesV;
		return result.map((value, k) => value - mean * (one.result[k] ?? 0));
	};
	const rowSums = sums(row, py, rows);
	const columnSums = sums(column, py, columns);
	const onesRow = sums(row, one.result, rows);
	const onesColumn = sums(column, one.result, columns);
	const qr = inner(rowSums, rowSums);
	const qc = inner(columnSums, columnSums);
	const vr = y.map((_, k) => rowSums[row[k] ?? 0] ?? 0);
	const vc = y.map((_, k) => columnSums[column[k] ?? 0] ?? 0);
	const pr = project(vr);
	const second = (a: number, b: number, c: number) => a / residual - (b * c) / (residual * residual * degrees);
	return {
		ratios,
		deviance: logD + factor.logDeterminant + Math.log(onesV) + degrees * Math.log(squares),
		gradient: [
			rowTrace - inner(onesRow, onesRow) / onesV - qr / residual,
			columnTrace - inner(onesColumn, onesColumn) / onesV - qc / residual
		],
		information: [
			second(inner(vr, pr), qr, qr),
			second(inner(vc, pr), qr, qc),
			second(inner(vc, project(vc)), qc, qc)
		],
		residual,
		shift,
		factor,
		rowEffects: fitted.row,
		columnEffects: fitted.column,
		rowVariances: spread.map((form, i) => {
			const d = 1 + gr * (rowCount[i] ?? 0);
			return residual * (gr / d + ((gr * gr) / (d * d)) * gc * form);
		}),
		columnVariances: diagonal.map((value) => residual * gc * value)
	};
}

/** Ratios beyond this mean that the scores leave no error at all. */
export const MAX_RATIO = 1e7;
const MAX_STEPS = 100;

/** Newton direction over the variables not held at their bound 0. */
function direction(
	{ ratios, gradient, information }: Evaluation,
	estimable: readonly [boolean, boolean]
): [number, number] {
	const free = [0, 1].map((k) => estimable[k] === true && ((ratios[k] ?? 0) > 0 || (gradient[k] ?? 0) < 0));
	const [g0, g1] = gradient;
	const [h00, h01, h11] = information;
	// Where the approximation is no use, a step downhill that doubles or halves the ratio.
	const alone = (k: 0 | 1, g: number, h: number) => (h > 0 ? -g / h : -Math.sign(g) * Math.max(ratios[k], 0.1));
	if (!free[0] && !free[1]) return [0, 0];
	if (!free[1]) return [alone(0, g0, h00), 0];
	if (!free[0]) return [0, alone(1, g1, h11)];
	const determinant = h00 * h11 - h01 * h01;
	if (h00 > 0 && determinant > 1e-12 * h00 * h11) {
		return [(h01 * g1 - h11 * g0) / determinant, (h01 * g0 - h00 * g1) / determinant];
	}
	return [alone(0, g0, h00), alone(1, g1, h11)];
}

/** Starting points: a grid where that is cheap, since a small unbalanced design may have more than one maximum. */
function startingPoint(design: Design, estimable: readonly [boolean, boolean]): Evaluation {
	const grid = design.columns <= 60 && design.rows <= 600 ? [0, 0.05, 0.5, 5] : [0.5];
	const at = (k: 0 | 1) => (estimable[k] ? grid : [0]);
	let best: Evaluation | null = null;
	for (const row of at(0)) {
		for (const column of at(1)) {
			const next = evaluate(design, [row, column]);
			if (!best || next.deviance < best.deviance) best = next;
		}
	}
	return best ?? evaluate(design, [0, 0]);
}

/**
 * The REML estimate.
 * @param estimable whether the row and the column variance can be told from the error; those that cannot are held at 0
 */
export function fitReml(design: Design, estimable: readonly [boolean, boolean]): Evaluation {
	let current = startingPoint(design, estimable);
	for (let step = 0; step < MAX_STEPS; step++) {
		const move = direction(current, estimable);
		const promised = Math.abs(move[0] * current.gradient[0]) + Math.abs(move[1] * current.gradient[1]);
		if (promised < 1e-11) break;
		let next: Evaluation | null = null;
		for (let length = 1; length > 1e-6; length /= 2) {
			const to = (k: 0 | 1) => Math.max(0, current.ratios[k] + length * move[k]);
			const [row, column] = [to(0), to(1)];
			// Both are shortened alike: where no error is left, it is their proportion that the scores tell.
			const shorter = Math.min(1, MAX_RATIO / Math.max(row, column, 1));
			const trial = evaluate(design, [row * shorter, column * shorter]);
			if (trial.deviance < current.deviance) {
				next = trial;
				break;
			}
		}
		if (!next) break;
		current = next;
	}
	return current;
}
