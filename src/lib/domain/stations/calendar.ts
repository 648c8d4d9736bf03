import { z } from 'zod';
import { daySchema, idSchema, requiredLineSchema, versionSchema } from '#lib/domain/shared/fields.ts';
import { addDays, daysBetween } from '#lib/domain/shared/days.ts';

/** A day that is not what its weekday says: off (a holiday), or worked (a weekend day made up for, 调休). */
export const calendarDaySchema = z.object({ day: daySchema, kind: z.enum(['off', 'work']), name: requiredLineSchema(30) });
export type CalendarDay = z.infer<typeof calendarDaySchema>;

/** Longest period entered at once, days. */
const longest = 31;

/** A run of days, as people announce holidays. `to` empty: one day. */
export const calendarPeriodSchema = z
	.object({
		from: daySchema,
		to: daySchema.or(z.literal('')).default(''),
		kind: z.enum(['off', 'work']),
		name: requiredLineSchema(30)
	})
	.transform((period) => ({ ...period, to: period.to === '' ? period.from : period.to }))
	.refine(({ from, to }) => to >= from, { error: 'period_backwards', path: ['to'] })
	.refine(({ from, to }) => daysBetween(from, to) < longest, { error: 'period_long', path: ['to'] });

/** Whose calendar: the whole platform's, or a city's. */
export const calendarOwnerSchema = z.literal('platform').or(idSchema);

export const calendarAddSchema = z.intersection(calendarPeriodSchema, z.object({ of: calendarOwnerSchema, version: versionSchema }));
export const calendarRemoveSchema = z.object({ day: daySchema, of: calendarOwnerSchema, version: versionSchema });

/** The days of a period. */
export const daysOfPeriod = ({ from, to, kind, name }: z.infer<typeof calendarPeriodSchema>): CalendarDay[] =>
	Array.from({ length: daysBetween(from, to) + 1 }, (_, at) => ({ day: addDays(from, at), kind, name }));

/** Days that differ from the plain week, as `noticeEnd` takes them. */
export type WorkCalendar = { off: ReadonlySet<string>; work: ReadonlySet<string> };

export const workCalendar = (days: readonly CalendarDay[]): WorkCalendar => ({
	off: new Set(days.filter(({ kind }) => kind === 'off').map(({ day }) => day)),
	work: new Set(days.filter(({ kind }) => kind === 'work').map(({ day }) => day))
});
