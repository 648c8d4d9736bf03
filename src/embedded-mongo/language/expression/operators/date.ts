import { FarDate, int32, isDoc, Long, ObjectId, Timestamp, typeName } from '../../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../../bson/values.ts';
import { failedToParse, storeError } from '../../errors.ts';
import { isNumeric, toSafeInteger } from '../../numbers.ts';
import { isTruthy } from '../../predicates/element.ts';
import { show } from '../../show.ts';
import { compileArguments, compileNamed, isNullish } from '../arguments.ts';
import {
	addUnits,
	dayOfYear,
	fromIsoWeek,
	isoWeek,
	readUnit,
	readWeekday,
	sundayWeek,
	truncateDate,
	unitsBetween
} from '../calendar.ts';
import { formatDate, parseFormatted } from '../date-format.ts';
import { parseIsoDate, utc } from '../date-text.ts';
import type { Eval, ExpressionEnv, Operator, OperatorTable } from '../env.ts';
import { inZone, localToUtc } from '../zones.ts';

/** The instant of a date, a timestamp or an ObjectId, in milliseconds. */
function instantOf(value: Maybe, code = 16006): number {
	if (value instanceof Date) return value.getTime();
	if (value instanceof Timestamp) return value.t * 1000;
	if (value instanceof ObjectId) return value.getTimestamp().getTime();
	if (value instanceof FarDate) throw storeError('Overflow', 'the date is beyond what date operators can handle');
	throw storeError(code, `can't convert from BSON type ${typeName(value)} to Date`);
}

/** `null` where the zone is null, `undefined` where none is given. */
function zoneOf(evaluate: Eval | undefined, root: Doc): string | undefined | null {
	if (!evaluate) return undefined;
	const zone = evaluate(root);
	if (isNullish(zone)) return null;
	if (typeof zone !== 'string') throw storeError(40533, `timezone must evaluate to a string, found ${typeName(zone)}`);
	return zone;
}

/** Operators that read one part of a date: the date itself, or `{date, timezone}`. */
function part(read: (local: Date) => Value): Operator {
	return (operand, env, name) => {
		let date: Eval | undefined;
		let zone: Eval | undefined;
		if (isDoc(operand) && !operand.keys().next().value?.startsWith('$')) {
			for (const key of operand.keys()) {
				if (key !== 'date' && key !== 'timezone') throw storeError(40535, `unrecognized option to ${name}: "${key}"`);
			}
			if (!operand.has('date'))
				throw storeError(40539, `missing 'date' argument to ${name}, provided: ${name}: ${show(operand)}`);
			({ date, timezone: zone } = compileNamed(operand, env, name, ['date'], ['timezone']));
		} else {
			if (Array.isArray(operand) && operand.length !== 1) {
				throw storeError(
					40536,
					`${name} accepts exactly one argument if given an array, but was given ${operand.length}`
				);
			}
			[date] = compileArguments(operand, env, name, 1);
		}
		return (root) => {
			const value = date?.(root);
			const where = zoneOf(zone, root);
			if (isNullish(value) || where === null) return null;
			return read(inZone(instantOf(value), where));
		};
	};
}

const int = (read: (local: Date) => number) => part((local) => int32(read(local)));

const dateAdd =
	(sign: 1 | -1): Operator =>
	(operand, env, name) => {
		const args = compileNamed(operand, env, name, ['startDate', 'unit', 'amount'], ['timezone']);
		return (root) => {
			const [start, unit, amount] = [args.startDate(root), args.unit(root), args.amount(root)];
			const zone = zoneOf(args.timezone, root);
			if (isNullish(start) || isNullish(unit) || isNullish(amount) || zone === null) return null;
			const count = toSafeInteger(amount);
			if (count === null) throw storeError(5166405, `${name} expects integer amount of time units`);
			return new Date(addUnits(instantOf(start, 5166403), readUnit(unit, name), count * sign, zone));
		};
	};

