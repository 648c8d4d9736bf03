import { int32, Int32, isDoc, isLong, Long, T, Timestamp, typeName, typeOf } from '../../bson/values.ts';
import type { Value } from '../../bson/values.ts';
import { add, multiply } from '../arithmetic.ts';
import { compareValues } from '../compare.ts';
import { badValue, failedToParse, typeMismatch } from '../errors.ts';
import { isNumeric } from '../numbers.ts';
import type { Numeric } from '../numbers.ts';
import { show } from '../show.ts';
import type { OperationParser } from './operation.ts';
import { idOf } from './operation.ts';

function arithmetic(
	name: '$inc' | '$mul',
	combine: (existing: Numeric, operand: Numeric) => Numeric | null
): OperationParser {
	const verb = name === '$inc' ? 'increment' : 'multiply';
	return (operand, path) => {
		if (!isNumeric(operand))
			throw typeMismatch(`Cannot ${verb} with non-numeric argument: {${path}: ${show(operand)}}`);
		return {
			apply(existing, context) {
				if (existing === undefined)
					return name === '$inc' ? operand : (multiply(operand, int32(0), 'double') as Numeric);
				if (!isNumeric(existing)) {
					throw typeMismatch(
						`Cannot apply ${name} to a value of non-numeric type. {_id: ${show(idOf(context))}} has the field '${path.split('.').at(-1)}' of non-numeric type ${typeName(existing)}`
					);
				}
				const result = combine(existing, operand);
				if (result === null) {
					throw badValue(
						`Failed to apply ${name} operations to current value (${existing instanceof Long ? '(NumberLong)' : ''}${show(existing)}) for document {_id: ${show(idOf(context))}}`
					);
				}
				return result;
			}
		};
	};
}

function extreme(sign: 1 | -1): OperationParser {
	return (operand, _path, { collation }) => ({
		apply: (existing) =>
			existing === undefined || compareValues(operand, existing, collation) * sign > 0 ? operand : existing
	});
}

let timestampSecond = 0;
let timestampOrdinal = 0;

/** The current time as a timestamp, distinct from every other this process has made. */
function nextTimestamp(now: Date): Timestamp {
	const second = Math.floor(now.getTime() / 1000);
	if (second > timestampSecond) {
		timestampSecond = second;
		timestampOrdinal = 0;
	}
	timestampOrdinal++;
	return new Timestamp({ t: timestampSecond, i: timestampOrdinal });
}

const BITWISE: Record<string, (a: bigint, b: bigint) => bigint> = {
	and: (a, b) => a & b,
	or: (a, b) => a | b,
	xor: (a, b) => a ^ b
};

function wholeOf(value: Int32 | Long): bigint {
	return value instanceof Int32 ? BigInt(value.value) : value.toBigInt();
}

function isWhole(value: Value): value is Int32 | Long {
	return value instanceof Int32 || isLong(value);
}

const bit: OperationParser = (operand, path) => {
	if (!isDoc(operand)) {
		throw badValue(
			`The $bit modifier is not compatible with a ${typeName(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`
		);
	}
	const steps = Array.from(operand, ([name, mask]) => {
		const combine = Object.hasOwn(BITWISE, name) ? BITWISE[name] : undefined;
		if (!combine)
			throw badValue(
				`The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${show(mask)}}`
			);
		if (!isWhole(mask))
			throw badValue(
				`The $bit modifier field must be an Integer(32/64 bit); a '${typeName(mask)}' is not supported here: {${name}: ${show(mask)}}`
			);
		return { combine, mask };
	});
	if (steps.length === 0)
		throw badValue(`You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}`);
	return {
		apply(existing, context) {
			const start = existing ?? int32(0);
			if (!isWhole(start)) {
				throw badValue(
					`Cannot apply $bit to a value of non-integral type.{_id: ${show(idOf(context))}} has the field ${path} of non-integer type ${typeName(start)}`
				);
			}
			let long = start instanceof Long;
			let bits = wholeOf(start);
			for (const { combine, mask } of steps) {
				bits = combine(bits, wholeOf(mask));
				long ||= mask instanceof Long;
			}
			return long ? Long.fromBigInt(BigInt.asIntN(64, bits)) : int32(Number(bits));
		}
	};
};

const currentDate: OperationParser = (operand, _path, { now }) => {
	let kind: Value = 'date';
	if (isDoc(operand)) {
		for (const [name, value] of operand) {
			if (name !== '$type') throw badValue(`Unrecognized $currentDate option: ${name}`);
			kind = value;
		}
		if (kind !== 'date' && kind !== 'timestamp') {
			throw badValue(
				"The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}"
			);
		}
	} else if (typeof operand !== 'boolean') {
		throw badValue(
			`${typeName(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`
		);
	}
	return { apply: () => (kind === 'date' ? (now ?? new Date()) : nextTimestamp(now ?? new Date())) };
};

/** The operators that set a field's value from its old one. */
export const FIELD_OPERATORS: Record<string, OperationParser> = {
	$set: (operand) => ({ apply: () => operand }),
	$setOnInsert: (operand) => ({ apply: () => operand, onlyOnInsert: true }),
	$unset: () => ({ apply: () => undefined, lenient: true }),
	$inc: arithmetic('$inc', (existing, operand) => add(existing, operand, 'null')),
	$mul: arithmetic('$mul', (existing, operand) => multiply(existing, operand, 'null')),
	$min: extreme(-1),
	$max: extreme(1),
	$bit: bit,
	$currentDate: currentDate
};

/** Refuses a `$rename` whose target is not a plain, different path. */
export function renameTarget(from: string, operand: Value): string {
	if (typeOf(operand) !== T.string)
		throw badValue(`The 'to' field for $rename must be a string: ${from}: ${show(operand)}`);
	const to = operand as string;
	if (to === from) throw badValue(`The source and target field for $rename must differ: ${from}: "${to}"`);
	if (to.includes('\0')) throw badValue("The 'to' field for $rename cannot contain an embedded null byte");
	const dynamic = /(^|\.)\$(\.|$|\[)/;
	if (dynamic.test(from)) throw badValue(`The source field for $rename may not be dynamic: ${from}`);
	if (dynamic.test(to)) throw badValue(`The destination field for $rename may not be dynamic: ${to}`);
	if (from.startsWith(`${to}.`) || to.startsWith(`${from}.`)) {
		throw badValue(`The source and target field for $rename must not be on the same path: ${from}: "${to}"`);
	}
	if (from === '' || to === '') throw failedToParse('An empty $rename path is not valid');
	return to;
}
