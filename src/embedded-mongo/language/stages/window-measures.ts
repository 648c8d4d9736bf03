/** Window functions that look at a window as a curve or a cloud: $derivative, $integral and the covariances. */
import { typeName } from '../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../bson/values.ts';
import { failedToParse, storeError } from '../errors.ts';
import { isNullish, namedSpecs } from '../expression/arguments.ts';
import type { Eval, ExpressionEnv } from '../expression/env.ts';
import { isNumeric, toDouble } from '../numbers.ts';
import type { Sort } from '../sort.ts';
import { compileBounds, positionOf } from './window-bounds.ts';

/** Computes a field for every document of one sorted partition. */
export type WindowFunction = (rows: Doc[]) => Maybe[];

interface Given {
	operand: Value;
	window: Maybe;
	env: ExpressionEnv;
	sort: Sort | undefined;
	name: string;
}

/** Milliseconds. */
const UNITS: Record<string, number> = {
	week: 604_800_000,
	day: 86_400_000,
	hour: 3_600_000,
	minute: 60_000,
	second: 1000,
	millisecond: 1
};

interface Curve {
	input: Eval;
	/** Where a document lies along the sort field, in the unit asked for. */
	place: (row: Doc) => number;
}

function readCurve({ operand, env, sort, name }: Given): Curve {
	const specs = namedSpecs(operand, name, ['input'], ['unit']);
	if (!sort || sort.fields.length !== 1) {
		throw storeError(5371603, `${name} requires a sortBy with exactly one field`);
	}
	const unit = specs.get('unit');
	let scale: number | undefined;
	if (unit !== undefined) {
		scale = typeof unit === 'string' && Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
		if (scale === undefined) {
			throw storeError(5490710, `unit must be 'week' or smaller in ${name}, found ${String(unit)}`);
		}
	}
	return {
		input: env.compile(specs.get('input') as Value, env),
		place(row) {
			const key = sort.sortKey(row)[0];
			if (scale !== undefined) {
				if (!(key instanceof Date)) {
					throw storeError(5624900, `${name} with 'unit' expects the sortBy field to be a Date, found ${typeName(key)}`);
				}
				return key.getTime() / scale;
			}
			if (key instanceof Date) throw storeError(5624901, `${name} where the sortBy is a Date requires a 'unit'`);
			if (!isNumeric(key)) throw storeError(5624902, `${name} requires numeric values of the sortBy field, found ${typeName(key)}`);
			return positionOf(key);
		}
	};
}

function numberIn(value: Maybe, name: string): number {
	if (!isNumeric(value) && !(value instanceof Date)) {
		throw storeError(5624903, `${name} requires numeric input, found ${typeName(value)}`);
	}
	return positionOf(value);
}

function overWindows(given: Given, compute: (window: Doc[]) => Maybe): WindowFunction {
	const bounds = compileBounds(given.window, given.sort);
	return (rows) => {
		const window = bounds(rows);
		return rows.map((_, at) => compute(rows.slice(...window(at))));
	};
}

/** The slope between the ends of the window. */
function derivative(given: Given): WindowFunction {
	const { name, window } = given;
	if (window === undefined) throw failedToParse(`${name} requires explicit window bounds`);
	const { input, place } = readCurve(given);
	return overWindows(given, (rows) => {
		const [first, last] = [rows[0], rows.at(-1)];
		if (!first || !last || first === last) return null;
		const [before, after] = [input(first), input(last)];
		if (isNullish(before) || isNullish(after)) return null;
		const run = place(last) - place(first);
		return run === 0 ? null : (numberIn(after, name) - numberIn(before, name)) / run;
	});
}

/** The area below the window, by trapezes. */
function integral(given: Given): WindowFunction {
	const { input, place } = readCurve(given);
	return overWindows(given, (rows) => {
		let area = 0;
		for (let i = 1; i < rows.length; i++) {
			const [left, right] = [rows[i - 1] as Doc, rows[i] as Doc];
			const height = numberIn(input(left), given.name) + numberIn(input(right), given.name);
			area += (height / 2) * (place(right) - place(left));
		}
		return rows.length === 0 ? null : area;
	});
}

function covariance(lost: 0 | 1): (given: Given) => WindowFunction {
	return (given) => {
		const { operand, env, name } = given;
		if (!Array.isArray(operand) || operand.length !== 2) {
			throw failedToParse(`${name} requires an array of two expressions`);
		}
		const [first, second] = operand.map((each) => env.compile(each, env)) as [Eval, Eval];
		return overWindows(given, (rows) => {
			const pairs = rows.map((row) => [first(row), second(row)]);
			const numbers = pairs.filter(([x, y]) => isNumeric(x) && isNumeric(y));
			const xs = numbers.map(([x]) => toDouble(x as never));
			const ys = numbers.map(([, y]) => toDouble(y as never));
			const count = xs.length;
			if (count <= lost) return null;
			const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / count;
			const [mx, my] = [mean(xs), mean(ys)];
			const sum = xs.reduce((total, x, i) => total + (x - mx) * ((ys[i] as number) - my), 0);
			return sum / (count - lost);
		});
	};
}

export const MEASURES: Record<string, (given: Given) => WindowFunction> = {
	$derivative: derivative,
	$integral: integral,
	$covariancePop: covariance(0),
	$covarianceSamp: covariance(1)
};
