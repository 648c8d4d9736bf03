import { dateMillis, Int32, OddNaN, T, typeOf } from '../bson/values.ts';
import type {
	BSONRegExp,
	BSONSymbol,
	Code,
	Doc,
	FarDate,
	Maybe,
	ObjectId,
	Timestamp,
	Value,
	Binary,
	CodeWithScope,
	DBPointer
} from '../bson/values.ts';
import type { Collation } from './collation.ts';
import { compareNumbers, numberKey } from './numbers.ts';
import type { Numeric } from './numbers.ts';

/** The place of each type in MongoDB's order of values; types that share a place compare with each other. */
const RANKS = new Int16Array(256);
for (const [type, rank] of [
	[T.minKey, -1],
	[T.missing, 0],
	[T.undefined, 0],
	[T.null, 5],
	[T.double, 10],
	[T.int, 10],
	[T.long, 10],
	[T.decimal, 10],
	[T.string, 15],
	[T.symbol, 15],
	[T.object, 20],
	[T.array, 25],
	[T.binData, 30],
	[T.objectId, 35],
	[T.bool, 40],
	[T.date, 45],
	[T.timestamp, 47],
	[T.regex, 50],
	[T.dbPointer, 55],
	[T.javascript, 60],
	[T.javascriptWithScope, 65],
	[T.maxKey, 127]
] as const) {
	RANKS[type] = rank;
}

/** The value's place among the types: values of different rank never compare as equal. */
export function rankOf(value: Maybe): number {
	return RANKS[typeOf(value)] ?? 0;
}

/** Strings by Unicode code point, which is the order of their UTF-8 bytes. */
export function compareStrings(a: string, b: string): number {
	if (a === b) return 0;
	const length = Math.min(a.length, b.length);
	for (let index = 0; index < length; index++) {
		const x = a.charCodeAt(index);
		const y = b.charCodeAt(index);
		if (x === y) continue;
		// Surrogates stand for code points above all other units.
		if (x >= 0xd800 && y >= 0xd800) {
			const highX = x < 0xe000;
			const highY = y < 0xe000;
			if (highX !== highY) return highX ? 1 : -1;
		}
		return x < y ? -1 : 1;
	}
	return a.length < b.length ? -1 : 1;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
	return Buffer.compare(a, b);
}

function text(value: Value): string {
	return typeof value === 'string' ? value : (value as BSONSymbol).value;
}

/**
 * MongoDB's total order over all values. A collation applies to strings only, at any depth.
 * @returns below, equal to or above zero
 */
export function compareValues(a: Maybe, b: Maybe, collation?: Collation): number {
	if (a === b) return 0;
	if (typeof a === 'string' && typeof b === 'string') return collation ? collation.compare(a, b) : compareStrings(a, b);
	if (a instanceof Int32 && b instanceof Int32) return a.value - b.value;
	const typeA = typeOf(a);
	const typeB = typeOf(b);
	const rank = RANKS[typeA] ?? 0;
	const rankB = RANKS[typeB] ?? 0;
	if (rank !== rankB) return rank < rankB ? -1 : 1;
	switch (rank) {
		case 10:
			return compareNumbers(a as Numeric, b as Numeric);
		case 15: {
			const x = text(a as Value);
			const y = text(b as Value);
			return collation ? collation.compare(x, y) : compareStrings(x, y);
		}
		case 20:
			return compareDocs(a as Doc, b as Doc, collation);
		case 25: {
			const x = a as Value[];
			const y = b as Value[];
			for (let index = 0; index < x.length && index < y.length; index++) {
				const order = compareValues(x[index], y[index], collation);
				if (order !== 0) return order;
			}
			return x.length - y.length;
		}
		case 30: {
			const x = a as Binary;
			const y = b as Binary;
			return (
				x.position - y.position ||
				x.sub_type - y.sub_type ||
				compareBytes(x.buffer.subarray(0, x.position), y.buffer.subarray(0, y.position))
			);
		}
		case 35:
			return compareBytes((a as ObjectId).id, (b as ObjectId).id);
		case 40:
			return Number(a) - Number(b);
		case 45: {
			if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
			const x = dateMillis(a as Date | FarDate);
			const y = dateMillis(b as Date | FarDate);
			return x < y ? -1 : x > y ? 1 : 0;
		}
		case 47:
			return (a as Timestamp).compare(b as Timestamp);
		case 50: {
			const x = a as BSONRegExp;
			const y = b as BSONRegExp;
			return compareStrings(x.pattern, y.pattern) || compareStrings(x.options, y.options);
		}
		case 55: {
			const x = a as DBPointer;
			const y = b as DBPointer;
			return compareStrings(x.namespace, y.namespace) || compareBytes(x.id.id, y.id.id);
		}
		case 60:
			return compareStrings((a as Code).code, (b as Code).code);
		case 65: {
			const x = a as CodeWithScope;
			const y = b as CodeWithScope;
			return compareStrings(x.code, y.code) || compareDocs(x.scope, y.scope);
		}
		default:
			return 0;
	}
}

