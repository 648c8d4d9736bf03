import { failedToParse, storeError } from '../errors.ts';
import { dayOfYear, fromIsoWeek, isoWeek, sundayWeek } from './calendar.ts';
import { offsetMinutes, utc } from './date-text.ts';
import { localToUtc, zoneOffset } from './zones.ts';

const MONTHS = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December'
];
const two = (value: number) => String(value).padStart(2, '0');

type Moment = { local: Date; offset: number };

/** `%`-letters of `$dateToString`. */
const WRITERS: Record<string, (moment: Moment) => string> = {
	Y: ({ local }) => String(local.getUTCFullYear()).padStart(4, '0'),
	m: ({ local }) => two(local.getUTCMonth() + 1),
	d: ({ local }) => two(local.getUTCDate()),
	H: ({ local }) => two(local.getUTCHours()),
	M: ({ local }) => two(local.getUTCMinutes()),
	S: ({ local }) => two(local.getUTCSeconds()),
	L: ({ local }) => String(local.getUTCMilliseconds()).padStart(3, '0'),
	j: ({ local }) => String(dayOfYear(local)).padStart(3, '0'),
	w: ({ local }) => String(local.getUTCDay() + 1),
	u: ({ local }) => String(local.getUTCDay() || 7),
	U: ({ local }) => two(sundayWeek(local)),
	V: ({ local }) => two(isoWeek(local).week),
	G: ({ local }) => String(isoWeek(local).year).padStart(4, '0'),
	b: ({ local }) => (MONTHS[local.getUTCMonth()] ?? '').slice(0, 3),
	B: ({ local }) => MONTHS[local.getUTCMonth()] ?? '',
	z: ({ offset }) => `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`,
	Z: ({ offset }) => String(offset),
	'%': () => '%'
};

/** Writes an instant by a format of `%` letters. */
export function formatDate(instant: number, format: string, zone: string | undefined): string {
	const offset = zoneOffset(zone, instant);
	const moment: Moment = { local: new Date(instant + offset), offset: Math.round(offset / 60000) };
	return format.replace(/%([\s\S]?)/g, (_, letter: string) => {
		if (letter === '') throw storeError(18535, "Unmatched '%' at end of format string");
		const write = Object.hasOwn(WRITERS, letter) ? WRITERS[letter] : undefined;
		if (!write) throw storeError(18536, `Invalid format character '%${letter}' in format string`);
		return write(moment);
	});
}

const READERS: Record<string, string> = {
	Y: '(\\d{4})',
	m: '(\\d{1,2})',
	d: '(\\d{1,2})',
	H: '(\\d{1,2})',
	M: '(\\d{1,2})',
	S: '(\\d{1,2})',
	L: '(\\d{1,3})',
	j: '(\\d{1,3})',
	u: '([1-7])',
	V: '(\\d{1,2})',
	G: '(\\d{4})',
	b: '([A-Za-z]{3})',
	B: '([A-Za-z]+)',
	z: '(Z|[+-]\\d{2}:?(?:\\d{2})?)',
	Z: '([+-]?\\d{1,4})'
};

/** Reads a date by a format of `%` letters. */
export function parseFormatted(text: string, format: string, zone: string | undefined): Date {
	const letters: string[] = [];
	const source = format.replace(/%([\s\S]?)|[\^$\\.*+?()[\]{}|]/g, (found, letter: string | undefined) => {
		if (letter === undefined) return `\\${found}`;
		if (letter === '%') return '%';
		const reader = Object.hasOwn(READERS, letter) ? READERS[letter] : undefined;
		if (!reader) throw storeError(18536, `Invalid format character '%${letter}' in format string`);
		letters.push(letter);
		return reader;
	});
	const match = new RegExp(`^${source}$`).exec(text);
	const fail = () => storeError('ConversionFailure', `Error parsing date string '${text}' with format '${format}'`);
	if (!match) throw fail();
	const field = new Map(letters.map((letter, index) => [letter, match[index + 1] ?? '']));
	const number = (letter: string, fallback: number) => (field.has(letter) ? Number(field.get(letter)) : fallback);
	const named = field.get('b') ?? field.get('B');
	const month = named
		? MONTHS.findIndex((name) => name.toLowerCase().startsWith(named.toLowerCase())) + 1
		: number('m', 1);
	if (month < 1 || month > 12) throw fail();
	const time = ((number('H', 0) * 60 + number('M', 0)) * 60 + number('S', 0)) * 1000 + number('L', 0);
	let day: number;
	if (field.has('G') || field.has('V')) day = fromIsoWeek(number('G', 1970), number('V', 1), number('u', 1));
	else if (field.has('j')) day = utc(number('Y', 1970), 1, number('j', 1));
	else {
		if (!field.has('Y'))
			throw failedToParse(`an incomplete date/time string has been found, with elements missing: "${text}"`);
		day = utc(number('Y', 1970), month, number('d', 1));
		if (new Date(day).getUTCMonth() !== month - 1) throw fail();
	}
	const written = field.get('z');
	if (written !== undefined) return new Date(day + time - offsetMinutes(written) * 60000);
	if (field.has('Z')) return new Date(day + time - number('Z', 0) * 60000);
	return new Date(localToUtc(day + time, zone));
}
