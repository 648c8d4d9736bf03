import { isDoc, typeName } from '../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../bson/values.ts';
import { canonicalKey, compareValues } from '../compare.ts';
import { failedToParse, storeError } from '../errors.ts';
import { isNullish } from '../expression/arguments.ts';
import { addUnits, readUnit } from '../expression/calendar.ts';
import type { Eval } from '../expression/env.ts';
import { fieldParts, followPath } from '../expression/fields.ts';
import { memoryMeter } from '../memory.ts';
import { isNumeric, toDouble } from '../numbers.ts';
import { compileSort } from '../sort.ts';
import type { Sort } from '../sort.ts';
import { add } from '../arithmetic.ts';
import { sliceClock, sortInSlices, TICK } from '../slices.ts';
import type { Tick } from '../slices.ts';
import type { Flow, StageCompiler, StageEnv, StageTable } from './stage.ts';
import { withPath } from './transform.ts';
import { compileWindowFunction } from './window-functions.ts';
import type { WindowFunction } from './window-measures.ts';

function checked(spec: Value, name: string, known: string[]): Doc {
	if (!isDoc(spec)) throw failedToParse(`the ${name} stage specification must be an object, found ${typeName(spec)}`);
	for (const key of spec.keys()) {
		if (!known.includes(key)) throw storeError('IDLUnknownField', `BSON field '${name}.${key}' is an unknown field.`);
	}
	return spec;
}

/** Reads all input, split by a key (in the order of the keys) and sorted within each part. */
function* partitions(
	input: Flow,
	key: Eval,
	sort: Sort | undefined,
	env: StageEnv,
	name: string
): Generator<Tick, Doc[][], void> {
	const meter = memoryMeter(env.store.memoryLimitBytes, name);
	const parts = new Map<string | number, { id: Value; rows: Doc[] }>();
	for (const doc of input) {
		if (doc === TICK) {
			yield TICK;
			continue;
		}
		meter(doc);
		const id = key(doc) ?? null;
		if (Array.isArray(id)) throw typeErrorOf(name);
		const hash = canonicalKey(id, env.expressions.collation);
		const part = parts.get(hash);
		if (part) part.rows.push(doc);
		else parts.set(hash, { id, rows: [doc] });
	}
	const ordered = [...parts.values()].sort((a, b) => compareValues(a.id, b.id, env.expressions.collation));
	if (sort) for (const { rows } of ordered) yield* sortInSlices(rows, sort.compare);
	return ordered.map(({ rows }) => rows);
}

function typeErrorOf(name: string): Error {
	return storeError(
		'TypeMismatch',
		`An expression used to partition cannot evaluate to value of type array in ${name}`
	);
}

function sortOf(spec: Maybe, env: StageEnv, name: string): Sort | undefined {
	if (spec === undefined) return undefined;
	if (!isDoc(spec)) throw failedToParse(`${name} 'sortBy' must be an object`);
	return compileSort(spec, env.expressions.collation);
}

const setWindowFields: StageCompiler = (input, env, name) => {
	const spec = checked(input, name, ['partitionBy', 'sortBy', 'output']);
	const output = spec.get('output');
	if (!isDoc(output))
		throw storeError('IDLFailedToParse', "BSON field '$setWindowFields.output' is missing but a required field");
	const by = spec.get('partitionBy');
	const key: Eval = by === undefined ? () => null : env.expressions.compile(by, env.expressions);
	const sort = sortOf(spec.get('sortBy'), env, name);
	const fields = Array.from(output, ([field, function_]): [string[], WindowFunction] => [
		fieldParts(field),
		compileWindowFunction(field, function_, env.expressions, sort)
	]);
	return function* (docs) {
		const over = sliceClock();
		for (const rows of yield* partitions(docs, key, sort, env, name)) {
			const columns = fields.map(([parts, compute]): [string[], Maybe[]] => [parts, compute(rows)]);
			for (const [at, row] of rows.entries()) {
				if (over()) yield TICK;
				yield columns.reduce((made, [parts, values]) => withPath(made, parts, values[at]), row);
			}
		}
	};
};

/** The key of `partitionBy` or `partitionByFields`. */
function partitionKey(spec: Doc, env: StageEnv, name: string): Eval {
	const by = spec.get('partitionBy');
	const fields = spec.get('partitionByFields');
	if (by !== undefined && fields !== undefined)
		throw storeError(6050204, "Maximum one of 'partitionBy' and 'partitionByFields' can be specified");
	if (by !== undefined) return env.expressions.compile(by, env.expressions);
	if (fields === undefined) return () => null;
	if (!Array.isArray(fields)) throw failedToParse(`${name} 'partitionByFields' must be an array of strings`);
	const paths = fields.map((field) => {
		if (typeof field !== 'string') throw failedToParse(`${name} 'partitionByFields' must be an array of strings`);
		return { field, parts: fieldParts(field) };
	});
	return (doc) => new Map(paths.map(({ field, parts }): [string, Value] => [field, followPath(doc, parts) ?? null]));
}