/** Field by field: type, then name, then value. So the order of fields counts. */
function compareDocs(a: Doc, b: Doc, collation?: Collation): number {
	const left = a.entries();
	const right = b.entries();
	for (;;) {
		const x = left.next();
		const y = right.next();
		if (x.done || y.done) return x.done ? (y.done ? 0 : -1) : 1;
		const [nameA, valueA] = x.value;
		const [nameB, valueB] = y.value;
		const rankA = rankOf(valueA);
		const rankB = rankOf(valueB);
		if (rankA !== rankB) return rankA < rankB ? -1 : 1;
		const order = compareStrings(nameA, nameB) || compareValues(valueA, valueB, collation);
		if (order !== 0) return order;
	}
}

export function equalValues(a: Maybe, b: Maybe, collation?: Collation): boolean {
	return compareValues(a, b, collation) === 0;
}

/** True if both are the same to the bit: same types, same order of fields. 1 and 1.0 differ here. */
export function identicalValues(a: Maybe, b: Maybe): boolean {
	if (a === b) return a !== 0 || Object.is(a, b);
	const type = typeOf(a);
	if (type !== typeOf(b)) return false;
	if (a instanceof Map && b instanceof Map) {
		if (a.size !== b.size) return false;
		const right = b.entries();
		for (const [name, value] of a) {
			const other = right.next().value as [string, Value];
			if (name !== other[0] || !identicalValues(value, other[1])) return false;
		}
		return true;
	}
	if (Array.isArray(a) && Array.isArray(b)) {
		return a.length === b.length && a.every((item, index) => identicalValues(item, b[index]));
	}
	if (type === T.double) return Object.is(a, b) || (a instanceof OddNaN && b instanceof OddNaN && a.bits === b.bits);
	if (type === T.decimal)
		return compareBytes((a as { bytes: Uint8Array }).bytes, (b as { bytes: Uint8Array }).bytes) === 0;
	return compareValues(a, b) === 0;
}

/** A key for hashing: equal exactly for values that `compareValues` finds equal. */
export function canonicalKey(value: Maybe, collation?: Collation): string | number {
	if (typeof value === 'string') return `s${collation ? collation.fold(value) : value}`;
	switch (RANKS[typeOf(value)]) {
		case 10:
			return numberKey(value as Numeric);
		case 0:
			return 'u';
		case 5:
			return 'l';
		case 15:
			return `s${collation ? collation.fold(text(value as Value)) : text(value as Value)}`;
		case 20: {
			let key = 'o';
			for (const [name, item] of value as Doc) key += `${name.length}:${name}${nestedKey(item, collation)}`;
			return key;
		}
		case 25: {
			let key = 'a';
			for (const item of value as Value[]) key += nestedKey(item, collation);
			return key;
		}
		case 30: {
			const binary = value as Binary;
			return `b${binary.sub_type}:${Buffer.from(binary.buffer.subarray(0, binary.position)).toString('latin1')}`;
		}
		case 35:
			return `i${(value as ObjectId).toHexString()}`;
		case 40:
			return value ? 't' : 'f';
		case 45:
			return `d${value instanceof Date ? value.getTime() : (value as FarDate).millis}`;
		case 47:
			return `m${(value as Timestamp).toBigInt()}`;
		case 50:
			return `r${(value as BSONRegExp).pattern}\0${(value as BSONRegExp).options}`;
		case 55:
			return `p${(value as DBPointer).namespace}\0${(value as DBPointer).id.toHexString()}`;
		case 60:
			return `c${(value as Code).code}`;
		case 65:
			return `w${(value as CodeWithScope).code}\0${canonicalKey((value as CodeWithScope).scope)}`;
		case -1:
			return '<';
		default:
			return '>';
	}
}

/** Length-prefixed, so that neighbouring keys cannot run into each other. */
function nestedKey(value: Maybe, collation?: Collation): string {
	const key = canonicalKey(value, collation);
	return typeof key === 'number' ? `#${key};` : `${key.length}:${key}`;
}
