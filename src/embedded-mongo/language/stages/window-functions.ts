import { isDoc, typeName } from '../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../bson/values.ts';
import { compileAccumulator, countValue, isAccumulator } from '../accumulators.ts';
import { failedToParse, storeError } from '../errors.ts';
import { compileNamed, isNullish, namedSpecs } from '../expression/arguments.ts';
import type { ExpressionEnv } from '../expression/env.ts';
import { isNumeric, toDouble, toSafeInteger } from '../numbers.ts';
import type { Sort } from '../sort.ts';
import { compileBounds, positionOf } from './window-bounds.ts';
import type { Bounds } from './window-bounds.ts';
import { MEASURES } from './window-measures.ts';
import type { WindowFunction } from './window-measures.ts';

type Compiler = (operand: Value, env: ExpressionEnv, sort: Sort | undefined, name: string) => WindowFunction;

function ranking(next: (rank: number, position: number, tied: boolean) => number): Compiler {
	return (operand, _env, sort, name) => {
		if (!isDoc(operand) || operand.size > 0)
			throw storeError(5371601, `${name} must be specified with '{}' as the value`);
		if (!sort) throw storeError(5371602, `${name} must be specified with a top level sortBy expression`);
		return (rows) => {
			let rank = 0;
			return rows.map((row, at) => {
				const before = rows[at - 1];
				const tied = before !== undefined && sort.compare(before, row) === 0;
				rank = next(rank, at + 1, tied);
				return countValue(rank);
			});
		};
	};
}

const shift: Compiler = (operand, env, sort, name) => {
	if (!sort) throw failedToParse("'$shift' requires a sortBy");
	const specs = namedSpecs(operand, name, ['output', 'by'], ['default']);
	const output = env.compile(specs.get('output') as Value, env);
	const by = toSafeInteger(specs.get('by'));
	if (by === null)
		throw failedToParse(`'$shift:by' field must be an integer, but found by: ${typeName(specs.get('by'))}`);
	const spec = specs.get('default');
	const fallback: Maybe = spec === undefined ? null : env.compile(spec, env)(new Map());
	return (rows) =>
		rows.map((_, at) => {
			const row = rows[at + by];
			return row ? (output(row) ?? null) : fallback;
		});
};

/** The last value that was not null. */
const carryForward: Compiler = (operand, env) => {
	const evaluate = env.compile(operand, env);
	return (rows) => {
		let last: Maybe = null;
		return rows.map((row) => {
			const value = evaluate(row);
			if (!isNullish(value)) last = value;
			return last;
		});
	};
};

const linearFill: Compiler = (operand, env, sort) => {
	const field = sort?.fields[0];
	if (!sort || sort.fields.length !== 1 || !field)
		throw storeError(
			605001,
			'$linearFill must be specified with a top level sortBy expression with exactly one element'
		);
	const evaluate = env.compile(operand, env);
	return (rows) => {
		const values = rows.map((row) => evaluate(row));
		const places = rows.map((row) => positionOf(sort.sortKey(row)[0]));
		let before = -1;
		return values.map((value, at) => {
			if (!isNullish(value)) {
				before = at;
				return value;
			}
			const after = values.findIndex((next, index) => index > at && !isNullish(next));
			const [left, right] = [values[before], values[after]];
			if (!isNumeric(left) || !isNumeric(right)) return null;
			const [x0, x, x1] = [places[before] ?? NaN, places[at] ?? NaN, places[after] ?? NaN];
			const [y0, y1] = [toDouble(left), toDouble(right)];
			return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
		});
	};
};

const movingAverage: Compiler = (operand, env, sort, name) => {
	if (!sort) throw failedToParse("$expMovingAvg requires an explicit 'sortBy'");
	const { input, N, alpha } = compileNamed(operand, env, name, ['input'], ['N', 'alpha']);
	const given = (N ?? alpha)?.(new Map());
	if (!isNumeric(given) || (N && alpha))
		throw failedToParse("$expMovingAvg requires exactly one of 'N' and 'alpha', a number");
	const weight = N ? 2 / (toDouble(given) + 1) : toDouble(given);
	if (!(weight > 0 && weight <= 1)) throw failedToParse("'alpha' must be between 0 and 1 (exclusive), 'N' positive");
	return (rows) => {
		let average: number | null = null;
		return rows.map((row) => {
			const value = input(row);
			if (isNumeric(value))
				average = average === null ? toDouble(value) : toDouble(value) * weight + average * (1 - weight);
			return average;
		});
	};
};

const FUNCTIONS: Record<string, Compiler> = {
	$rank: ranking((rank, position, tied) => (tied ? rank : position)),
	$denseRank: ranking((rank, _position, tied) => (tied ? rank : rank + 1)),
	$documentNumber: ranking((_rank, position) => position),
	$shift: shift,
	$locf: carryForward,
	$linearFill: linearFill,
	$expMovingAvg: movingAverage
};

/** An accumulator over each document's window; a window that only grows is summed up once. */
function accumulated(field: string, spec: Doc, bounds: Bounds, env: ExpressionEnv): WindowFunction {
	const make = compileAccumulator(field, spec, env);
	return (rows) => {
		const window = bounds(rows);
		let total = make();
		let [from, to] = [0, 0];
		return rows.map((_, at) => {
			const [start, end] = window(at);
			if (start !== from || end < to) {
				total = make();
				[from, to] = [start, start];
			}
			for (; to < end; to++) total.accept(rows[to] as Doc);
			return total.result() ?? null;
		});
	};
}

/** Compiles one output field of `$setWindowFields`. */
export function compileWindowFunction(
	field: string,
	spec: Value,
	env: ExpressionEnv,
	sort: Sort | undefined
): WindowFunction {
	if (!isDoc(spec)) throw failedToParse(`The field '${field}' must be an object`);
	const window = spec.get('window');
	const entries = [...spec].filter(([name]) => name !== 'window');
	const [name, operand] = entries[0] ?? [];
	if (name === undefined || operand === undefined || entries.length > 1)
		throw failedToParse(`Expected exactly one window function in '${field}'`);
	const compiler = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
	if (compiler) {
		if (window !== undefined) throw failedToParse(`'window' field is not allowed in ${name}`);
		return compiler(operand, env, sort, name);
	}
	const measure = Object.hasOwn(MEASURES, name) ? MEASURES[name] : undefined;
	if (measure) return measure({ operand, window, env, sort, name });
	if (!isAccumulator(name)) throw failedToParse(`Unrecognized window function, ${name}`);
	return accumulated(field, new Map([[name, operand]]), compileBounds(window, sort), env);
}
