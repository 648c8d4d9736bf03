import { int32, isDoc, typeName } from '../../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../../bson/values.ts';
import { canonicalKey, compareValues, equalValues } from '../../compare.ts';
import { badValue, storeError } from '../../errors.ts';
import { fitsInt, isNumeric, toSafeInteger } from '../../numbers.ts';
import { show } from '../../show.ts';
import { compileSort } from '../../sort.ts';
import {
	binary,
	compileNamed,
	isNullish,
	namedSpecs,
	requireArray,
	unary,
	unaryOrNull,
	variadic
} from '../arguments.ts';

import type { ExpressionEnv, Operator, OperatorTable } from '../env.ts';

function arrayIndexArgument(value: Maybe, name: string): number {
	if (!isNumeric(value))
		throw storeError(28690, `${name}'s second argument must be a numeric value, but is ${typeName(value)}`);
	const index = toSafeInteger(value);
	if (index === null)
		throw storeError(28691, `${name}'s second argument must be representable as a 32-bit integer: ${show(value)}`);
	return index;
}

const slice: Operator = variadic(
	(values, _env, name) => {
		const [items, second, third] = values;
		if (values.some(isNullish)) return null;
		if (!Array.isArray(items))
			throw storeError(28724, `First argument to $slice must be an array, but is of type: ${typeName(items)}`);
		const whole = (value: Maybe, code: number, which: string) => {
			if (!isNumeric(value))
				throw storeError(code, `${which} argument to ${name} must be numeric, but is of type: ${typeName(value)}`);
			const number = toSafeInteger(value);
			if (number === null)
				throw storeError(
					code + 1,
					`${which} argument to ${name} can't be represented as a 32-bit integer: ${show(value)}`
				);
			return number;
		};
		const first = whole(second, 28725, 'Second');
		if (values.length === 2) return first >= 0 ? items.slice(0, first) : items.slice(first);
		const count = whole(third, 28727, 'Third');
		if (count <= 0) throw storeError(28729, `Third argument to $slice must be positive: ${count}`);
		const start = first >= 0 ? first : Math.max(0, items.length + first);
		return items.slice(start, start + count);
	},
	2,
	3
);

function arrayToObject(value: Value): Doc {
	const items = requireArray(value, 40386, '$arrayToObject requires an array input, found:');
	const made: Doc = new Map();
	for (const item of items) {
		let key: Maybe;
		let content: Maybe;
		if (Array.isArray(item)) {
			if (item.length !== 2)
				throw storeError(
					40397,
					`$arrayToObject requires an array of size 2 arrays,found array of size: ${item.length}`
				);
			[key, content] = item;
			if (typeof key !== 'string')
				throw storeError(
					40395,
					`$arrayToObject requires an array of key-value pairs, where the key must be of type string. Found key type: ${typeName(key)}`
				);
		} else if (isDoc(item)) {
			if (item.size !== 2)
				throw storeError(
					40392,
					`$arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys:${item.size}`
				);
			[key, content] = [item.get('k'), item.get('v')];
			if (key === undefined || content === undefined)
				throw storeError(
					40393,
					"$arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys from: " + show(item)
				);
			if (typeof key !== 'string')
				throw storeError(
					40394,
					`$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string. Found type: ${typeName(key)}`
				);
		} else throw storeError(40398, `Unrecognised input type format for $arrayToObject: ${typeName(item)}`);
		if (key.includes('\0')) throw storeError(4940400, 'Key field cannot contain an embedded null byte');
		made.set(key, content as Value);
	}
	return made;
}

/** As many numbers as take MongoDB's 100 MB. */
const LONGEST_RANGE = 6_250_000;

