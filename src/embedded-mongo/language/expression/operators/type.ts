import { encodedSize } from '../../../bson/codec.ts';
import {
	compareDecimals,
	decimalFromBigInt,
	decimalToBigInt,
	isZero,
	parseDecimal,
	readDecimal,
	writeDecimal
} from '../../../bson/decimal.ts';
import {
	Binary,
	BSONSymbol,
	Code,
	dateFromMillis,
	dateMillis,
	Decimal128,
	FarDate,
	int32,
	isDoc,
	Long,
	ObjectId,
	T,
	Timestamp,
	TYPE_NAMES,
	typeName,
	typeOf
} from '../../../bson/values.ts';
import type { Maybe, Value } from '../../../bson/values.ts';
import { storeError } from '../../errors.ts';
import { numberText } from '../../number-text.ts';
import { fitsLong, isNumeric, toDecimal, toDouble } from '../../numbers.ts';
import type { Numeric } from '../../numbers.ts';
import { typeSet, isTruthy } from '../../predicates/element.ts';
import { compileNamed, isNullish, unary, unaryOrNull } from '../arguments.ts';
import type { Operator, OperatorTable } from '../env.ts';
import { parseIsoDate } from '../date-text.ts';
import { parseDouble, parseInteger } from '../number-parse.ts';
import { hashedKey } from '../../hash.ts';
import { fromBinary, toBinary } from './binary.ts';

const failure = (message: string) => storeError('ConversionFailure', `${message} in $convert with no onError value`);

function unsupported(value: Value, to: string): Error {
	return failure(`Unsupported conversion from ${typeName(value)} to ${to}`);
}

const isDate = (value: Value): value is Date | FarDate => value instanceof Date || value instanceof FarDate;

function parseFailure(text: string, reason: string): Error {
	return storeError(
		'ConversionFailure',
		`Failed to parse number '${text}' in $convert with no onError value: ${reason}`
	);
}

/** A whole number within limits, fractions dropped. */
function toInteger(value: Value, to: string, least: bigint, most: bigint): bigint {
	if (typeof value === 'boolean') return value ? 1n : 0n;
	if (typeof value === 'string') return parseInteger(value, least, most);
	if (isDate(value) && to === 'long') return dateMillis(value);
	if (!isNumeric(value)) throw unsupported(value, to);
	const whole = truncate(value);
	if (whole === null) {
		const what = Number.isNaN(toDouble(value)) ? 'NaN' : 'infinity';
		throw failure(`Attempt to convert ${what} value to integer type`);
	}
	if (whole < least || whole > most) throw overflow(value);
	return whole;
}

/** MongoDB shows doubles with six digits and leaves integers out. */
function overflow(value: Numeric): Error {
	let shown = '';
	if (value instanceof Decimal128) shown = value.toString();
	else if (typeof value === 'number') {
		const [mantissa = '', exponent] = value.toPrecision(6).split('e');
		shown = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
		if (exponent !== undefined) shown += `e${exponent.replace(/^([+-])(\d)$/, '$10$2')}`;
	}
	return storeError(
		'ConversionFailure',
		`Conversion would overflow target type in $convert with no onError value: ${shown}`
	);
}

/** Decimals up to here are too small for a normal double. */
const TOO_SMALL = parseDecimal('2.225073858507201259573821257020768E-308') ?? 'NaN';

function decimalToNormalDouble(value: Decimal128): number {
	const decimal = readDecimal(value);
	const double = toDouble(value);
	if (typeof decimal === 'string' || isZero(decimal)) return double;
	if (!Number.isFinite(double) || compareDecimals({ ...decimal, negative: false }, TOO_SMALL) <= 0) {
		throw overflow(value);
	}
	return double;
}

function truncate(value: Numeric): bigint | null {
	if (value instanceof Long) return value.toBigInt();
	if (value instanceof Decimal128) return decimalToBigInt(readDecimal(value));
	const double = toDouble(value);
	return Number.isFinite(double) ? BigInt(Math.trunc(double)) : null;
}

function toText(value: Value): string {
	if (typeof value === 'string') return value;
	if (isNumeric(value)) return numberText(value);
	if (typeof value === 'boolean') return String(value);
	if (value instanceof ObjectId) return value.toHexString();
	if (value instanceof Date) return value.toISOString();
	if (value instanceof BSONSymbol) return value.value;
	if (value instanceof Code) return value.code;
	if (value instanceof Binary) {
		if (value.sub_type === 4 && value.position === 16) return value.toUUID().toHexString();
		return Buffer.from(value.buffer.subarray(0, value.position)).toString('base64');
	}
	throw unsupported(value, 'string');
}

