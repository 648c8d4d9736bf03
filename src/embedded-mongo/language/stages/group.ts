import { isDoc, typeName } from '../../bson/values.ts';
import type { Doc, Value } from '../../bson/values.ts';
import { compileAccumulator } from '../accumulators.ts';
import type { Accumulator, AccumulatorFactory } from '../accumulators.ts';
import { canonicalKey, compareValues, rankOf } from '../compare.ts';
import { storeError } from '../errors.ts';
import type { Eval, ExpressionEnv } from '../expression/env.ts';
import { memoryMeter } from '../memory.ts';
import { show } from '../show.ts';
import { sliceClock, TICK } from '../slices.ts';
import { compileSortStage } from './sort.ts';
import type { Stage, StageCompiler, StageEnv, StageTable } from './stage.ts';

type Output = { field: string; make: AccumulatorFactory };

function compileOutput(fields: Iterable<[string, Value]>, env: ExpressionEnv): Output[] {
	return Array.from(fields, ([field, spec]) => {
		if (field.includes('.')) throw storeError(40235, `The field name '${field}' cannot contain '.'`);
		if (field.startsWith('$')) throw storeError(40236, `The field name '${field}' cannot be an operator name`);
		return { field, make: compileAccumulator(field, spec, env) };
	});
}

const COUNT: Doc = new Map<string, Value>([['count', new Map<string, Value>([['$count', new Map()]])]]);

type Group = { id: Value; totals: Accumulator[] };

/** Groups by a key expression; a missing key counts as null. Groups come in the order of their first document. */
function groupBy(key: Eval, output: Output[], env: StageEnv): Stage {
	const collation = env.expressions.collation;
	return function* (input) {
		const meter = memoryMeter(env.store.memoryLimitBytes, '$group');
		const hoards = env.store.memoryLimitBytes !== undefined;
		const groups = new Map<string | number, Group>();
		const over = sliceClock();
		for (const doc of input) {
			if (doc === TICK || over()) yield TICK;
			if (doc === TICK) continue;
			const id = key(doc) ?? null;
			const hash = canonicalKey(id, collation);
			let group = groups.get(hash);
			if (!group) {
				group = { id, totals: output.map(({ make }) => make()) };
				groups.set(hash, group);
				if (hoards) meter(id);
			}
			for (const total of group.totals) total.accept(doc);
			if (hoards && output.length > 0) meterOutput(doc, output, meter);
		}
		for (const { id, totals } of groups.values()) {
			if (over()) yield TICK;
			const made: Doc = new Map([['_id', id]]);
			totals.forEach((total, index) => made.set((output[index] as Output).field, total.result() ?? null));
			yield made;
		}
	};
}

/** Counts a document towards memory where an accumulator may keep what it sees. */
function meterOutput(doc: Doc, output: Output[], meter: (value: Value) => void): void {
	if (output.some(({ make }) => HOARDERS.has(make))) meter(doc);
}

/** Accumulators that keep their input rather than a running total. */
const HOARDERS = new WeakSet<AccumulatorFactory>();
const HOARDING = /^\$(push|addToSet|mergeObjects|.*N|top|bottom|median|percentile)$/;

function markHoarders(output: Output[], specs: Iterable<[string, Value]>): void {
	const bySpec = new Map(specs);
	for (const { field, make } of output) {
		const spec = bySpec.get(field);
		if (isDoc(spec) && HOARDING.test(spec.keys().next().value ?? '')) HOARDERS.add(make);
	}
}

const group: StageCompiler = (spec, env) => {
	if (!isDoc(spec)) throw storeError(15947, "a group's fields must be specified in an object");
	const id = spec.get('_id');
	if (id === undefined) throw storeError(15955, 'a group specification must include an _id');
	const fields = [...spec].filter(([field]) => field !== '_id');
	const output = compileOutput(fields, env.expressions);
	markHoarders(output, fields);
	return groupBy(env.expressions.compile(id, env.expressions), output, env);
};