const dateDiff: Operator = (operand, env, name) => {
	const args = compileNamed(operand, env, name, ['startDate', 'endDate', 'unit'], ['timezone', 'startOfWeek']);
	return (root) => {
		const [start, end, unit] = [args.startDate(root), args.endDate(root), args.unit(root)];
		const zone = zoneOf(args.timezone, root);
		const week = args.startOfWeek ? args.startOfWeek(root) : 'sunday';
		if (isNullish(start) || isNullish(end) || isNullish(unit) || zone === null) return null;
		const which = readUnit(unit, name);
		if (which === 'week' && isNullish(week)) return null;
		const weekStart = which === 'week' ? readWeekday(week, name) : 0;
		return Long.fromNumber(unitsBetween(instantOf(start, 5166307), instantOf(end, 5166307), which, zone, weekStart));
	};
};

const dateTrunc: Operator = (operand, env, name) => {
	const args = compileNamed(operand, env, name, ['date', 'unit'], ['binSize', 'timezone', 'startOfWeek']);
	return (root) => {
		const [date, unit] = [args.date(root), args.unit(root)];
		const size = args.binSize ? args.binSize(root) : int32(1);
		const zone = zoneOf(args.timezone, root);
		const week = args.startOfWeek ? args.startOfWeek(root) : 'sunday';
		if (isNullish(date) || isNullish(unit) || isNullish(size) || zone === null) return null;
		const bins = toSafeInteger(size);
		if (bins === null || bins <= 0)
			throw storeError(5439018, "$dateTrunc requires 'binSize' to be greater than 0 and a 64-bit integer");
		const which = readUnit(unit, name);
		if (which === 'week' && isNullish(week)) return null;
		return new Date(
			truncateDate(instantOf(date, 5439012), which, bins, zone, which === 'week' ? readWeekday(week, name) : 0)
		);
	};
};

const dateToString: Operator = (operand, env, name) => {
	const args = compileNamed(operand, env, name, ['date'], ['format', 'timezone', 'onNull']);
	return (root) => {
		const date = args.date(root);
		if (isNullish(date)) return args.onNull ? args.onNull(root) : null;
		const zone = zoneOf(args.timezone, root);
		if (zone === null) return null;
		const fallback =
			zone === undefined || zone === 'UTC' || zone === 'GMT' ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L';
		const format = args.format ? args.format(root) : fallback;
		if (isNullish(format)) return null;
		if (typeof format !== 'string')
			throw storeError(18533, `$dateToString requires that 'format' be a string, found: ${typeName(format)}`);
		return formatDate(instantOf(date), format, zone);
	};
};

const dateFromString: Operator = (operand, env, name) => {
	const args = compileNamed(operand, env, name, ['dateString'], ['format', 'timezone', 'onNull', 'onError']);
	return (root) => {
		const text = args.dateString(root);
		const zone = zoneOf(args.timezone, root);
		const format = args.format?.(root);
		if (isNullish(text)) return args.onNull ? args.onNull(root) : null;
		if (zone === null || (args.format && isNullish(format))) return null;
		try {
			if (typeof text !== 'string') {
				throw storeError(
					'ConversionFailure',
					`$dateFromString requires that 'dateString' be a string, found: ${typeName(text)} with value ${show(text)}`
				);
			}
			return typeof format === 'string' ? parseFormatted(text, format, zone) : parseIsoDate(text, zone);
		} catch (error) {
			if (args.onError) return args.onError(root);
			throw error;
		}
	};
};

const CLOCK = ['hour', 'minute', 'second', 'millisecond'] as const;

