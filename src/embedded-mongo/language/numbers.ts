import {
	compareDecimals,
	decimalFromBigInt,
	decimalFromDouble,
	decimalToDouble,
	exactFromDouble,
	isZero,
	readDecimal
} from '../bson/decimal.ts';
import type { Decimal } from '../bson/decimal.ts';
import { Decimal128, int32, Int32, isLong, Long, OddNaN } from '../bson/values.ts';
import type { Maybe } from '../bson/values.ts';

export type Numeric = number | Int32 | Long | Decimal128 | OddNaN;

export function isNumeric(value: Maybe): value is Numeric {
	if (typeof value === 'number') return true;
	if (typeof value !== 'object' || value === null) return false;
	return value instanceof Int32 || isLong(value) || value instanceof Decimal128 || value instanceof OddNaN;
}

/** The nearest double. */
export function toDouble(value: Numeric): number {
	if (typeof value === 'number') return value;
	if (value instanceof Int32) return value.value;
	if (value instanceof Long) return value.toNumber();
	return value instanceof OddNaN ? NaN : decimalToDouble(readDecimal(value));
}

/** Whether a number is zero; a decimal may be too small for a double without being so. */
export function isZeroNumber(value: Numeric): boolean {
	return value instanceof Decimal128 ? isZero(readDecimal(value)) : toDouble(value) === 0;
}

export function toDecimal(value: Numeric): Decimal {
	if (value instanceof Decimal128) return readDecimal(value);
	if (value instanceof Long) return decimalFromBigInt(value.toBigInt());
	return decimalFromDouble(toDouble(value));
}

function toExact(value: Numeric): Decimal {
	return value instanceof Decimal128 || value instanceof Long ? toDecimal(value) : exactFromDouble(toDouble(value));
}

/** The value as a whole number, or `null` if it has a fraction or is not finite. */
export function toWhole(value: Numeric): bigint | null {
	if (value instanceof Long) return value.toBigInt();
	if (value instanceof Decimal128) {
		const decimal = readDecimal(value);
		if (typeof decimal === 'string' || decimal.exponent > 40) return null;
		const magnitude = decimal.negative ? -decimal.coefficient : decimal.coefficient;
		if (decimal.exponent >= 0) return magnitude * 10n ** BigInt(decimal.exponent);
		const divisor = 10n ** BigInt(-decimal.exponent);
		return magnitude % divisor === 0n ? magnitude / divisor : null;
	}
	const number = toDouble(value);
	return Number.isInteger(number) ? BigInt(number) : null;
}

/** A whole number that a JavaScript number holds exactly, or `null`. */
export function toSafeInteger(value: Maybe): number | null {
	if (!isNumeric(value)) return null;
	if (value instanceof Int32) return value.value;
	const whole = toWhole(value);
	return whole !== null && whole >= -(2n ** 53n) && whole <= 2n ** 53n ? Number(whole) : null;
}

/** Exact comparison over all numeric types; NaN is below every number and equals itself. */
export function compareNumbers(a: Numeric, b: Numeric): number {
	const wide = a instanceof Long || a instanceof Decimal128 || b instanceof Long || b instanceof Decimal128;
	if (!wide) return compareDoubles(toDouble(a), toDouble(b));
	if (a instanceof Long && b instanceof Long) return a.compare(b);
	return compareDecimals(toExact(a), toExact(b));
}

function compareDoubles(x: number, y: number): number {
	if (x < y) return -1;
	if (x > y) return 1;
	if (x === y) return 0;
	return Number.isNaN(x) ? (Number.isNaN(y) ? 0 : -1) : 1;
}

const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;

export function fitsLong(value: bigint): boolean {
	return value >= MIN_LONG && value <= MAX_LONG;
}

export function fitsInt(value: number): boolean {
	return value === (value | 0);
}

/** An int32 if it fits, else a long; `null` if neither does. */
export function narrowest(value: bigint): Int32 | Long | null {
	if (value >= -0x80000000n && value <= 0x7fffffffn) return int32(Number(value));
	return fitsLong(value) ? Long.fromBigInt(value) : null;
}

/** A key that numerically equal values share, whatever their type. */
export function numberKey(value: Numeric): number | string {
	if (typeof value === 'number') return value === 0 ? 0 : value;
	if (value instanceof Int32) return value.value;
	if (value instanceof OddNaN) return NaN;
	if (value instanceof Long) {
		const number = value.toNumber();
		return Number.isSafeInteger(number) || BigInt(number) === value.toBigInt() ? number : `n${value.toBigInt()}`;
	}
	const decimal = readDecimal(value);
	const double = decimalToDouble(decimal);
	if (typeof decimal === 'string') return double;
	if (Number.isFinite(double) && compareDecimals(decimal, exactFromDouble(double)) === 0)
		return double === 0 ? 0 : double;
	let { coefficient, exponent } = decimal;
	while (coefficient % 10n === 0n) {
		coefficient /= 10n;
		exponent++;
	}
	const digits =
		exponent >= 0 && exponent < 40 ? `${coefficient * 10n ** BigInt(exponent)}` : `${coefficient}e${exponent}`;
	return `n${decimal.negative ? '-' : ''}${digits}`;
}
