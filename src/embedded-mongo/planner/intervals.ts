/** From predicates to intervals of encoded values: a superset of what the predicate accepts, often exactly that. */
import { BSONRegExp, MaxKey, MinKey, T, typeOf, UNDEFINED } from '../bson/values.ts';
import type { Value } from '../bson/values.ts';
import { isNumeric, toDouble } from '../language/numbers.ts';
import type { PathNode } from '../language/filter.ts';
import { show } from '../language/show.ts';
import { encodePart, typeByte } from '../indexes/key-encoding.ts';
import { after } from '../storage/keys.ts';

/** A stretch of values of one field, as ascending encoded parts or beginnings of them. */
export interface Interval {
	low: Buffer;
	lowIn: boolean;
	high: Buffer;
	highIn: boolean;
	/** Exactly one value. */
	point: boolean;
	/** MongoDB's notation; only explain asks for it. */
	shown: () => string;
}

export interface Bounds {
	/** Ascending and apart from each other. */
	intervals: Interval[];
	/** Every value inside, and no other, satisfies the predicate (as long as no array is involved). */
	exact: boolean;
	/** Holds for the elements of arrays too: single values that are not arrays or null. */
	exactInArrays: boolean;
}

const LOWEST = Buffer.of(0x00);
const HIGHEST = Buffer.of(0xff);

export const EVERYTHING: Interval = {
	low: LOWEST,
	lowIn: true,
	high: HIGHEST,
	highIn: false,
	point: false,
	shown: () => '[MinKey, MaxKey]'
};

function pointOf(value: Value): Interval {
	const part = encodePart(value, 1);
	return { low: part, lowIn: true, high: part, highIn: true, point: true, shown: () => `[${show(value)}, ${show(value)}]` };
}

/** All values of the type bracket of a value. */
function bracket(value: Value): Interval {
	const byte = typeByte(value);
	return {
		low: Buffer.of(byte),
		lowIn: true,
		high: Buffer.of(byte + 1),
		highIn: false,
		point: false,
		shown: () => `[all of type ${show(value)}]`
	};
}

/** Missing, null and the undefined that stands for an empty array. */
function nullish(): Interval {
	return {
		low: encodePart(UNDEFINED, 1),
		lowIn: true,
		high: encodePart(null, 1),
		highIn: true,
		point: false,
		shown: () => '[undefined, null]'
	};
}

function startOf(interval: Interval): Buffer {
	return interval.lowIn ? interval.low : after(interval.low);
}
function endOf(interval: Interval): Buffer {
	return interval.highIn ? after(interval.high) : interval.high;
}

/** Single values in order, each once; no value's encoding is the beginning of another's, so they never touch. */
function distinct(points: Interval[]): Interval[] {
	const sorted = [...points].sort((a, b) => a.low.compare(b.low));
	return sorted.filter(({ low }, i) => i === 0 || !low.equals((sorted[i - 1] as Interval).low));
}

/** Sorts and joins intervals that touch. */
export function union(intervals: Interval[]): Interval[] {
	if (intervals.length <= 1) return intervals;
	if (intervals.every(({ point }) => point)) return distinct(intervals);
	const sorted = [...intervals].sort((a, b) => startOf(a).compare(startOf(b)) || endOf(a).compare(endOf(b)));
	const joined: Interval[] = [];
	for (const next of sorted) {
		const last = joined.at(-1);
		if (!last || endOf(last).compare(startOf(next)) <= 0) {
			joined.push(next);
			continue;
		}
		if (endOf(next).compare(endOf(last)) > 0) {
			joined[joined.length - 1] = {
				...last,
				high: next.high,
				highIn: next.highIn,
				point: false,
				shown: () => `${last.shown()} ∪ ${next.shown()}`
			};
		}
	}
	return joined;
}

/** The beginning of one interval and the end of another. */
function joinShown(low: string, high: string): string {
	const [from = ''] = low.split(', ', 1);
	return `${from}, ${high.slice(high.indexOf(', ') + 2)}`;
}

function intersectTwo(a: Interval, b: Interval): Interval | undefined {
	if (a.point && b.point) return a.low.equals(b.low) ? a : undefined;
	const low = startOf(a).compare(startOf(b)) >= 0 ? a : b;
	const high = endOf(a).compare(endOf(b)) <= 0 ? a : b;
	if (startOf(low).compare(endOf(high)) >= 0) return undefined;
	if (low === high) return low;
	return {
		low: low.low,
		lowIn: low.lowIn,
		high: high.high,
		highIn: high.highIn,
		point: false,
		shown: () => joinShown(low.shown(), high.shown())
	};
}

export function intersect(a: Interval[], b: Interval[]): Interval[] {
	const both: Interval[] = [];
	for (const x of a) {
		for (const y of b) {
			const common = intersectTwo(x, y);
			if (common) both.push(common);
		}
	}
	return union(both);
}

