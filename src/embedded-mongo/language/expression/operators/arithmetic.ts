import {
	compareDecimals,
	decimalFromBigInt,
	decimalFromDouble,
	decimalToBigInt,
	decimalToDouble,
	divideDecimals,
	exactFromDouble,
	multiplyDecimals,
	negate,
	parseDecimal,
	readDecimal,
	roundDecimal,
	sqrtDecimal,
	wholeDecimal,
	writeDecimal
} from '../../../bson/decimal.ts';
import type { Rounding } from '../../../bson/decimal.ts';
import { dateFromMillis, dateMillis, Decimal128, FarDate, int32, Int32, isLong, Long, typeName } from '../../../bson/values.ts';
import type { Maybe, Value } from '../../../bson/values.ts';
import { add, multiply } from '../../arithmetic.ts';
import { badValue, storeError, typeMismatch } from '../../errors.ts';
import { fitsLong, isNumeric, isZeroNumber, narrowest, toDecimal, toDouble, toSafeInteger } from '../../numbers.ts';
import type { Numeric } from '../../numbers.ts';
import { binary, compileArguments, isNullish, unary, variadic } from '../arguments.ts';
import type { Operator, OperatorTable } from '../env.ts';

function isDate(value: Maybe): value is Date | FarDate {
	return value instanceof Date || value instanceof FarDate;
}

/** Milliseconds to add to a date: fractions round to the nearest whole. */
function millis(value: Numeric): bigint {
	if (value instanceof Long) return value.toBigInt();
	const double = toDouble(value);
	if (!Number.isFinite(double)) throw storeError('Overflow', 'date overflow');
	return BigInt(Math.round(double));
}

function shiftDate(date: Date | FarDate, by: bigint): Value {
	const moved = dateMillis(date) + by;
	if (!fitsLong(moved)) throw storeError('Overflow', 'date overflow');
	return dateFromMillis(moved);
}

function addAll(values: Maybe[]): Maybe {
	let date: Date | FarDate | undefined;
	let sum: Numeric = int32(0);
	for (const value of values) {
		if (isNumeric(value)) sum = add(sum, value, 'double') as Numeric;
		else if (isNullish(value)) return null;
		else if (isDate(value)) {
			if (date) throw storeError(16612, 'only one date allowed in an $add expression');
			date = value;
		} else throw typeMismatch(`$add only supports numeric or date types, not ${typeName(value)}`);
	}
	return date ? shiftDate(date, millis(sum)) : sum;
}

function subtract(a: Maybe, b: Maybe): Maybe {
	if (isNumeric(a) && isNumeric(b)) {
		if (b instanceof Decimal128) return add(a, writeDecimal(negate(readDecimal(b))), 'double');
		if (b instanceof Int32)
			return add(
				a,
				b.value === -2147483648
					? Long.fromNumber(2147483648)
					: b.value === 0 && typeof a === 'number'
						? b
						: int32(-b.value || 0),
				'double'
			);
		if (b instanceof Long) {
			if (a instanceof Decimal128) return add(a, writeDecimal(decimalFromBigInt(-b.toBigInt())), 'double');
			if (!(a instanceof Int32) && !(a instanceof Long)) return toDouble(a) - b.toNumber();
			const difference = (a instanceof Int32 ? BigInt(a.value) : a.toBigInt()) - b.toBigInt();
			return fitsLong(difference) ? Long.fromBigInt(difference) : Number(difference);
		}
		return add(a, -toDouble(b), 'double');
	}
	if (isNullish(a) || isNullish(b)) return null;
	if (isDate(a) && isDate(b)) return Long.fromBigInt(dateMillis(a) - dateMillis(b));
	if (isDate(a) && isNumeric(b)) return shiftDate(a, -millis(b));
	throw typeMismatch(`can't $subtract ${typeName(b)} from ${typeName(a)}`);
}

