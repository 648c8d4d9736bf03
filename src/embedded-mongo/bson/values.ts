import {
	Binary,
	BSONRegExp,
	BSONSymbol,
	Code,
	Decimal128,
	Int32,
	Long,
	MaxKey,
	MinKey,
	ObjectId,
	Timestamp
} from 'bson';

/** An ordered document. A Map, because plain objects reorder integer-like keys and treat `__proto__` as special. */
export type Doc = Map<string, Value>;

/** A date outside the range of JavaScript's `Date`, in milliseconds since the epoch. */
export class FarDate {
	readonly millis: bigint;
	constructor(millis: bigint) {
		this.millis = millis;
	}
}

/** A NaN whose bits are not the canonical ones; kept so that it can be written back unchanged. */
export class OddNaN {
	readonly bits: bigint;
	constructor(bits: bigint) {
		this.bits = bits;
	}
}

/** The deprecated BSON type 0x0C. */
export class DBPointer {
	readonly namespace: string;
	readonly id: ObjectId;
	constructor(namespace: string, id: ObjectId) {
		this.namespace = namespace;
		this.id = id;
	}
}

/** JavaScript code with its scope, BSON type 0x0F. */
export class CodeWithScope {
	readonly code: string;
	readonly scope: Doc;
	constructor(code: string, scope: Doc) {
		this.code = code;
		this.scope = scope;
	}
}

/** The deprecated BSON type 0x06. JavaScript's own `undefined` stands for a field that is missing. */
export class BSONUndefined {
	readonly _bsontype = 'Undefined';
}
export const UNDEFINED = new BSONUndefined();

/**
 * Any BSON value. JavaScript numbers are BSON doubles; `Int32`, `Long` and `Decimal128` keep their own classes.
 * Values are never changed in place.
 */
export type Value =
	| number
	| string
	| boolean
	| null
	| Doc
	| Value[]
	| Int32
	| Long
	| Decimal128
	| ObjectId
	| Binary
	| Date
	| FarDate
	| OddNaN
	| Timestamp
	| BSONRegExp
	| Code
	| CodeWithScope
	| BSONSymbol
	| DBPointer
	| MinKey
	| MaxKey
	| BSONUndefined;

/** A value, or `undefined` where a path leads nowhere. */
export type Maybe = Value | undefined;

/** BSON type codes; `missing` is 0. */
export const T = {
	missing: 0,
	double: 1,
	string: 2,
	object: 3,
	array: 4,
	binData: 5,
	undefined: 6,
	objectId: 7,
	bool: 8,
	date: 9,
	null: 10,
	regex: 11,
	dbPointer: 12,
	javascript: 13,
	symbol: 14,
	javascriptWithScope: 15,
	int: 16,
	timestamp: 17,
	long: 18,
	decimal: 19,
	maxKey: 127,
	minKey: 255
} as const;

/** The names `$type` uses, by type code. */
export const TYPE_NAMES: Record<number, string> = Object.fromEntries(
	Object.entries(T).map(([name, code]) => [code, name])
);

const CLASS_TYPES: Record<string, number> = {
	Int32: T.int,
	Long: T.long,
	Decimal128: T.decimal,
	ObjectId: T.objectId,
	Binary: T.binData,
	Timestamp: T.timestamp,
	BSONRegExp: T.regex,
	Code: T.javascript,
	BSONSymbol: T.symbol,
	MinKey: T.minKey,
	MaxKey: T.maxKey,
	Undefined: T.undefined
};

/** The BSON type code of a value; 0 for a missing one. */
export function typeOf(value: Maybe): number {
	switch (typeof value) {
		case 'string':
			return T.string;
		case 'number':
			return T.double;
		case 'boolean':
			return T.bool;
		case 'undefined':
			return T.missing;
	}
	if (value === null) return T.null;
	if (value instanceof Map) return T.object;
	if (value instanceof Int32) return T.int;
	if (value instanceof Date) return T.date;
	if (Array.isArray(value)) return T.array;
	const known = CLASS_TYPES[(value as { _bsontype?: string })._bsontype ?? ''];
	if (known !== undefined) return known;
	if (value instanceof FarDate) return T.date;
	if (value instanceof OddNaN) return T.double;
	if (value instanceof CodeWithScope) return T.javascriptWithScope;
	if (value instanceof DBPointer) return T.dbPointer;
	throw new TypeError(`Not a BSON value: ${Object.prototype.toString.call(value)}`);
}

/** Whether a value is a 64-bit integer; a `Timestamp` is a `Long` too in the bson package, but no number. */
export function isLong(value: Maybe): value is Long {
	return value instanceof Long && !(value instanceof Timestamp);
}

export function typeName(value: Maybe): string {
	return TYPE_NAMES[typeOf(value)] ?? 'missing';
}

export function isDoc(value: unknown): value is Doc {
	return value instanceof Map;
}

/** Int32 instances are immutable here, so the small ones are shared. */
const SMALL_INTS = Array.from({ length: 1280 }, (_, index) => new Int32(index - 256));

export function int32(value: number): Int32 {
	return SMALL_INTS[value + 256] ?? new Int32(value);
}

/** A regular expression with its options as given; the bson constructor would refuse or reorder some. */
export function regex(pattern: string, options: string): BSONRegExp {
	const made = Object.create(BSONRegExp.prototype) as { pattern: string; options: string };
	made.pattern = pattern;
	made.options = options;
	return made as BSONRegExp;
}

/** A date from milliseconds, as a `Date` where JavaScript can hold it. */
export function dateFromMillis(millis: bigint): Date | FarDate {
	return millis >= -8640000000000000n && millis <= 8640000000000000n ? new Date(Number(millis)) : new FarDate(millis);
}

export function dateMillis(date: Date | FarDate): bigint {
	return date instanceof FarDate ? date.millis : BigInt(date.getTime());
}

export { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp };

/** A UUID as it is usually written, `01234567-89ab-…`. */
export function uuidText(value: Binary): string {
	const hex = Buffer.from(value.buffer.subarray(0, 16)).toString('hex');
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
