import { storeError } from '../errors.ts';
import { localToUtc } from './zones.ts';

const ISO =
	/^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ](\d{1,2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?$/i;

/** Minutes east of UTC of a written offset. */
export function offsetMinutes(text: string): number {
	const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(text);
	if (!match) return 0;
	return (Number(match[2]) * 60 + Number(match[3] ?? 0)) * (match[1] === '-' ? -1 : 1);
}

/** Reads an ISO 8601 date; times without an offset are in the given zone (UTC if none). */
export function parseIsoDate(text: string, zone?: string): Date {
	const match = ISO.exec(text.trim());
	const fail = () => storeError('ConversionFailure', `Error parsing date string '${text}'`);
	if (!match) throw fail();
	const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
		.slice(1, 7)
		.map((part) => (part === undefined ? undefined : Number(part))) as [
		number,
		number?,
		number?,
		number?,
		number?,
		number?
	];
	const millis = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
	if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) throw fail();
	const local = utc(year, month, day, hour, minute, second, millis);
	if (new Date(local).getUTCMonth() !== month - 1) throw fail();
	if (match[8] !== undefined) {
		if (zone !== undefined)
			throw storeError(
				'ConversionFailure',
				`you cannot pass in a date/time string with time zone information ('${match[8]}') together with a timezone argument`
			);
		return new Date(local - offsetMinutes(match[8]) * 60000);
	}
	return new Date(zone === undefined ? local : localToUtc(local, zone));
}

/** `Date.UTC` for any year, the first two-digit ones too; months count from 1. */
export function utc(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, millis = 0): number {
	const date = new Date(Date.UTC(2000, 0, 1));
	date.setUTCFullYear(year, month - 1, day);
	date.setUTCHours(hour, minute, second, millis);
	return date.getTime();
}
