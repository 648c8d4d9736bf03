/** Dense symmetric positive definite matrices, row-major in one Float64Array of size × size. */

/** Dot product of two stretches of arrays; four running sums keep the processor busy. */
function dot(x: Float64Array, xFrom: number, y: Float64Array, yFrom: number, length: number): number {
	let a = 0;
	let b = 0;
	let c = 0;
	let d = 0;
	let i = 0;
	for (; i + 3 < length; i += 4) {
		a += (x[xFrom + i] ?? 0) * (y[yFrom + i] ?? 0);
		b += (x[xFrom + i + 1] ?? 0) * (y[yFrom + i + 1] ?? 0);
		c += (x[xFrom + i + 2] ?? 0) * (y[yFrom + i + 2] ?? 0);
		d += (x[xFrom + i + 3] ?? 0) * (y[yFrom + i + 3] ?? 0);
	}
	for (; i < length; i++) a += (x[xFrom + i] ?? 0) * (y[yFrom + i] ?? 0);
	return a + b + (c + d);
}

/** The inverse factor of S = L Lᵀ and what follows from it. */
export interface InverseFactor {
	size: number;
	/** log |S| */
	logDeterminant: number;
	/** Row j holds column j of L⁻¹: entry `j * size + i` is (L⁻¹)ᵢⱼ, zero for i < j. */
	columns: Float64Array;
}

/**
 * Cholesky factor (in place, lower triangle) and its inverse.
 * @throws RangeError when the matrix is not positive definite
 */
export function invertFactor(matrix: Float64Array, size: number): InverseFactor {
	let logDeterminant = 0;
	for (let i = 0; i < size; i++) {
		const row = i * size;
		for (let j = 0; j < i; j++) {
			const value = (matrix[row + j] ?? 0) - dot(matrix, row, matrix, j * size, j);
			matrix[row + j] = value / (matrix[j * size + j] ?? 1);
		}
		const pivot = (matrix[row + i] ?? 0) - dot(matrix, row, matrix, row, i);
		if (!(pivot > 0)) throw new RangeError('matrix is not positive definite');
		matrix[row + i] = Math.sqrt(pivot);
		logDeterminant += Math.log(pivot);
	}
	const columns = new Float64Array(size * size);
	for (let j = 0; j < size; j++) {
		const column = j * size;
		columns[column + j] = 1 / (matrix[column + j] ?? 1);
		for (let i = j + 1; i < size; i++) {
			const row = i * size;
			columns[column + i] = -dot(matrix, row + j, columns, column + j, i - j) / (matrix[row + i] ?? 1);
		}
	}
	return { size, logDeterminant, columns };
}

/** S⁻¹ v */
export function solve({ size, columns }: InverseFactor, v: Float64Array): Float64Array {
	const half = new Float64Array(size);
	for (let j = 0; j < size; j++) {
		const value = v[j] ?? 0;
		for (let i = j, at = j * size + j; i < size; i++, at++) half[i] = (half[i] ?? 0) + (columns[at] ?? 0) * value;
	}
	return backSolve({ size, columns }, half);
}

/** L⁻ᵀ v; of independent standard normals it makes a draw with covariance S⁻¹. */
export function backSolve({ size, columns }: Pick<InverseFactor, 'size' | 'columns'>, v: Float64Array): Float64Array {
	const result = new Float64Array(size);
	for (let j = 0; j < size; j++) result[j] = dot(columns, j * size + j, v, j, size - j);
	return result;
}

/** Diagonal of S⁻¹. */
export function inverseDiagonal({ size, columns }: InverseFactor): Float64Array {
	return Float64Array.from({ length: size }, (_, j) => dot(columns, j * size + j, columns, j * size + j, size - j));
}

/** zᵀ S⁻¹ z for z the sum of unit vectors at `members`. */
export function quadraticForm({ size, columns }: InverseFactor, members: Int32Array): number {
	const sum = new Float64Array(size);
	let first = size;
	for (const j of members) {
		first = Math.min(first, j);
		for (let i = j, at = j * size + j; i < size; i++, at++) sum[i] = (sum[i] ?? 0) + (columns[at] ?? 0);
	}
	return first === size ? 0 : dot(sum, first, sum, first, size - first);
}
