import { BSONSymbol, Int32, ObjectId, T, typeOf } from '../../bson/values.ts';
import type { Maybe, Value } from '../../bson/values.ts';
import type { Collation } from '../collation.ts';
import { canonicalKey, compareValues, rankOf } from '../compare.ts';
import { badValue } from '../errors.ts';
import { compareNumbers, isNumeric, toDouble } from '../numbers.ts';
import type { Test } from '../paths.ts';
import { regexTest } from './regex.ts';

/** Equality as queries see it: null also matches a missing field. */
export function equalityTest(operand: Value, collation?: Collation): Test {
	if (operand === null) return (value) => value === null || value === undefined;
	if (typeof operand === 'string' && !collation) {
		return (value) =>
			typeof value === 'string' ? value === operand : value instanceof BSONSymbol && value.value === operand;
	}
	if (typeof operand === 'boolean') return (value) => value === operand;
	if (isNumeric(operand)) {
		const double = toDouble(operand);
		const narrow = compareNumbers(operand, double) === 0;
		return (value) => {
			if (narrow && value instanceof Int32) return value.value === double;
			return isNumeric(value) && compareNumbers(value, operand) === 0;
		};
	}
	if (operand instanceof ObjectId) {
		return (value) => value instanceof ObjectId && operand.equals(value);
	}
	const rank = rankOf(operand);
	return (value) => rankOf(value) === rank && compareValues(value, operand, collation) === 0;
}

type Range = '$gt' | '$gte' | '$lt' | '$lte';

const ACCEPTS: Record<Range, (order: number) => boolean> = {
	$gt: (order) => order > 0,
	$gte: (order) => order >= 0,
	$lt: (order) => order < 0,
	$lte: (order) => order <= 0
};

/** Range comparison within the operand's own type; MinKey and MaxKey alone compare across types. */
export function rangeTest(operator: Range, operand: Value, collation?: Collation): Test {
	const accepts = ACCEPTS[operator];
	const inclusive = accepts(0);
	const type = typeOf(operand);
	if (type === T.null) return inclusive ? (value) => value === null || value === undefined : () => false;
	if (type === T.minKey || type === T.maxKey) {
		const outward = type === T.minKey ? accepts(1) : accepts(-1);
		return (value) => (typeOf(value) === type ? inclusive : outward);
	}
	if (isNumeric(operand)) {
		if (Number.isNaN(toDouble(operand))) {
			return inclusive ? (value) => isNumeric(value) && Number.isNaN(toDouble(value)) : () => false;
		}
		return (value) => isNumeric(value) && accepts(compareNumbers(value, operand)) && !Number.isNaN(toDouble(value));
	}
	const rank = rankOf(operand);
	return (value) => rankOf(value) === rank && accepts(compareValues(value, operand, collation));
}

/** `$in`: any of the values, regular expressions as patterns. */
export function inTest(operands: Value[], collation?: Collation): Test {
	const keys = new Set<string | number>();
	const patterns: Test[] = [];
	let hasNull = false;
	for (const operand of operands) {
		const type = typeOf(operand);
		if (type === T.regex) patterns.push(regexTest(operand));
		else if (type === T.null) hasNull = true;
		else if (type === T.undefined) throw badValue('cannot compare to undefined');
		else keys.add(canonicalKey(operand, collation));
	}
	return (value: Maybe) => {
		if (value === null || value === undefined) return hasNull;
		if (keys.size > 0 && keys.has(canonicalKey(value, collation))) return true;
		return patterns.some((pattern) => pattern(value));
	};
}
