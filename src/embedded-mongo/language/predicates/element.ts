import { Binary, Int32, Long, T, TYPE_NAMES, typeOf } from '../../bson/values.ts';
import type { Value } from '../../bson/values.ts';
import { badValue, storeError } from '../errors.ts';
import { isNumeric, isZeroNumber, toDouble, toSafeInteger, toWhole } from '../numbers.ts';
import type { Numeric } from '../numbers.ts';
import type { Test } from '../paths.ts';
import { show } from '../show.ts';

const NUMBER_TYPES = [T.double, T.int, T.long, T.decimal];
const TYPE_CODES = new Map<string, number>(
	Object.entries(TYPE_NAMES).flatMap(([code, name]) => (name === 'missing' ? [] : [[name, Number(code)] as const]))
);

/** The type codes a `$type` operand names. */
export function typeSet(operand: Value): Set<number> {
	const wanted = new Set<number>();
	for (const item of Array.isArray(operand) ? operand : [operand]) {
		if (typeof item === 'string') {
			if (item === 'number') NUMBER_TYPES.forEach((code) => wanted.add(code));
			else {
				const code = TYPE_CODES.get(item);
				if (code === undefined) throw badValue(`Unknown type name alias: ${item}`);
				wanted.add(code);
			}
		} else if (isNumeric(item)) {
			const code = toSafeInteger(item) ?? NaN;
			const stored = code === -1 ? T.minKey : code;
			if (code === 0 || code === 255 || TYPE_NAMES[stored] === undefined) {
				throw badValue(`Invalid numerical type code: ${show(item)}`);
			}
			wanted.add(stored);
		} else throw badValue('type must be represented as a number or a string');
	}
	if (wanted.size === 0) throw storeError('FailedToParse', '$type must match at least one type');
	return wanted;
}

export function typeTest(operand: Value): Test {
	const wanted = typeSet(operand);
	return (value) => wanted.has(typeOf(value));
}

function truncated(value: Numeric): bigint | null {
	const whole = toWhole(value);
	if (whole !== null) return whole;
	const double = toDouble(value);
	return Number.isFinite(double) ? BigInt(Math.trunc(double)) : null;
}

export function modTest(operand: Value): Test {
	if (!Array.isArray(operand)) throw badValue('malformed mod, needs to be an array');
	if (operand.length < 2) throw badValue('malformed mod, not enough elements');
	if (operand.length > 2) throw badValue('malformed mod, too many elements');
	const [first, second] = operand;
	if (!isNumeric(first)) throw badValue('malformed mod, divisor not a number');
	if (!isNumeric(second)) throw badValue('malformed mod, remainder not a number');
	const divisor = truncated(first);
	const remainder = truncated(second);
	if (divisor === null) throw badValue('malformed mod, divisor value is invalid');
	if (remainder === null) throw badValue('malformed mod, remainder value is invalid');
	if (divisor === 0n) throw badValue('divisor cannot be 0');
	const [small, rest] = [Number(divisor), Number(remainder)];
	return (value) => {
		if (value instanceof Int32) return value.value % small === rest;
		if (!isNumeric(value)) return false;
		const whole = truncated(value);
		return whole !== null && whole % divisor === remainder;
	};
}

/** `$size`: the array's length must be exactly this. */
export function sizeTest(operand: Value): Test {
	const size = toSafeInteger(operand);
	if (size === null) throw badValue(`Failed to parse $size. Expected a number in: $size: ${show(operand)}`);
	if (size < 0) {
		throw badValue(`Failed to parse $size. Expected a non-negative number in: $size: ${show(operand)}`);
	}
	return (value) => Array.isArray(value) && value.length === size;
}

function bitPositions(operator: string, operand: Value): number[] {
	if (operand instanceof Binary) {
		const positions: number[] = [];
		for (let bit = 0; bit < operand.position * 8; bit++) if (binaryBit(operand, bit)) positions.push(bit);
		return positions;
	}
	if (Array.isArray(operand)) {
		return operand.map((item) => {
			const bit = toSafeInteger(item);
			if (bit === null || bit < 0)
				throw badValue(`Failed to parse bit position. Expected a non-negative number in: ${show(item)}`);
			return bit;
		});
	}
	if (!isNumeric(operand))
		throw badValue(`${operator} takes an Array, a number, or a BinData but received: ${show(operand)}`);
	const mask = toWhole(operand);
	if (mask === null || mask >= 2n ** 63n) throw badValue(`Expected an integer: ${operator}: ${show(operand)}`);
	if (mask < 0n) throw badValue(`Expected a non-negative number in: ${operator}: ${show(operand)}`);
	return Array.from(mask.toString(2))
		.reverse()
		.flatMap((digit, bit) => (digit === '1' ? [bit] : []));
}

function binaryBit(binary: Binary, bit: number): boolean {
	const byte = bit >> 3;
	return byte < binary.position && (((binary.buffer[byte] ?? 0) >> (bit & 7)) & 1) === 1;
}

export function bitsTest(operator: string, operand: Value): Test {
	const positions = bitPositions(operator, operand);
	const wanted = operator.endsWith('Set');
	const all = operator.startsWith('$bitsAll');
	return (value) => {
		let isSet: (bit: number) => boolean;
		if (value instanceof Binary) isSet = (bit) => binaryBit(value, bit);
		else if (isNumeric(value)) {
			const whole = toWhole(value);
			if (whole === null || Long.fromBigInt(whole).toBigInt() !== whole) return false;
			// Positions past 63 see the sign bit.
			isSet = (bit) => ((whole >> BigInt(Math.min(bit, 63))) & 1n) === 1n;
		} else return false;
		const test = (bit: number) => isSet(bit) === wanted;
		return all ? positions.every(test) : positions.some(test);
	};
}

/** Whether a value counts as true: not false, null, undefined, zero or missing. */
export function isTruthy(value: Value | undefined): boolean {
	switch (typeOf(value)) {
		case T.missing:
		case T.null:
		case T.undefined:
			return false;
		case T.bool:
			return value === true;
		case T.double:
		case T.int:
		case T.long:
		case T.decimal: {
			return !isZeroNumber(value as Numeric);
		}
		default:
			return true;
	}
}