function divide(a: Maybe, b: Maybe): Maybe {
	if (isNullish(a) || isNullish(b)) return null;
	if (!isNumeric(a) || !isNumeric(b)) {
		throw typeMismatch(`$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
	}
	if (isZeroNumber(b)) throw badValue("can't $divide by zero");
	if (a instanceof Decimal128 || b instanceof Decimal128)
		return writeDecimal(divideDecimals(toDecimal(a), toDecimal(b)));
	return toDouble(a) / toDouble(b);
}

function modulo(a: Maybe, b: Maybe): Maybe {
	if (isNullish(a) || isNullish(b)) return null;
	if (!isNumeric(a) || !isNumeric(b)) {
		throw storeError(16611, `$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
	}
	if (isZeroNumber(b)) throw storeError(16610, "can't $mod by zero");
	if (a instanceof Decimal128 || b instanceof Decimal128) {
		const [x, y] = [toDecimal(a), toDecimal(b)];
		if (typeof x === 'string' || y === 'NaN') return writeDecimal('NaN');
		if (typeof y === 'string') return writeDecimal(x);
		const whole = decimalToBigInt(divideDecimals(x, y)) ?? 0n;
		const product = multiplyDecimals(decimalFromBigInt(whole), y);
		return add(writeDecimal(x), writeDecimal(negate(product)), 'double');
	}
	if (a instanceof Int32 && b instanceof Int32) return int32(a.value % b.value || 0);
	const integral = (value: Numeric) => value instanceof Int32 || value instanceof Long;
	if (integral(a) && integral(b)) return Long.fromBigInt(bigOf(a) % bigOf(b));
	return toDouble(a) % toDouble(b);
}

function bigOf(value: Numeric): bigint {
	return value instanceof Long ? value.toBigInt() : BigInt(toDouble(value));
}

/** A function of one number; null gives null, other types are refused. */
function numeric(fn: (value: Numeric, name: string) => Maybe, code = 28765): Operator {
	return unary((value, _env, name) => {
		if (isNullish(value)) return null;
		if (!isNumeric(value)) throw storeError(code, `${name} only supports numeric types, not ${typeName(value)}`);
		return fn(value, name);
	});
}

/** A function of doubles; decimals are computed as doubles and given back as decimals. */
function real(fn: (value: number, name: string) => number): Operator {
	return numeric((value, name) => {
		const result = fn(toDouble(value), name);
		return value instanceof Decimal128 ? writeDecimal(decimalFromDouble(result)) : result;
	});
}

/** A function of doubles that for decimals is a product with a factor of 34 digits. */
function scaled(fn: (value: number) => number, factor: string): Operator {
	const exact = parseDecimal(factor) ?? 'NaN';
	return numeric((value) =>
		value instanceof Decimal128 ? writeDecimal(multiplyDecimals(readDecimal(value), exact)) : fn(toDouble(value))
	);
}

function within(low: number, high: number, fn: (value: number) => number): Operator {
	return real((value, name) => {
		if (value < low || value > high)
			throw storeError(50989, `cannot apply ${name} to ${value}, value must be in [${low},${high}]`);
		return fn(value);
	});
}

function rounding(kind: 'floor' | 'ceil'): Operator {
	return numeric((value) => {
		if (value instanceof Decimal128) return writeDecimal(wholeDecimal(readDecimal(value), kind));
		return value instanceof Int32 || value instanceof Long ? value : Math[kind](toDouble(value));
	});
}

/** A 32-bit number of places, or `null` for other numbers. */
function placesOf(given: Maybe): number | null {
	if (!isNumeric(given)) throw storeError(16004, `can't convert from BSON type ${typeName(given)} to long`);
	const double = toDouble(given);
	if (!Number.isFinite(double)) {
		const shown = Number.isNaN(double) ? 'nan' : double > 0 ? 'inf' : '-inf';
		throw storeError(31109, `Can't coerce out of range value ${shown} to long`);
	}
	const places = toSafeInteger(given);
	return places !== null && places === (places | 0) ? places : null;
}

/** `$round` and `$trunc` with an optional number of places. */
function roundTo(kind: Rounding): Operator {
	return (operand, env, name) => {
		const [number, place] = compileArguments(operand, env, name, 1, 2);
		return (root) => {
			const value = number?.(root);
			const given = place ? place(root) : int32(0);
			if (isNullish(value) || isNullish(given)) return null;
			if (!isNumeric(value)) throw storeError(51081, `${name} only supports numeric types, not ${typeName(value)}`);
			const places = placesOf(given);
			if (places === null) throw storeError(51082, `precision argument to  ${name} must be a integral value`);
			if (places < -20 || places > 100) {
				throw storeError(51083, `cannot apply ${name} with precision value ${places} value must be in [-20, 100]`);
			}
			return roundNumber(value, places, kind);
		};
	};
}

function roundNumber(value: Numeric, places: number, kind: Rounding): Value {
	if (value instanceof Decimal128) return writeDecimal(roundDecimal(readDecimal(value), places, kind));
	if (value instanceof Int32 || value instanceof Long) {
		if (places >= 0) return value;
		const rounded = decimalToBigInt(roundDecimal(decimalFromBigInt(bigOf(value)), places, kind)) ?? 0n;
		if (value instanceof Int32) return narrowest(rounded) ?? value;
		if (!fitsLong(rounded))
			throw storeError(51080, 'invalid conversion from Decimal128 result in $round resulting from arguments');
		return Long.fromBigInt(rounded);
	}
	const double = toDouble(value);
	if (!Number.isFinite(double) || (Number.isInteger(double) && places >= 0)) return double;
	if (places === 0 && kind === 'trunc') return Math.trunc(double);
	// The double itself is rounded, not its shortest text: 2.345 is a little more than 2.345.
	return decimalToDouble(roundDecimal(exactFromDouble(double), places, kind));
}

function power(base: Maybe, exponent: Maybe): Maybe {
	if (isNullish(base) || isNullish(exponent)) return null;
	if (!isNumeric(base)) throw storeError(28762, `$pow's base must be numeric, not ${typeName(base)}`);
	if (!isNumeric(exponent)) throw storeError(28763, `$pow's exponent must be numeric, not ${typeName(exponent)}`);
	const [x, y] = [toDouble(base), toDouble(exponent)];
	if (x === 0 && y < 0) throw storeError(28764, '$pow cannot take a base of 0 and a negative exponent');
	if (base instanceof Decimal128 || exponent instanceof Decimal128) return writeDecimal(decimalFromDouble(x ** y));
	const whole = (value: Numeric) => value instanceof Int32 || value instanceof Long;
	if (!whole(base) || !whole(exponent) || y < 0) return x ** y;
	if (Math.abs(x) > 1 && y > 64) return x ** y;
	const exact = bigOf(base) ** (Math.abs(x) <= 1 ? (BigInt(y) % 2n) + 2n : BigInt(y));
	const result = y === 0 ? 1n : exact;
	if (base instanceof Long || exponent instanceof Long) return fitsLong(result) ? Long.fromBigInt(result) : x ** y;
	return narrowest(result) ?? x ** y;
}

function positive(code: number, fn: (value: number) => number): Operator {
	return real((value, name) => {
		if (value <= 0) throw storeError(code, `${name}'s argument must be a positive number, but is ${value}`);
		return fn(value);
	});
}

export const ARITHMETIC: OperatorTable = {
	$add: variadic(addAll),
	$subtract: binary(subtract),
	$multiply: variadic((values) => {
		let product: Numeric = int32(1);
		for (const value of values) {
			if (isNullish(value)) return null;
			if (!isNumeric(value)) throw typeMismatch(`$multiply only supports numeric types, not ${typeName(value)}`);
			product = multiply(product, value, 'double') as Numeric;
		}
		return product;
	}),
	$divide: binary(divide),
	$mod: binary(modulo),
	$abs: numeric((value) => {
		if (value instanceof Decimal128) {
			const decimal = readDecimal(value);
			return compareDecimals(decimal, decimalFromBigInt(0n)) < 0 ? writeDecimal(negate(decimal)) : value;
		}
		if (value instanceof Int32) return value.value < 0 ? narrowest(-BigInt(value.value)) : value;
		if (value instanceof Long) {
			const magnitude = value.isNegative() ? -value.toBigInt() : value.toBigInt();
			if (!fitsLong(magnitude)) throw storeError(28680, "can't take $abs of long long min");
			return Long.fromBigInt(magnitude);
		}
		return Math.abs(toDouble(value));
	}),
	$ceil: rounding('ceil'),
	$floor: rounding('floor'),
	$round: roundTo('half-even'),
	$trunc: roundTo('trunc'),
	$exp: real(Math.exp),
	$ln: positive(28766, Math.log),
	$log10: positive(28761, Math.log10),
	$log: binary((a, b) => {
		if (isNullish(a) || isNullish(b)) return null;
		if (!isNumeric(a)) throw storeError(28756, `$log's argument must be numeric, not ${typeName(a)}`);
		if (!isNumeric(b)) throw storeError(28757, `$log's base must be numeric, not ${typeName(b)}`);
		const [x, base] = [toDouble(a), toDouble(b)];
		if (x <= 0) throw storeError(28758, `$log's argument must be a positive number, but is ${x}`);
		if (base <= 0 || base === 1)
			throw storeError(28759, `$log's base must be a positive number not equal to 1, but is ${base}`);
		return Math.log(x) / Math.log(base);
	}),
	$pow: binary(power),
	$sqrt: numeric((value) => {
		if (toDouble(value) < 0) throw storeError(28714, "$sqrt's argument must be greater than or equal to 0");
		return value instanceof Decimal128 ? writeDecimal(sqrtDecimal(readDecimal(value))) : Math.sqrt(toDouble(value));
	})
};

export const TRIGONOMETRY: OperatorTable = {
	$sin: within(-Number.MAX_VALUE, Number.MAX_VALUE, Math.sin),
	$cos: within(-Number.MAX_VALUE, Number.MAX_VALUE, Math.cos),
	$tan: within(-Number.MAX_VALUE, Number.MAX_VALUE, Math.tan),
	$asin: within(-1, 1, Math.asin),
	$acos: within(-1, 1, Math.acos),
	$atan: real(Math.atan),
	$atan2: binary((y, x) => {
		if (isNullish(x) || isNullish(y)) return null;
		if (!isNumeric(x) || !isNumeric(y))
			throw storeError(51044, `$atan2 only supports numeric types, not ${typeName(y)} and ${typeName(x)}`);
		return Math.atan2(toDouble(y), toDouble(x));
	}),
	$sinh: real(Math.sinh),
	$cosh: real(Math.cosh),
	$tanh: real(Math.tanh),
	$asinh: real(Math.asinh),
	$acosh: within(1, Infinity, Math.acosh),
	$atanh: within(-1, 1, Math.atanh),
	$degreesToRadians: scaled((value) => (value * Math.PI) / 180, '0.01745329251994329576923690768488613'),
	$radiansToDegrees: scaled((value) => (value * 180) / Math.PI, '57.29577951308232087679815481410517')
};

function bitwise(start: bigint, combine: (a: bigint, b: bigint) => bigint): Operator {
	return variadic((values, _env, name) => {
		let bits = start;
		let long = false;
		for (const value of values) {
			if (isNullish(value)) return null;
			if (!(value instanceof Int32) && !isLong(value)) {
				throw typeMismatch(`${name} only supports int and long operands.`);
			}
			long ||= value instanceof Long;
			bits = combine(bits, bigOf(value));
		}
		return long ? Long.fromBigInt(bits) : int32(Number(bits));
	});
}

export const BITS: OperatorTable = {
	$bitAnd: bitwise(-1n, (a, b) => a & b),
	$bitOr: bitwise(0n, (a, b) => a | b),
	$bitXor: bitwise(0n, (a, b) => a ^ b),
	$bitNot: unary((value) => {
		if (isNullish(value)) return null;
		if (value instanceof Int32) return int32(~value.value);
		if (isLong(value)) return value.not();
		if (!isNumeric(value)) throw storeError(28765, `$bitNot only supports numeric types, not ${typeName(value)}`);
		throw typeMismatch(`$bitNot only supports int and long, not: ${typeName(value)}.`);
	})
};