const dateFromParts: Operator = (operand, env, name) => {
	if (!isDoc(operand)) throw storeError(40519, '$dateFromParts only supports an object as its argument');
	const iso = operand.has('isoWeekYear');
	if (!iso && !operand.has('year')) {
		throw storeError(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present");
	}
	const fields = iso ? (['isoWeekYear', 'isoWeek', 'isoDayOfWeek'] as const) : (['year', 'month', 'day'] as const);
	const names = [...fields, ...CLOCK];
	const args = compileNamed(operand, env, name, [], [...names, 'timezone']);
	return (root) => {
		const zone = zoneOf(args.timezone, root);
		if (zone === null) return null;
		const numbers: number[] = [];
		for (const [index, key] of names.entries()) {
			const evaluate = (args as Record<string, Eval | undefined>)[key];
			const value = evaluate ? evaluate(root) : int32(index === 1 || index === 2 ? 1 : 0);
			if (isNullish(value)) return null;
			const number = isNumeric(value) ? toSafeInteger(value) : null;
			if (number === null)
				throw storeError(
					40515,
					`'${key}' must evaluate to an integer, found ${typeName(value)} with value ${show(value)}`
				);
			numbers.push(number);
		}
		const [year, month, day, hour, minute, second, millis] = numbers as [
			number,
			number,
			number,
			number,
			number,
			number,
			number
		];
		if (year < 1 || year > 9999)
			throw storeError(40523, `'${fields[0]}' must evaluate to an integer in the range 1 to 9999, found ${year}`);
		const start = iso ? fromIsoWeek(year, month, day) : utc(year, month, day);
		return new Date(localToUtc(start + ((hour * 60 + minute) * 60 + second) * 1000 + millis, zone));
	};
};

function parts(local: Date, iso: boolean): Doc {
	const { year, week } = isoWeek(local);
	const days: [string, number][] = iso
		? [
				['isoWeekYear', year],
				['isoWeek', week],
				['isoDayOfWeek', local.getUTCDay() || 7]
			]
		: [
				['year', local.getUTCFullYear()],
				['month', local.getUTCMonth() + 1],
				['day', local.getUTCDate()]
			];
	const clock: [string, number][] = [
		['hour', local.getUTCHours()],
		['minute', local.getUTCMinutes()],
		['second', local.getUTCSeconds()],
		['millisecond', local.getUTCMilliseconds()]
	];
	return new Map([...days, ...clock].map(([name, value]) => [name, int32(value)]));
}

function dateToParts(operand: Value, env: ExpressionEnv, name: string): Eval {
	if (!isDoc(operand)) throw failedToParse('$dateToParts only supports an object as its argument');
	const args = compileNamed(operand, env, name, ['date'], ['timezone', 'iso8601']);
	return (root) => {
		const date = args.date(root);
		const zone = zoneOf(args.timezone, root);
		const iso = args.iso8601 ? args.iso8601(root) : false;
		if (isNullish(date) || zone === null || isNullish(iso)) return null;
		return parts(inZone(instantOf(date), zone), isTruthy(iso));
	};
}

export const DATES: OperatorTable = {
	$year: int((local) => local.getUTCFullYear()),
	$month: int((local) => local.getUTCMonth() + 1),
	$dayOfMonth: int((local) => local.getUTCDate()),
	$dayOfWeek: int((local) => local.getUTCDay() + 1),
	$dayOfYear: int(dayOfYear),
	$hour: int((local) => local.getUTCHours()),
	$minute: int((local) => local.getUTCMinutes()),
	$second: int((local) => local.getUTCSeconds()),
	$millisecond: int((local) => local.getUTCMilliseconds()),
	$week: int(sundayWeek),
	$isoWeek: int((local) => isoWeek(local).week),
	$isoDayOfWeek: int((local) => local.getUTCDay() || 7),
	$isoWeekYear: part((local) => Long.fromNumber(isoWeek(local).year)),
	$dateAdd: dateAdd(1),
	$dateSubtract: dateAdd(-1),
	$dateDiff: dateDiff,
	$dateTrunc: dateTrunc,
	$dateToString: dateToString,
	$dateFromString: dateFromString,
	$dateFromParts: dateFromParts,
	$dateToParts: dateToParts
};
