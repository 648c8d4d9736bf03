import { byText } from '#lib/domain/judging/random.ts';

/** One judge's score of one proposal, in points. */
export interface Score {
	proposal: string;
	judge: string;
	score: number;
}

/** Scores by row and column number, grouped by the factor with more levels (`rows`). */
export interface Design {
	proposals: string[];
	judges: string[];
	/** True when the rows are the judges: then columns are proposals. */
	swapped: boolean;
	rows: number;
	columns: number;
	/** Scores of row i are those from `start[i]` to `start[i + 1] − 1`. */
	start: Int32Array;
	/** Row and column of each score. */
	row: Int32Array;
	column: Int32Array;
	/** Scores minus their mean. */
	y: Float64Array;
	mean: number;
	/** Scores per row and per column. */
	rowCount: Int32Array;
	columnCount: Int32Array;
	/** Columns of each row. */
	members: Int32Array[];
	/** Panels that share no proposal or judge with each other. */
	components: number;
}

/**
 * @throws RangeError when a score is not finite or a judge scored a proposal twice
 */
export function buildDesign(scores: readonly Score[]): Design {
	const proposals = [...new Set(scores.map(({ proposal }) => proposal))].sort(byText);
	const judges = [...new Set(scores.map(({ judge }) => judge))].sort(byText);
	const proposalAt = new Map(proposals.map((id, i) => [id, i]));
	const judgeAt = new Map(judges.map((id, i) => [id, i]));
	const swapped = judges.length > proposals.length;
	const cells = scores.map(({ proposal, judge, score }) => {
		if (!Number.isFinite(score)) throw new RangeError(`score of judge ${judge} for ${proposal}: ${score}`);
		const p = proposalAt.get(proposal) ?? 0;
		const j = judgeAt.get(judge) ?? 0;
		return { row: swapped ? j : p, column: swapped ? p : j, score };
	});
	// Sorted, so that sums come out the same to the last bit whatever the order of input.
	cells.sort((a, b) => a.row - b.row || a.column - b.column);
	for (const [k, { row, column }] of cells.entries()) {
		const next = cells[k + 1];
		if (next && next.row === row && next.column === column) throw new RangeError('a judge scored a proposal twice');
	}
	const rows = Math.max(proposals.length, judges.length);
	const columns = Math.min(proposals.length, judges.length);
	// As a difference from the first one, so that equal scores have exactly their own value as mean.
	const first = cells[0]?.score ?? 0;
	const mean = first + cells.reduce((sum, { score }) => sum + (score - first), 0) / Math.max(1, cells.length);
	const row = Int32Array.from(cells, (cell) => cell.row);
	const column = Int32Array.from(cells, (cell) => cell.column);
	const rowCount = countOf(row, rows);
	const start = new Int32Array(rows + 1);
	for (let i = 0; i < rows; i++) start[i + 1] = (start[i] ?? 0) + (rowCount[i] ?? 0);
	const members = Array.from({ length: rows }, (_, i) => column.subarray(start[i], start[i + 1]));
	return {
		proposals,
		judges,
		swapped,
		rows,
		columns,
		start,
		row,
		column,
		y: Float64Array.from(cells, ({ score }) => score - mean),
		mean,
		rowCount,
		columnCount: countOf(column, columns),
		members,
		components: countComponents(members, columns)
	};
}

function countOf(indices: Int32Array, length: number): Int32Array {
	const counts = new Int32Array(length);
	for (const i of indices) counts[i] = (counts[i] ?? 0) + 1;
	return counts;
}

/** Connected sets of columns; every row and column has at least one score. */
function countComponents(members: readonly Int32Array[], columns: number): number {
	const parent = Int32Array.from({ length: columns }, (_, i) => i);
	const root = (node: number): number => {
		let at = node;
		while (parent[at] !== at) at = parent[at] = parent[parent[at] ?? at] ?? at;
		return at;
	};
	let count = columns;
	for (const list of members) {
		const first = root(list[0] ?? 0);
		for (const other of list) {
			const found = root(other);
			if (found === first) continue;
			parent[found] = first;
			count--;
		}
	}
	return count;
}
