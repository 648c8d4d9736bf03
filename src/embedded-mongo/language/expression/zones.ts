import { storeError } from '../errors.ts';

const FORMATS = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
	let format = FORMATS.get(zone);
	if (!format) {
		try {
			format = new Intl.DateTimeFormat('en-US', {
				timeZone: zone,
				hourCycle: 'h23',
				era: 'short',
				year: 'numeric',
				month: 'numeric',
				day: 'numeric',
				hour: 'numeric',
				minute: 'numeric',
				second: 'numeric'
			});
		} catch {
			throw storeError(40485, `unrecognized time zone identifier: "${zone}"`);
		}
		FORMATS.set(zone, format);
	}
	return format;
}

const FIXED = /^([+-])(\d{2})(?::?(\d{2}))?$/;

/** Milliseconds the zone is ahead of UTC at an instant (milliseconds since the epoch). */
export function zoneOffset(zone: string | undefined, instant: number): number {
	if (zone === undefined || zone === 'UTC' || zone === 'GMT' || zone === 'Z') return 0;
	const fixed = FIXED.exec(zone);
	if (fixed) {
		const minutes = Number(fixed[2]) * 60 + Number(fixed[3] ?? 0);
		return (fixed[1] === '-' ? -minutes : minutes) * 60000;
	}
	const parts: Record<string, string> = {};
	for (const { type, value } of formatOf(zone).formatToParts(instant)) parts[type] = value;
	const year = parts['era'] === 'BC' ? 1 - Number(parts['year']) : Number(parts['year']);
	const local = new Date(0);
	local.setUTCFullYear(year, Number(parts['month']) - 1, Number(parts['day']));
	local.setUTCHours(Number(parts['hour']), Number(parts['minute']), Number(parts['second']), 0);
	return local.getTime() - Math.floor(instant / 1000) * 1000;
}

/** The instant at which clocks in the zone show `local` (given as if it were UTC). */
export function localToUtc(local: number, zone: string | undefined): number {
	const guess = local - zoneOffset(zone, local);
	const offset = zoneOffset(zone, guess);
	const instant = local - offset;
	if (instant === guess) return guess;
	// Near a change of clocks the second look may land on the other side; a time that never was moves forward.
	return zoneOffset(zone, instant) === offset ? instant : Math.max(guess, instant);
}

/** What clocks in the zone show, as a date to be read with its UTC methods. */
export function inZone(instant: number, zone: string | undefined): Date {
	return new Date(instant + zoneOffset(zone, instant));
}
