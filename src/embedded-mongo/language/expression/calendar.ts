import { badValue, failedToParse, storeError } from '../errors.ts';
import { utc } from './date-text.ts';
import { inZone, localToUtc } from './zones.ts';

/** Calendar arithmetic on instants (milliseconds since the epoch) as clocks in a zone show them. */
export type Unit = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond';

const FIXED: Partial<Record<Unit, number>> = { millisecond: 1, second: 1000, minute: 60_000, hour: 3_600_000 };
const DAY = 86_400_000;
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const UNITS: readonly string[] = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'];

export function readUnit(value: unknown, name: string): Unit {
	if (typeof value !== 'string') throw storeError(5439013, `${name} requires 'unit' to be a string`);
	if (!UNITS.includes(value)) throw failedToParse(`unknown time unit value: ${value}`);
	return value as Unit;
}

/** 0 for Sunday to 6, from a day's name or its first three letters. */
export function readWeekday(value: unknown, name: string): number {
	if (typeof value !== 'string') throw storeError(5439015, `${name} requires 'startOfWeek' to be a string`);
	const text = value.toLowerCase();
	const found = WEEKDAYS.findIndex((day) => day === text || day.slice(0, 3) === text);
	if (found < 0) throw failedToParse(`unknown day of week value: ${value}`);
	return found;
}

/** Adds whole units; a day of the month that does not exist becomes the last one. */
export function addUnits(instant: number, unit: Unit, amount: number, zone?: string): number {
	const fixed = FIXED[unit];
	if (fixed !== undefined) return checked(instant + fixed * amount);
	const local = inZone(instant, zone);
	if (unit === 'day' || unit === 'week') {
		return checked(localToUtc(local.getTime() + amount * (unit === 'week' ? 7 : 1) * DAY, zone));
	}
	const months = amount * (unit === 'year' ? 12 : unit === 'quarter' ? 3 : 1);
	const index = local.getUTCFullYear() * 12 + local.getUTCMonth() + months;
	const [year, month] = [Math.floor(index / 12), ((index % 12) + 12) % 12];
	const last = new Date(utc(year, month + 2, 0)).getUTCDate();
	const timeOfDay = ((local.getTime() % DAY) + DAY) % DAY;
	return checked(localToUtc(utc(year, month + 1, Math.min(local.getUTCDate(), last)) + timeOfDay, zone));
}

function checked(instant: number): number {
	if (Number.isNaN(instant) || Math.abs(instant) > 8.64e15)
		throw storeError(5166406, 'invalid dateAdd result: date overflow');
	return instant;
}

function monthIndex(local: Date): number {
	return local.getUTCFullYear() * 12 + local.getUTCMonth();
}

/** How many unit boundaries lie between two instants. */
export function unitsBetween(
	start: number,
	end: number,
	unit: Unit,
	zone: string | undefined,
	weekStart: number
): number {
	const fixed = FIXED[unit];
	const [a, b] = [inZone(start, zone), inZone(end, zone)];
	if (fixed !== undefined) {
		// Within an hour all offsets are multiples of minutes, so whole zones shift both ends alike.
		if (unit === 'hour')
			return (
				Math.floor(floorTo(b.getTime(), fixed) / fixed - floorTo(a.getTime(), fixed) / fixed) +
				offsetHours(a, b, start, end)
			);
		return Math.floor(end / fixed) - Math.floor(start / fixed);
	}
	switch (unit) {
		case 'year':
			return b.getUTCFullYear() - a.getUTCFullYear();
		case 'quarter':
			return Math.floor(monthIndex(b) / 3) - Math.floor(monthIndex(a) / 3);
		case 'month':
			return monthIndex(b) - monthIndex(a);
		case 'week':
			return weekNumber(b, weekStart) - weekNumber(a, weekStart);
		default:
			return Math.floor(b.getTime() / DAY) - Math.floor(a.getTime() / DAY);
	}
}

function floorTo(value: number, step: number): number {
	return Math.floor(value / step) * step;
}

/** Hours the clocks were moved between two instants, which are no hours that passed. */
function offsetHours(a: Date, b: Date, start: number, end: number): number {
	return Math.round((a.getTime() - start - (b.getTime() - end)) / 3_600_000);
}

/** Weeks since the epoch, counted from the given weekday. The epoch was a Thursday. */
function weekNumber(local: Date, weekStart: number): number {
	return Math.floor((Math.floor(local.getTime() / DAY) + 4 - weekStart) / 7);
}

/** The start of the bin an instant lies in; bins are counted from 2000-01-01. */
export function truncateDate(
	instant: number,
	unit: Unit,
	size: number,
	zone: string | undefined,
	weekStart: number
): number {
	if (!(size > 0)) throw badValue("$dateTrunc requires 'binSize' to be greater than 0");
	const reference = utc(2000, 1, 1);
	const fixed = FIXED[unit];
	const local = inZone(instant, zone);
	if (fixed !== undefined) {
		const start = localToUtc(reference, zone);
		return start + floorTo(instant - start, fixed * size);
	}
	if (unit === 'day' || unit === 'week') {
		// 2000-01-01 was a Saturday; weeks are counted from the first wanted weekday on or after it.
		const start = unit === 'week' ? reference + ((weekStart - 6 + 7) % 7) * DAY : reference;
		return localToUtc(start + floorTo(local.getTime() - start, DAY * size * (unit === 'week' ? 7 : 1)), zone);
	}
	const months = size * (unit === 'year' ? 12 : unit === 'quarter' ? 3 : 1);
	const index = 2000 * 12 + floorTo(monthIndex(local) - 2000 * 12, months);
	return localToUtc(utc(Math.floor(index / 12), (index % 12) + 1, 1), zone);
}

export function dayOfYear(local: Date): number {
	return Math.floor((local.getTime() - utc(local.getUTCFullYear(), 1, 1)) / DAY) + 1;
}

/** The ISO 8601 week and the year it belongs to. */
export function isoWeek(local: Date): { year: number; week: number } {
	const weekday = local.getUTCDay() || 7;
	const thursday = new Date(local.getTime() + (4 - weekday) * DAY);
	return { year: thursday.getUTCFullYear(), week: Math.ceil(dayOfYear(thursday) / 7) };
}

/** The week of the year from 0, weeks starting on Sunday. */
export function sundayWeek(local: Date): number {
	return Math.floor((dayOfYear(local) + 6 - local.getUTCDay()) / 7);
}

/** The day of an ISO week date; overflowing weeks and days carry. */
export function fromIsoWeek(year: number, week: number, day: number): number {
	const fourth = new Date(utc(year, 1, 4));
	const monday = fourth.getTime() - ((fourth.getUTCDay() || 7) - 1) * DAY;
	return monday + ((week - 1) * 7 + day - 1) * DAY;
}
