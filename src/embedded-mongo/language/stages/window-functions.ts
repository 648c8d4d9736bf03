import { isDoc, typeName } from '../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../bson/values.ts';
import { compileAccumulator, countValue, isAccumulator } from '../accumulators.ts';
import { failedToParse, storeError } from '../errors.ts';
import { compileNamed, isNullish, namedSpecs } from '../expression/arguments.ts';
import { addUnits, readUnit } from '../expression/calendar.ts';
import type { ExpressionEnv } from '../expression/env.ts';
import { isNumeric, toDouble, toSafeInteger } from '../numbers.ts';
import type { Sort } from '../sort.ts';

/** Computes a field for every document of one sorted partition. */
export type WindowFunction = (rows: Doc[]) => Maybe[];
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

/** A date or number as a number, for interpolation along the sort field. */
function positionOf(value: Maybe): number {
	if (value instanceof Date) return value.getTime();
	return isNumeric(value) ? toDouble(value) : NaN;
}

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

/** The first document of the window and the one after its last, for each document of a partition. */
type Bounds = (rows: Doc[]) => (at: number) => [number, number];

function documentBounds(window: Value): Bounds {
	const [low, high] = pair(window, 'documents').map((bound) => {
		if (bound === 'unbounded') return undefined;
		const offset = bound === 'current' ? 0 : toSafeInteger(bound);
		if (offset === null) throw failedToParse('Numeric document-based bounds must be an integer');
		return offset;
	});
	if (low !== undefined && high !== undefined && low > high)
		throw storeError(5339900, 'Lower bound must not exceed upper bound');
	return (rows) => (at) => [
		low === undefined ? 0 : Math.min(rows.length, Math.max(0, at + low)),
		high === undefined ? rows.length : Math.max(0, Math.min(rows.length, at + high + 1))
	];
}

function pair(window: Value, kind: string): Value[] {
	if (!Array.isArray(window) || window.length !== 2)
		throw failedToParse(`Window bounds must be a 2-element array: ${kind}`);
	return window;
}

function rangeBounds(window: Value, unit: Maybe, sort: Sort | undefined): Bounds {
	const field = sort?.fields[0];
	if (!sort || sort.fields.length !== 1 || field?.direction !== 1) {
		throw storeError(5339902, 'Range-based bounds require sortBy a single field, ascending');
	}
	const units = unit === undefined ? undefined : readUnit(unit, '$setWindowFields');
	const [low, high] = pair(window, 'range').map((bound) => {
		if (bound === 'unbounded') return undefined;
		if (bound === 'current') return 0;
		if (!isNumeric(bound)) throw failedToParse('Range-based bounds expression must be a number');
		return toDouble(bound);
	});
	const move = (place: number, by: number) => (units ? addUnits(place, units, by) : place + by);
	return (rows) => {
		const places = rows.map((row) => {
			const key = sort.sortKey(row)[0];
			if (units ? !(key instanceof Date) : !isNumeric(key)) {
				throw storeError(
					5429414,
					`Invalid range: Expected the sortBy field to be a ${units ? 'date' : 'number'}, but it was ${typeName(key)}`
				);
			}
			return positionOf(key);
		});
		return (at) => {
			const place = places[at] ?? NaN;
			const first = low === undefined ? 0 : places.findIndex((other) => other >= move(place, low));
			const past = high === undefined ? -1 : places.findIndex((other) => other > move(place, high));
			return [first < 0 ? rows.length : first, past < 0 ? rows.length : past];
		};
	};
}

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
	if (!isAccumulator(name)) throw failedToParse(`Unrecognized window function, ${name}`);
	let bounds: Bounds = (rows) => () => [0, rows.length];
	if (window !== undefined) {
		if (!isDoc(window)) throw failedToParse("'window' field must be an object");
		for (const key of window.keys()) {
			if (!['documents', 'range', 'unit'].includes(key))
				throw failedToParse(`'window' field that is not 'documents', 'range' or 'unit': ${key}`);
		}
		const [documents, range] = [window.get('documents'), window.get('range')];
		if (documents !== undefined && range !== undefined)
			throw failedToParse("Window bounds can specify either 'documents' or 'unit', not both.");
		if (documents !== undefined) {
			if (!sort && pair(documents, 'documents').some((bound) => bound !== 'unbounded'))
				throw storeError(5339901, 'Document-based bounds require a sortBy');
			bounds = documentBounds(documents);
		} else if (range !== undefined) bounds = rangeBounds(range, window.get('unit'), sort);
	}
	return accumulated(field, new Map([[name, operand]]), bounds, env);
}