const fill: StageCompiler = (input, env, name) => {
	const spec = checked(input, name, ['partitionBy', 'partitionByFields', 'sortBy', 'output']);
	const output = spec.get('output');
	if (!isDoc(output) || output.size === 0) throw failedToParse("$fill needs 'output' to be a non-empty object");
	const key = partitionKey(spec, env, name);
	const sort = sortOf(spec.get('sortBy'), env, name);
	const fields = Array.from(output, ([field, how]): [string[], WindowFunction] => {
		if (!isDoc(how) || how.size !== 1) throw failedToParse(`$fill output '${field}' needs either 'value' or 'method'`);
		const [value, method] = [how.get('value'), how.get('method')];
		const parts = fieldParts(field);
		if (value !== undefined) {
			const evaluate = env.expressions.compile(value, env.expressions);
			return [parts, (rows) => rows.map((row) => nonNull(followPath(row, parts)) ?? evaluate(row))];
		}
		const functions: Record<string, string> = { locf: '$locf', linear: '$linearFill' };
		const chosen = typeof method === 'string' && Object.hasOwn(functions, method) ? functions[method] : undefined;
		if (chosen === undefined) throw storeError(6050202, 'Method must be either locf or linear');
		if (!sort) throw storeError(6050203, "'sortBy' must be specified with the fill methods");
		return [parts, compileWindowFunction(field, new Map([[chosen, `$${field}`]]), env.expressions, sort)];
	});
	return function* (docs) {
		const over = sliceClock();
		for (const rows of yield* partitions(docs, key, sort, env, name)) {
			const columns = fields.map(([parts, compute]): [string[], Maybe[]] => [parts, compute(rows)]);
			for (const [at, row] of rows.entries()) {
				if (over()) yield TICK;
				yield columns.reduce((made, [parts, values]) => withPath(made, parts, values[at]), row);
			}
		}
	};
};

function nonNull(value: Maybe): Maybe {
	return isNullish(value) ? undefined : value;
}

/** More documents than this no `$densify` may add. */
const MOST_DENSIFIED = 500_000;

const densify: StageCompiler = (input, env, name) => {
	const spec = checked(input, name, ['field', 'partitionByFields', 'range']);
	const field = spec.get('field');
	const range = spec.get('range');
	if (typeof field !== 'string') throw failedToParse("$densify needs 'field' to be a string");
	if (!isDoc(range)) throw failedToParse("$densify needs 'range' to be an object");
	const [step, unit, bounds] = [range.get('step'), range.get('unit'), range.get('bounds')];
	if (!isNumeric(step) || !(toDouble(step) > 0))
		throw storeError(5733401, "the 'step' parameter in a range statement must be a strictly positive numeric value");
	const units = unit === undefined ? undefined : readUnit(unit, name);
	const explicit = Array.isArray(bounds) && bounds.length === 2;
	if (!explicit && bounds !== 'full' && bounds !== 'partition')
		throw storeError(5733402, "the bounds in a range statement must be 'full', 'partition' or an array of two values");
	const key = partitionKey(spec, env, name);
	const parts = fieldParts(field);
	const next = (from: Value): Value => {
		if (units) return new Date(addUnits((from as Date).getTime(), units, toDouble(step)));
		return isNumeric(from) ? (add(from, step, 'double') as Value) : from;
	};
	const groupFields = spec.get('partitionByFields');
	return function* (docs) {
		let made = 0;
		const added = (template: Doc, value: Value): Doc => {
			if (++made > MOST_DENSIFIED) {
				throw storeError(
					5897900,
					`Generated ${made} documents in $densify, which is over the limit of ${MOST_DENSIFIED}.`
				);
			}
			return withPath(template, parts, value);
		};
		const sort = compileSort(new Map<string, Value>([[field, 1]]));
		const all = yield* partitions(docs, key, sort, env, name);
		const known = (rows: Doc[]) =>
			rows.map((row) => followPath(row, parts)).filter((value): value is Value => !isNullish(value));
		const everything = all.flatMap(known).sort((a, b) => compareValues(a, b));
		for (const rows of all) {
			const own = bounds === 'full' ? everything : known(rows);
			for (const value of own) {
				if (units ? !(value instanceof Date) : !isNumeric(value)) {
					throw storeError(
						5733201,
						value instanceof Date || isNumeric(value)
							? `$densify field type must be ${units ? 'a date' : 'numeric'}, but found ${typeName(value)}`
							: 'Densify field type must be numeric or a date'
					);
				}
			}
			const [low, high] = explicit ? (bounds as [Value, Value]) : [own[0], own.at(-1)];
			const template = partitionTemplate(rows[0], groupFields);
			let due: Maybe = low;
			for (const row of rows) {
				const value = followPath(row, parts);
				if (!isNullish(value)) {
					for (
						;
						due !== undefined && high !== undefined && compareValues(due, value) < 0 && compareValues(due, high) < 0;
						due = next(due)
					) {
						yield added(template, due);
					}
					if (due !== undefined && compareValues(due, value) === 0) due = next(due);
				}
				yield row;
			}
			for (; due !== undefined && high !== undefined; due = next(due)) {
				const order = compareValues(due, high);
				// Explicit bounds leave their upper end out, the others reach it.
				if (order > 0 || (order === 0 && explicit)) break;
				yield added(template, due);
			}
		}
	};
};

function partitionTemplate(row: Doc | undefined, fields: Maybe): Doc {
	let made: Doc = new Map();
	for (const field of Array.isArray(fields) ? fields : []) {
		const parts = fieldParts(String(field));
		const value = row ? followPath(row, parts) : undefined;
		if (value !== undefined) made = withPath(made, parts, value);
	}
	return made;
}

export const WINDOWS: StageTable = {
	$setWindowFields: setWindowFields,
	$fill: fill,
	$densify: densify
};