const range: Operator = variadic(
	(values) => {
		const [start, end, step] = values.map((value, index) => {
			const number = isNumeric(value) ? toSafeInteger(value) : null;
			if (number === null || !fitsInt(number)) {
				throw storeError(34443 + index * 2, `$range requires 32-bit whole numbers, found ${show(value)}`);
			}
			return number;
		}) as [number, number, number?];
		const by = step ?? 1;
		if (by === 0) throw storeError(34449, '$range requires a non-zero step value');
		if ((end - start) / by > LONGEST_RANGE) {
			throw storeError('ExceededMemoryLimit', `$range would use too much memory and cannot spill to disk`);
		}
		const made: Value[] = [];
		for (let at = start; by > 0 ? at < end : at > end; at += by) made.push(int32(at));
		return made;
	},
	2,
	3
);

const zip: Operator = (operand, env, name) => {
	const specs = namedSpecs(operand, name, ['inputs'], ['useLongestLength', 'defaults']);
	const lists = specs.get('inputs');
	if (!Array.isArray(lists)) throw storeError(34461, 'inputs must be an array of expressions');
	if (lists.length === 0) throw storeError(34465, '$zip requires at least one input array');
	const longest = specs.get('useLongestLength') === true;
	const defaults = specs.get('defaults');
	if (defaults !== undefined && !Array.isArray(defaults))
		throw storeError(34462, 'defaults must be an array of expressions');
	if (defaults && !longest) throw storeError(34466, 'cannot specify defaults unless useLongestLength is true');
	if (defaults && defaults.length !== lists.length)
		throw storeError(34467, 'defaults and inputs must have the same length');
	const inputs = lists.map((list) => env.compile(list, env));
	const fallbacks = (defaults ?? []).map((spec) => env.compile(spec, env));
	return (root) => {
		const arrays: Value[][] = [];
		for (const input of inputs) {
			const value = input(root);
			if (isNullish(value)) return null;
			if (!Array.isArray(value)) {
				throw storeError(34468, `$zip found a non-array expression in input: ${show(value)}`);
			}
			arrays.push(value);
		}
		const lengths = arrays.map((items) => items.length);
		const count = longest ? Math.max(...lengths) : Math.min(...lengths);
		const fill = fallbacks.map((fallback) => fallback(root) ?? null);
		return Array.from({ length: count }, (_, at) => arrays.map((items, index) => items[at] ?? fill[index] ?? null));
	};
};

const sortArray: Operator = (operand, env, name) => {
	const specs = namedSpecs(operand, name, ['input', 'sortBy'], []);
	const input = env.compile(specs.get('input') as Value, env);
	const by = specs.get('sortBy') as Value;
	let compare: (a: Value, b: Value) => number;
	if (isDoc(by)) {
		const sort = compileSort(by, env.collation);
		const wrap = (value: Value): Doc => (isDoc(value) ? value : new Map());
		compare = (a, b) =>
			sort.compare(wrap(a), wrap(b)) || (isDoc(a) && isDoc(b) ? 0 : compareValues(a, b, env.collation));
	} else {
		const direction = toSafeInteger(by);
		if (direction !== 1 && direction !== -1)
			throw badValue(
				'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields'
			);
		compare = (a, b) => compareValues(a, b, env.collation) * direction;
	}
	return (root) => {
		const items = input(root);
		if (isNullish(items)) return null;
		return [...requireArray(items, 2942504, 'The input argument to $sortArray must be an array, but was of type:')].sort(compare);
	};
};

/** The `n` of `$firstN` and its kin. */
export function requireCount(value: Maybe, name: string): number {
	const count = isNumeric(value) ? toSafeInteger(value) : null;
	if (count === null) throw storeError(5787902, `Value for 'n' must be of integral type, but found ${show(value)}`);
	if (count <= 0) throw storeError(5787908, `'n' must be greater than 0, found ${count} for ${name}`);
	return count;
}

function takeN(pick: (items: Value[], count: number, env: ExpressionEnv) => Value[]): Operator {
	return (operand, env, name) => {
		const { input, n } = compileNamed(operand, env, name, ['input', 'n']);
		return (root) => {
			const count = requireCount(n(root), name);
			const items = input(root);
			if (!Array.isArray(items)) throw storeError(5788200, `Input must be an array`);
			return pick(items, count, env);
		};
	};
}