const CONVERSIONS: Record<string, (value: Value) => Value> = {
	double(value) {
		if (typeof value === 'boolean') return value ? 1 : 0;
		if (typeof value === 'string') return parseDouble(value);
		if (isDate(value)) return Number(dateMillis(value));
		if (!isNumeric(value)) throw unsupported(value, 'double');
		return value instanceof Decimal128 ? decimalToNormalDouble(value) : toDouble(value);
	},
	string: toText,
	objectId(value) {
		if (value instanceof ObjectId) return value;
		if (typeof value !== 'string') throw unsupported(value, 'objectId');
		if (!/^[0-9a-fA-F]{24}$/.test(value)) {
			const wrong = /[^0-9a-fA-F]/.exec(value)?.[0];
			const reason =
				value.length === 24
					? `Invalid character found in hex string: ${wrong}`
					: `Invalid string length for parsing to OID, expected 24 but found ${value.length}`;
			throw storeError(
				'ConversionFailure',
				`Failed to parse objectId '${value}' in $convert with no onError value: ${reason}`
			);
		}
		return new ObjectId(value);
	},
	bool: (value) => isTruthy(value),
	date(value) {
		if (isDate(value)) return value;
		if (typeof value === 'string') return parseIsoDate(value);
		if (value instanceof ObjectId) return value.getTimestamp();
		if (value instanceof Timestamp) return dateFromMillis(BigInt(value.t) * 1000n);
		if (value instanceof Long) return dateFromMillis(value.toBigInt());
		if (!isNumeric(value) || typeOf(value) === T.int) throw unsupported(value, 'date');
		const millis = truncate(value);
		if (millis === null || !fitsLong(millis)) throw overflow(value);
		return dateFromMillis(millis);
	},
	int: (value) => int32(Number(toInteger(value, 'int', -0x80000000n, 0x7fffffffn))),
	long: (value) => Long.fromBigInt(toInteger(value, 'long', -(2n ** 63n), 2n ** 63n - 1n)),
	decimal(value) {
		if (typeof value === 'boolean') return writeDecimal(decimalFromBigInt(value ? 1n : 0n));
		if (typeof value === 'string') {
			const decimal = parseDecimal(value);
			if (decimal === null)
				throw parseFailure(value, value === '' ? 'Empty string' : 'Failed to parse string to decimal');
			return writeDecimal(decimal);
		}
		if (isDate(value)) return writeDecimal(decimalFromBigInt(dateMillis(value)));
		if (!isNumeric(value)) throw unsupported(value, 'decimal');
		return value instanceof Decimal128 ? value : writeDecimal(toDecimal(value));
	}
};

function conversion(to: string): Operator {
	return (operand, env, name) => {
		if (Array.isArray(operand) && operand.length !== 1) {
			throw storeError(50723, `${name} requires a single argument, got ${operand.length}`);
		}
		return convertOrNull(to)(operand, env, name);
	};
}

const convertOrNull = (to: string) => unaryOrNull((value) => convert(value, to));

function convert(value: Value, to: string): Value {
	const fn = CONVERSIONS[to];
	if (!fn) throw unsupported(value, to);
	return fn(value);
}

/** The name of a target type given by name, code or `{type: …, subtype: …}`, and the subtype. */
function targetOf(to: Value): { type: string; subtype: number } {
	const subtype = isDoc(to) ? (to.get('subtype') ?? 0) : 0;
	if (!isNumeric(subtype) || toDouble(subtype) < 0 || toDouble(subtype) > 255)
		throw storeError('FailedToParse', "$convert's 'subtype' argument must be a number from 0 to 255");
	return { type: targetName(isDoc(to) ? (to.get('type') ?? null) : to), subtype: toDouble(subtype) };
}

function targetName(type: Value): string {
	if (typeof type !== 'string' && !isNumeric(type))
		throw storeError('FailedToParse', "$convert's 'to' argument must be a string or number");
	const code = [...typeSet(type)][0] ?? 0;
	return TYPE_NAMES[code] ?? 'missing';
}

const convertOperator: Operator = (operand, env, name) => {
	const { input, to, onError, onNull, format } = compileNamed(
		operand,
		env,
		name,
		['input', 'to'],
		['onError', 'onNull', 'format']
	);
	return (root) => {
		const value = input(root);
		const target = to(root);
		if (isNullish(target)) return null;
		const { type, subtype } = targetOf(target);
		if (isNullish(value)) return onNull ? onNull(root) : null;
		try {
			if (type === 'binData') return toBinary(value, subtype, format?.(root));
			if (type === 'string' && format && value instanceof Binary) return fromBinary(value, format(root));
			return convert(value, type);
		} catch (error) {
			if (onError) return onError(root);
			throw error;
		}
	};
};

function sizeOfBinary(value: Value): Value {
	if (typeof value === 'string') return int32(Buffer.byteLength(value));
	if (value instanceof Binary) return int32(value.position);
	throw storeError(51276, `$binarySize requires a string or BinData argument, found: ${typeName(value)}`);
}

function timestampPart(pick: (value: Timestamp) => number): Operator {
	return unaryOrNull((value, _env, name) => {
		if (!(value instanceof Timestamp))
			throw storeError(name === '$tsSecond' ? 5687301 : 5687302, ` Argument to ${name} must be a timestamp, but is ${typeName(value)}`);
		return Long.fromNumber(pick(value));
	});
}

export const TYPES: OperatorTable = {
	$type: unary((value) => typeName(value)),
	$isNumber: unary((value: Maybe) => isNumeric(value)),
	$convert: convertOperator,
	$toDouble: conversion('double'),
	$toString: conversion('string'),
	$toObjectId: conversion('objectId'),
	$toBool: conversion('bool'),
	$toDate: conversion('date'),
	$toInt: conversion('int'),
	$toLong: conversion('long'),
	$toDecimal: conversion('decimal'),
	$toUUID: unaryOrNull((value) => {
		if (typeof value !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) {
			throw failure(`Input string is not a valid UUID`);
		}
		return new Binary(Buffer.from(value.replaceAll('-', ''), 'hex'), 4);
	}),
	$bsonSize: unaryOrNull((value) => {
		if (!isDoc(value)) throw storeError(31393, `$bsonSize requires a document input, found: ${typeName(value)}`);
		return int32(encodedSize(value));
	}),
	$binarySize: unaryOrNull(sizeOfBinary),
	$toHashedIndexKey: unary((value) => hashedKey(value)),
	$tsSecond: timestampPart((value) => value.t),
	$tsIncrement: timestampPart((value) => value.i),
	$rand(operand) {
		const empty = (isDoc(operand) && operand.size === 0) || (Array.isArray(operand) && operand.length === 0);
		if (!empty) throw storeError(3040501, '$rand does not currently accept arguments');
		return () => Math.random();
	}
};