function equality(value: Value): Bounds {
	if (value === null) return { intervals: [nullish()], exact: false, exactInArrays: false };
	if (Array.isArray(value)) {
		// The array itself may be an element; as a whole it is indexed by its elements.
		const first = value.length > 0 ? (value[0] as Value) : UNDEFINED;
		return {
			intervals: union([pointOf(value), Array.isArray(first) || first === null ? EVERYTHING : pointOf(first)]),
			exact: false,
			exactInArrays: false
		};
	}
	return { intervals: [pointOf(value)], exact: true, exactInArrays: true };
}

function range(operator: string, value: Value): Bounds {
	const inclusive = operator === '$gte' || operator === '$lte';
	const upward = operator === '$gt' || operator === '$gte';
	if (value === null) return { intervals: inclusive ? [nullish()] : [], exact: false, exactInArrays: false };
	if (value instanceof MinKey || value instanceof MaxKey || Array.isArray(value)) {
		return { intervals: [EVERYTHING], exact: false, exactInArrays: false };
	}
	if (isNumeric(value) && Number.isNaN(toDouble(value))) {
		return { intervals: [bracket(value)], exact: false, exactInArrays: false };
	}
	const part = encodePart(value, 1);
	const whole = bracket(value);
	const shownOpen = upward ? (inclusive ? '[' : '(') : inclusive ? ']' : ')';
	if (upward) {
		const shown = (): string => `${shownOpen}${show(value)}, ${END[typeOf(value)] ?? 'end of type'})`;
		const interval = { ...whole, low: part, lowIn: inclusive, shown };
		return { intervals: [interval], exact: true, exactInArrays: true };
	}
	const interval: Interval = {
		...whole,
		high: part,
		highIn: inclusive,
		shown: () => `${START[typeOf(value)] ?? '[start of type'}, ${show(value)}${shownOpen}`
	};
	if (isNumeric(value)) {
		// NaN sorts below all numbers, but is not less than any.
		interval.low = encodePart(NaN, 1);
		interval.lowIn = false;
	}
	return { intervals: [interval], exact: true, exactInArrays: true };
}

const END: Record<number, string> = { [T.double]: 'inf.0', [T.int]: 'inf.0', [T.long]: 'inf.0', [T.decimal]: 'inf.0', [T.string]: '{}' };
const START: Record<number, string> = { [T.double]: '[-inf.0', [T.int]: '[-inf.0', [T.long]: '[-inf.0', [T.decimal]: '[-inf.0', [T.string]: '[""' };

/** The text every match of a pattern must begin with; empty if that can't be told. */
export function literalPrefix(pattern: string, options: string): string {
	if (/[imx]/.test(options) || !pattern.startsWith('^') || pattern.includes('|')) return '';
	let prefix = '';
	let i = 1;
	while (i < pattern.length) {
		const char = pattern[i] as string;
		let literal = char;
		let next = i + 1;
		if (char === '\\') {
			const escaped = pattern[i + 1];
			if (escaped === undefined || /[a-zA-Z0-9]/.test(escaped)) break;
			literal = escaped;
			next = i + 2;
		} else if (/[.*+?()[\]{}^$|]/.test(char)) break;
		// A character that may be repeated or left out is not certain.
		if (/[*?{+]/.test(pattern[next] ?? '')) break;
		prefix += literal;
		i = next;
	}
	// Never cut a surrogate pair in two.
	return /[\ud800-\udbff]$/.test(prefix) ? prefix.slice(0, -1) : prefix;
}

function pattern(regex: BSONRegExp): Bounds {
	const prefix = literalPrefix(regex.pattern, regex.options);
	const strings = bracket('');
	if (prefix !== '') {
		const part = encodePart(prefix, 1);
		const beginning = part.subarray(0, part.length - 1);
		strings.low = beginning;
		strings.high = after(beginning);
		strings.shown = () => `["${prefix}", after "${prefix}")`;
	}
	return { intervals: union([strings, bracket(regex)]), exact: false, exactInArrays: false };
}

/** The bounds a predicate puts on an indexed field, or nothing if it puts none. */
export function boundsOf(node: PathNode): Bounds | undefined {
	const { operator, operand } = node;
	switch (operator) {
		case '$eq':
			return equality(operand);
		case '$gt':
		case '$gte':
		case '$lt':
		case '$lte':
			return range(operator, operand);
		case '$in': {
			const each = (operand as Value[]).map((item) => (item instanceof BSONRegExp ? pattern(item) : equality(item)));
			return {
				intervals: union(each.flatMap((bounds) => bounds.intervals)),
				exact: each.every((bounds) => bounds.exact),
				exactInArrays: each.every((bounds) => bounds.exactInArrays)
			};
		}
		case '$regex':
			return operand instanceof BSONRegExp ? pattern(operand) : undefined;
		default:
			return undefined;
	}
}

export const NULL_BOUNDS: Bounds = { intervals: [nullish()], exact: false, exactInArrays: false };
