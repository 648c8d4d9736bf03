import { int32, isDoc, Long } from '../bson/values.ts';
import type { Doc, Maybe, Value } from '../bson/values.ts';
import { compareValues } from './compare.ts';
import { storeError } from './errors.ts';
import { compileNamed, namedSpecs } from './expression/arguments.ts';
import type { Eval, ExpressionEnv } from './expression/env.ts';
import { distinct, extremes, requireCount } from './expression/operators/array.ts';
import { mergeObjects } from './expression/operators/object.ts';
import { percentileArguments } from './expression/percentile.ts';
import { fitsInt } from './numbers.ts';
import { compileSort } from './sort.ts';
import { averageTotal, percentiles, standardDeviation, sumTotal } from './totals.ts';
import type { Total } from './totals.ts';

/** Gathers documents of one group or window; `result` may be asked for at any time, and more than once. */
export type Accumulator = { accept(root: Doc): void; result(): Maybe };
export type AccumulatorFactory = () => Accumulator;
type Compiler = (operand: Value, env: ExpressionEnv, name: string) => AccumulatorFactory;

export function countValue(count: number): Value {
	return fitsInt(count) ? int32(count) : Long.fromNumber(count);
}

/** An accumulator of one expression's values. */
function over(make: (env: ExpressionEnv) => Total): Compiler {
	return (operand, env, name) => {
		if (Array.isArray(operand)) throw storeError(40237, `The ${name} accumulator is a unary operator`);
		const evaluate = env.compile(operand, env);
		return () => {
			const total = make(env);
			return { accept: (root) => total.add(evaluate(root)), result: total.result };
		};
	};
}

function best(sign: 1 | -1): (env: ExpressionEnv) => Total {
	return ({ collation }) => {
		let value: Value | undefined;
		return {
			add(next) {
				if (next === undefined || next === null) return;
				if (value === undefined || compareValues(next, value, collation) * sign > 0) value = next;
			},
			result: () => value ?? null
		};
	};
}

function listed(finish: (items: Value[], env: ExpressionEnv) => Value): (env: ExpressionEnv) => Total {
	return (env) => {
		const items: Value[] = [];
		return {
			add(value) {
				if (value !== undefined) items.push(value);
			},
			result: () => finish(items, env)
		};
	};
}

/** `$firstN` and its kin: `{input, n}`. */
function nOf(pick: (items: Maybe[], count: number, env: ExpressionEnv) => Maybe[]): Compiler {
	return (operand, env, name) => {
		const { input, n } = compileNamed(operand, env, name, ['input', 'n']);
		return () => {
			const items: Maybe[] = [];
			let count: number | undefined;
			return {
				accept(root) {
					count ??= requireCount(n(root), name);
					items.push(input(root));
				},
				result: () => pick([...items], count ?? 0, env).map((item) => item ?? null)
			};
		};
	};
}

/** `$top`, `$bottom` and their `N` forms: `{sortBy, output, n?}`. */
function ranked(bottom: boolean, many: boolean): Compiler {
	return (operand, env, name) => {
		const specs = namedSpecs(operand, name, many ? ['sortBy', 'output', 'n'] : ['sortBy', 'output'], []);
		const by = specs.get('sortBy');
		if (!isDoc(by)) throw storeError(5788604, `expected 'sortBy' to be an object in ${name}`);
		const sort = compileSort(by, env.collation);
		const output = env.compile(specs.get('output') as Value, env);
		const n: Eval = many ? env.compile(specs.get('n') as Value, env) : () => int32(1);
		return () => {
			const rows: { key: Value[]; value: Value }[] = [];
			let count: number | undefined;
			return {
				accept(root) {
					count ??= requireCount(n(root), name);
					rows.push({ key: sort.sortKey(root), value: output(root) ?? null });
				},
				result() {
					const sorted = [...rows].sort((a, b) => sort.compareKeys(a.key, b.key));
					const taken = (bottom ? sorted.slice(-(count ?? 1)) : sorted.slice(0, count)).map(({ value }) => value);
					return many ? taken : (taken[0] ?? null);
				}
			};
		};
	};
}

function percentile(median: boolean): Compiler {
	return (operand, env, name) => {
		const { input, points } = percentileArguments(operand, env, name, median);
		const wanted = points(new Map());
		return () => {
			const items: Maybe[] = [];
			return {
				accept: (root) => items.push(input(root)),
				result() {
					const found = percentiles(items, wanted);
					return median ? (found[0] ?? null) : found;
				}
			};
		};
	};
}

const ACCUMULATORS: Record<string, Compiler> = {
	$sum: over(sumTotal),
	$avg: over(averageTotal),
	$min: over(best(-1)),
	$max: over(best(1)),
	$first: over(() => {
		let value: Maybe;
		let seen = false;
		return {
			add(next) {
				if (!seen) value = next;
				seen = true;
			},
			result: () => value
		};
	}),
	$last: over(() => {
		let value: Maybe;
		return { add: (next) => void (value = next), result: () => value };
	}),
	$push: over(listed((items) => [...items])),
	$addToSet: over(listed(distinct)),
	$mergeObjects: over(listed((items) => mergeObjects(items))),
	$stdDevPop: over(() => standardDeviation(false)),
	$stdDevSamp: over(() => standardDeviation(true)),
	$count(operand) {
		if (!isDoc(operand) || operand.size > 0)
			throw storeError('TypeMismatch', '$count takes no arguments, i.e. $count:{}');
		return () => {
			let count = 0;
			return { accept: () => void count++, result: () => countValue(count) };
		};
	},
	$firstN: nOf((items, count) => items.slice(0, count)),
	$lastN: nOf((items, count) => (count > 0 ? items.slice(-count) : [])),
	$maxN: nOf((items, count, env) => extremes(items, count, 1, env)),
	$minN: nOf((items, count, env) => extremes(items, count, -1, env)),
	$top: ranked(false, false),
	$topN: ranked(false, true),
	$bottom: ranked(true, false),
	$bottomN: ranked(true, true),
	$median: percentile(true),
	$percentile: percentile(false)
};

export function isAccumulator(name: string): boolean {
	return Object.hasOwn(ACCUMULATORS, name);
}

/** Compiles `{$operator: operand}` for the named output field of a `$group` or the like. */
export function compileAccumulator(field: string, spec: Value, env: ExpressionEnv): AccumulatorFactory {
	if (!isDoc(spec) || spec.size === 0) throw storeError(40234, `The field '${field}' must be an accumulator object`);
	if (spec.size !== 1) throw storeError(40238, `The field '${field}' must specify one accumulator`);
	const [name, operand] = spec.entries().next().value as [string, Value];
	const compiler = isAccumulator(name) ? ACCUMULATORS[name] : undefined;
	if (!compiler) throw storeError(15952, `unknown group operator '${name}'`);
	return compiler(operand, env, name);
}
