import { dimensions } from './terms.ts';
import type { Category, Dimension } from './types.ts';

/** Organizations of one kind that one station counts together. Sums are over those the station has assessed. */
export type MaturityCell = {
	category: Category;
	/** Keys of the station's communities. */
	communities: string[];
	/** Year of foundation, '' when unknown. */
	year: string;
	graduated: boolean;
	/** Whole level the overall level lies in, 1–5; 0 for those not assessed. */
	band: number;
	count: number;
	/** Sum of the overall levels in tenths. */
	tenths: number;
	/** Sums of the levels, in the order of the dimensions. */
	levels: number[];
};

type Counted = {
	category: Category;
	communities: readonly string[];
	foundedOn: string;
	status: string;
	maturity: { station: { levels: Record<Dimension, number>; overall: number } | null };
};

/** Counts organizations in incubation and graduated ones by what they are compared by. */
export const maturityCells = (organizations: readonly Counted[]): MaturityCell[] => {
	const cells = new Map<string, MaturityCell>();
	for (const { category, communities, foundedOn, status, maturity } of organizations) {
		if (status !== 'incubating' && status !== 'graduated') continue;
		const year = foundedOn.slice(0, 4);
		const graduated = status === 'graduated';
		const own = maturity.station;
		const band = own ? Math.min(5, Math.floor(own.overall)) : 0;
		const key = JSON.stringify([category, [...communities].sort(), year, graduated, band]);
		const cell = cells.get(key) ?? { category, communities: [...communities].sort(), year, graduated, band, count: 0, tenths: 0, levels: dimensions.map(() => 0) };
		cell.count += 1;
		cell.tenths += own ? Math.round(own.overall * 10) : 0;
		cell.levels = cell.levels.map((sum, index) => sum + (own?.levels[dimensions[index] ?? 'governance'] ?? 0));
		cells.set(key, cell);
	}
	return [...cells.values()];
};

/** A group of organizations compared with others. Means are null where nobody was assessed. */
export type Cohort = {
	key: string;
	count: number;
	assessed: number;
	graduated: number;
	/** Mean overall level, one decimal. */
	mean: number | null;
	levels: Record<Dimension, number | null>;
	/** How many lie in each level, from not assessed (0) to 5. */
	bands: number[];
};

const oneDecimal = (sum: number, count: number): number | null => (count === 0 ? null : Math.round((sum * 10) / count) / 10);

/** Adds cells up by key; a cell with several keys counts in each. Largest first, then by key. */
export const cohortsOf = <Cell extends MaturityCell>(cells: readonly Cell[], keysOf: (cell: Cell) => readonly string[]): Cohort[] => {
	type Sum = { count: number; assessed: number; graduated: number; tenths: number; levels: number[]; bands: number[] };
	const sums = new Map<string, Sum>();
	for (const cell of cells)
		for (const key of keysOf(cell)) {
			const sum = sums.get(key) ?? { count: 0, assessed: 0, graduated: 0, tenths: 0, levels: dimensions.map(() => 0), bands: [0, 0, 0, 0, 0, 0] };
			sum.count += cell.count;
			sum.assessed += cell.band === 0 ? 0 : cell.count;
			sum.graduated += cell.graduated ? cell.count : 0;
			sum.tenths += cell.tenths;
			sum.levels = sum.levels.map((value, index) => value + (cell.levels[index] ?? 0));
			sum.bands[cell.band] = (sum.bands[cell.band] ?? 0) + cell.count;
			sums.set(key, sum);
		}
	return [...sums]
		.map(([key, { count, assessed, graduated, tenths, levels, bands }]) => ({
			key,
			count,
			assessed,
			graduated,
			mean: oneDecimal(tenths / 10, assessed),
			levels: Object.fromEntries(dimensions.map((dimension, index) => [dimension, oneDecimal(levels[index] ?? 0, assessed)])) as Cohort['levels'],
			bands
		}))
		.sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
};
