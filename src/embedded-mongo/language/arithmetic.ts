import { addDecimals, multiplyDecimals, writeDecimal } from '../bson/decimal.ts';
import { Decimal128, int32, Int32, Long } from '../bson/values.ts';
import { fitsInt, fitsLong, toDecimal, toDouble } from './numbers.ts';
import type { Numeric } from './numbers.ts';

/**
 * What happens when two integers leave the range of a long: `null` to refuse (updates), or a double (expressions).
 */
export type OnOverflow = 'null' | 'double';

type BigOperation = (a: bigint, b: bigint) => bigint;

function integers(a: Int32 | Long, b: Int32 | Long, big: BigOperation, onOverflow: OnOverflow): Numeric | null {
	const x = a instanceof Int32 ? BigInt(a.value) : a.toBigInt();
	const y = b instanceof Int32 ? BigInt(b.value) : b.toBigInt();
	const result = big(x, y);
	if (fitsLong(result)) return Long.fromBigInt(result);
	return onOverflow === 'null' ? null : Number(result);
}

function isInteger(value: Numeric): value is Int32 | Long {
	return value instanceof Int32 || value instanceof Long;
}

/** The sum in the wider of both types; two int32 that overflow give a long. */
export function add(a: Numeric, b: Numeric, onOverflow: OnOverflow): Numeric | null {
	if (a instanceof Int32 && b instanceof Int32) {
		const sum = a.value + b.value;
		return fitsInt(sum) ? int32(sum) : Long.fromNumber(sum);
	}
	if (a instanceof Decimal128 || b instanceof Decimal128) return writeDecimal(addDecimals(toDecimal(a), toDecimal(b)));
	if (isInteger(a) && isInteger(b)) return integers(a, b, (x, y) => x + y, onOverflow);
	return toDouble(a) + toDouble(b);
}

/** The product in the wider of both types; two int32 that overflow give a long. */
export function multiply(a: Numeric, b: Numeric, onOverflow: OnOverflow): Numeric | null {
	if (a instanceof Int32 && b instanceof Int32) {
		const product = a.value * b.value;
		if (fitsInt(product)) return int32(product === 0 ? 0 : product);
	}
	if (a instanceof Decimal128 || b instanceof Decimal128) {
		return writeDecimal(multiplyDecimals(toDecimal(a), toDecimal(b)));
	}
	if (isInteger(a) && isInteger(b)) return integers(a, b, (x, y) => x * y, onOverflow);
	return toDouble(a) * toDouble(b);
}