const sortByCount: StageCompiler = (spec, env) => {
	const valid =
		(isDoc(spec) && spec.keys().next().value?.startsWith('$')) || (typeof spec === 'string' && spec.startsWith('$'));
	if (!valid) {
		throw storeError(
			typeof spec === 'string' ? 40148 : isDoc(spec) ? 40147 : 40149,
			'the sortByCount field must be specified as a $-prefixed path or an expression object'
		);
	}
	const grouped = groupBy(env.expressions.compile(spec, env.expressions), compileOutput(COUNT, env.expressions), env);
	const sorted = compileSortStage(new Map<string, Value>([['count', -1]]), env);
	return (input) => sorted(grouped(input));
};

export function compileCounted(fields: Value | undefined, env: ExpressionEnv): Output[] {
	if (fields === undefined) return compileOutput(COUNT, env);
	if (!isDoc(fields))
		throw storeError(40196, `The $bucket 'output' field must be an object, but found type: ${typeName(fields)}`);
	return compileOutput(fields, env);
}

export function groupByExpression(spec: Value | undefined, env: ExpressionEnv, name: string): Eval {
	if (spec === undefined)
		throw storeError(name === '$bucket' ? 40198 : 40246, `${name} requires 'groupBy' to be specified`);
	const valid = (typeof spec === 'string' && spec.startsWith('$')) || isDoc(spec);
	if (!valid)
		throw storeError(
			name === '$bucket' ? 40202 : 40239,
			`The ${name} 'groupBy' field must be defined as a $-prefixed path or an expression object, but found: ${show(spec)}`
		);
	return env.compile(spec, env);
}

const bucket: StageCompiler = (spec, env) => {
	if (!isDoc(spec))
		throw storeError(40201, `Argument to $bucket stage must be an object, but found type: ${typeName(spec)}`);
	for (const key of spec.keys()) {
		if (!['groupBy', 'boundaries', 'default', 'output'].includes(key))
			throw storeError(40197, `Unrecognized option to $bucket: ${key}`);
	}
	const { expressions } = env;
	const key = groupByExpression(spec.get('groupBy'), expressions, '$bucket');
	const list = spec.get('boundaries');
	if (list === undefined) throw storeError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
	if (!Array.isArray(list))
		throw storeError(40200, `The $bucket 'boundaries' field must be an array, but found type: ${typeName(list)}`);
	if (list.length < 2)
		throw storeError(
			40192,
			`The $bucket 'boundaries' field must have at least 2 values, but found ${list.length} value(s).`
		);
	const boundaries = list.map((item) => expressions.compile(item, expressions)(new Map()) ?? null);
	const compare = (a: Value, b: Value) => compareValues(a, b, expressions.collation);
	boundaries.slice(1).forEach((item, index) => {
		const before = boundaries[index] as Value;
		if (rankOf(before) !== rankOf(item))
			throw storeError(40193, `All values in the the 'boundaries' option to $bucket must have the same type.`);
		if (compare(before, item) >= 0)
			throw storeError(40194, `The 'boundaries' option to $bucket must be sorted in ascending order.`);
	});
	const given = spec.get('default');
	const fallback = given === undefined ? undefined : expressions.compile(given, expressions)(new Map());
	const [low, high] = [boundaries[0] as Value, boundaries.at(-1) as Value];
	if (
		fallback !== undefined &&
		rankOf(fallback) === rankOf(low) &&
		compare(fallback, low) >= 0 &&
		compare(fallback, high) < 0
	) {
		throw storeError(
			40199,
			"The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary."
		);
	}
	const place: Eval = (doc) => {
		const value = key(doc) ?? null;
		if (compare(value, low) >= 0 && compare(value, high) < 0) {
			return boundaries.findLast((boundary) => compare(boundary, value) <= 0);
		}
		if (fallback === undefined) {
			throw storeError(40066, '$switch could not find a matching branch for an input, and no default was specified.');
		}
		return fallback;
	};
	const grouped = groupBy(place, compileCounted(spec.get('output'), expressions), env);
	const sorted = compileSortStage(new Map<string, Value>([['_id', 1]]), env);
	return (input) => sorted(grouped(input));
};

export const GROUPS: StageTable = {
	$group: group,
	$sortByCount: sortByCount,
	$bucket: bucket
};