/** The `count` largest (sign 1) or smallest (sign -1) values, nulls left out, best first. */
export function extremes(items: Maybe[], count: number, sign: 1 | -1, env: ExpressionEnv): Value[] {
	const real = items.filter((item): item is Value => !isNullish(item));
	return real.sort((a, b) => compareValues(b, a, env.collation) * sign).slice(0, count);
}

export const ARRAYS: OperatorTable = {
	$arrayElemAt: binary((items, at, _env, name) => {
		if (isNullish(items) || isNullish(at)) return null;
		if (!Array.isArray(items))
			throw storeError(28689, `${name}'s first argument must be an array, but is ${typeName(items)}`);
		return items.at(arrayIndexArgument(at, name));
	}),
	$first: unaryOrNull((items, _env, name) => requireArray(items, 28689, `${name}'s argument must be an array, but is`)[0]),
	$last: unaryOrNull((items, _env, name) => requireArray(items, 28689, `${name}'s argument must be an array, but is`).at(-1)),
	$firstN: takeN((items, count) => items.slice(0, count)),
	$lastN: takeN((items, count) => items.slice(-count)),
	$maxN: takeN((items, count, env) => extremes(items, count, 1, env)),
	$minN: takeN((items, count, env) => extremes(items, count, -1, env)),
	$concatArrays: variadic((values) => {
		const joined: Value[] = [];
		for (const value of values) {
			if (isNullish(value)) return null;
			if (!Array.isArray(value)) throw storeError(28664, `$concatArrays only supports arrays, not ${typeName(value)}`);
			joined.push(...value);
		}
		return joined;
	}),
	$in: binary((wanted, items, env) => {
		if (!Array.isArray(items))
			throw storeError(40081, `$in requires an array as a second argument, found: ${typeName(items)}`);
		return items.some((item) => wanted !== undefined && equalValues(item, wanted, env.collation));
	}),
	$indexOfArray: variadic(
		(values, env) => {
			const [items, wanted, from, to] = values;
			if (isNullish(items)) return null;
			if (!Array.isArray(items))
				throw storeError(40090, `$indexOfArray requires an array as a first argument, found: ${typeName(items)}`);
			const bound = (value: Maybe, fallback: number) => {
				if (value === undefined) return fallback;
				const index = toSafeInteger(value);
				if (index === null)
					throw storeError(
						40096,
						`$indexOfArray requires an integral index, found a value of type: ${typeName(value)}`
					);
				if (index < 0) throw storeError(40097, `$indexOfArray requires a nonnegative index, found: ${index}`);
				return index;
			};
			const end = Math.min(bound(to, items.length), items.length);
			for (let at = bound(from, 0); at < end; at++) if (equalValues(items[at], wanted, env.collation)) return int32(at);
			return int32(-1);
		},
		2,
		4
	),
	$isArray: unary((value) => Array.isArray(value)),
	$range: range,
	$reverseArray: unaryOrNull((items) =>
		[...requireArray(items, 34435, 'The argument to $reverseArray must be an array, but was of type:')].reverse()
	),
	$size: unary((items) =>
		int32(requireArray(items, 17124, 'The argument to $size must be an array, but was of type:').length)
	),
	$slice: slice,
	$zip: zip,
	$arrayToObject: unaryOrNull(arrayToObject),
	$objectToArray: unaryOrNull((value) => {
		if (!isDoc(value)) throw storeError(40390, `$objectToArray requires a document input, found: ${typeName(value)}`);
		return Array.from(
			value,
			([k, v]): Doc =>
				new Map<string, Value>([
					['k', k],
					['v', v]
				])
		);
	}),
	$sortArray: sortArray
};

/** Distinct values in the order of their first appearance. */
export function distinct(items: Iterable<Value>, env: ExpressionEnv): Value[] {
	const seen = new Map<string | number, Value>();
	for (const item of items) {
		const key = canonicalKey(item, env.collation);
		if (!seen.has(key)) seen.set(key, item);
	}
	return [...seen.values()];
}
