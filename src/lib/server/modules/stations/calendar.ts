import { can, scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import {
	calendarPeriodSchema,
	daysOfPeriod,
	workCalendar,
	type CalendarDay,
	type WorkCalendar
} from '#lib/domain/stations/calendar.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey } from '#lib/server/platform/db/index.ts';
import { forbidden, notFound, stale } from '#lib/server/platform/errors.ts';
import holidays from '../../../../../seeds/defaults/holidays.json' with { type: 'json' };
import { recordAct } from '../audit/index.ts';
import { Calendar, type CalendarDocument } from './calendar-model.ts';
import { stationById, stationsByIds } from './queries.ts';

const byDay = (a: CalendarDay, b: CalendarDay): number => (a.day < b.day ? -1 : 1);

const defaultDays = (): CalendarDay[] =>
	holidays.flatMap((period) => daysOfPeriod(calendarPeriodSchema.parse(period))).sort(byDay);

/** The calendar a station goes by: its own or the nearest above it, the platform's, or the published holidays. */
const nearest = async (path: readonly string[]): Promise<{ of: string; days: CalendarDay[]; document: CalendarDocument | null }> => {
	const found = await Calendar.find({ _id: { $in: ['platform', ...path] } }).lean();
	const order = [...path].reverse().concat('platform');
	for (const of of order) {
		const document = found.find(({ _id }) => _id === of);
		if (document) return { of, days: document.days, document };
	}
	return { of: 'default', days: defaultDays(), document: null };
};

/** Holidays and worked weekends for a station, by its path from the city down. */
export const workingDaysOf = async (path: readonly string[]): Promise<WorkCalendar> => workCalendar((await nearest(path)).days);

/** Whose calendars somebody may edit: the platform's, and that of the cities they head. */
export type CalendarOwner = { of: string; name: string };

export const calendarsOf = async (actor: Actor): Promise<CalendarOwner[]> => {
	const stations = [...(await stationsByIds(scopeIds(actor, 'station', ['head']))).values()];
	return [
		...(can(actor, 'platform.administer') ? [{ of: 'platform', name: '' }] : []),
		...stations.filter(({ level }) => level === 'city').map(({ id, name }) => ({ of: id, name }))
	];
};

const pathOf = async (actor: Actor, of: string): Promise<string[]> => {
	if (of === 'platform') {
		if (!can(actor, 'platform.administer')) throw forbidden();
		return [];
	}
	const station = await stationById(of);
	if (station.level !== 'city') throw notFound();
	if (!can(actor, 'calendar.edit', { station: station.id, stationPath: station.path })) throw forbidden();
	return station.path;
};

export type CalendarView = {
	of: string;
	days: CalendarDay[];
	/** `own` once it was edited here; else what it goes by: the platform's, or the published holidays. */
	source: 'own' | 'platform' | 'default';
	version: number;
	updatedAt: Date | null;
	byName: string;
};

/** A calendar for editing. */
export const readCalendar = async (actor: Actor, of: string): Promise<CalendarView> => {
	const { of: source, days, document } = await nearest(await pathOf(actor, of));
	const own = source === of;
	return {
		of,
		days,
		source: own ? 'own' : source === 'platform' ? 'platform' : 'default',
		version: own ? (document?.version ?? 0) : 0,
		updatedAt: own ? (document?.updatedAt ?? null) : null,
		byName: own ? (document?.byName ?? '') : ''
	};
};

/**
 * Adds days to a calendar or takes one out. The first change makes a copy of what was gone by, so that a city's calendar
 * is complete by itself. Notices that run keep the end they were published with.
 */
export const editCalendar = async (
	actor: Actor,
	of: string,
	change: { add?: CalendarDay[]; remove?: string },
	version: number
): Promise<CalendarView> => {
	const path = await pathOf(actor, of);
	const before = await nearest(path);
	const own = before.of === of;
	const current = own ? (before.document?.version ?? 0) : 0;
	if (version !== current) throw stale(await readCalendar(actor, of));
	const added = change.add ?? [];
	const replaced = new Set([...added.map(({ day }) => day), ...(change.remove ? [change.remove] : [])]);
	const days = [...before.days.filter(({ day }) => !replaced.has(day)), ...added].sort(byDay);
	const next = { days, updatedAt: now(), byName: actor.kind === 'user' ? actor.name : '' };
	const written = own
		? (await Calendar.updateOne({ _id: of, version }, { $set: next, $inc: { version: 1 } })).matchedCount > 0
		: await Calendar.create({ _id: of, ...next, version: 1 }).then(
				() => true,
				(error: unknown) => {
					if (isDuplicateKey(error)) return false;
					throw error;
				}
			);
	if (!written) throw stale(await readCalendar(actor, of));
	await recordAct({ chain: `calendar:${of}`, actor, action: 'calendar_edited', subject: of, detail: { ...change, version: version + 1 } });
	return readCalendar(actor, of);
};
