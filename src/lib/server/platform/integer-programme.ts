import type { BinaryProgramme, BinarySolver } from '#lib/domain/shared/binary-programme.ts';

const sum = (coefficients: readonly number[]): string =>
	coefficients
		.flatMap((factor, at) => (factor === 0 ? [] : [`${factor < 0 ? '-' : '+'} ${Math.abs(factor)} x${at}`]))
		.join(' ');

/** A programme in CPLEX LP format, which HiGHS reads. Rows without a variable are checked by the caller. */
const modelText = ({ objective, rows, fixed }: BinaryProgramme): string => {
	const lines = rows.flatMap(({ coefficients, low, high }, at) => {
		const terms = sum(coefficients);
		if (terms === '') return [];
		return [...(low === null ? [] : [`low${at}: ${terms} >= ${low}`]), ...(high === null ? [] : [`high${at}: ${terms} <= ${high}`])];
	});
	return [
		'Maximize',
		`obj: ${sum(objective) || '0 x0'}`,
		'Subject To',
		...lines,
		'Bounds',
		...fixed.flatMap((value, at) => (value === null ? [] : [`x${at} = ${value}`])),
		'Binary',
		...fixed.flatMap((value, at) => (value === null ? [`x${at}`] : [])),
		'End'
	].join('\n');
};

const holds = ({ rows }: BinaryProgramme, values: readonly number[]): boolean =>
	rows.every(({ coefficients, low, high }) => {
		const total = coefficients.reduce((all, factor, at) => all + factor * (values[at] ?? 0), 0);
		return (low === null || total >= low) && (high === null || total <= high);
	});

type Highs = { solve: (model: string, options?: Record<string, unknown>) => { Status: string; Columns: Record<string, { Primal?: number }> } };
let loaded: Promise<Highs> | null = null;

// The solver is WebAssembly of some size: it comes into memory when somebody asks for quotas, not before.
const load = (): Promise<Highs> =>
	(loaded ??= import('highs').then(async ({ default: loadHighs }) => (await loadHighs()) as unknown as Highs));

/**
 * Solves a programme in binary variables with HiGHS, to optimality. What it answers is rounded and checked against the
 * rows in integers, so a tolerance of the solver never becomes a fen too much.
 * @throws Error when the solver gives up or its answer does not hold
 */
export const solveBinary: BinarySolver = async (programme) => {
	const settled = programme.fixed.map((value) => value ?? 0);
	if (programme.fixed.every((value) => value !== null)) return holds(programme, settled) ? (settled as (0 | 1)[]) : null;
	if (programme.rows.some(({ coefficients, low, high }) => coefficients.every((factor) => factor === 0) && ((low ?? 0) > 0 || (high ?? 0) < 0))) return null;
	const highs = await load();
	// A solve keeps the process busy for some milliseconds; between two of them it answers others.
	await new Promise((resolve) => setImmediate(resolve));
	const { Status, Columns } = highs.solve(modelText(programme), {
		output_flag: false,
		mip_rel_gap: 0,
		mip_abs_gap: 0.5,
		mip_feasibility_tolerance: 1e-9
	});
	if (Status === 'Infeasible') return null;
	if (Status !== 'Optimal') throw new Error(`The solver ended with “${Status}”.`);
	const values = programme.fixed.map((value, at) => value ?? (Math.round(Columns[`x${at}`]?.Primal ?? 0) === 1 ? 1 : 0));
	if (!holds(programme, values)) throw new Error('The solver’s answer does not hold in integers.');
	return values;
};
