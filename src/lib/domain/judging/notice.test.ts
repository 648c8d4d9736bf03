import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorkingDay, noticeEnd } from '#lib/domain/judging/notice.ts';
import { addDays, dayOf, dayStart } from '#lib/domain/shared/days.ts';
import { calendarPeriodSchema, daysOfPeriod, workCalendar } from '#lib/domain/stations/calendar.ts';
import holidays2026 from '../../../../seeds/defaults/holidays.json' with { type: 'json' };

const calendar2026 = holidays2026.flatMap((period) => daysOfPeriod(calendarPeriodSchema.parse(period)));

describe('noticeEnd', () => {
	it('counts five working days after the day of publication, to midnight in Shanghai', () => {
		// Monday 2 March 2026, 10:00 in Shanghai: the notice runs Tuesday to the next Monday.
		expect(noticeEnd(new Date('2026-03-02T02:00:00Z'), 5).toISOString()).toBe('2026-03-09T16:00:00.000Z');
	});
	it('starts after the weekend when published on a Friday night', () => {
		expect(noticeEnd(new Date('2026-03-06T15:59:00Z'), 1).toISOString()).toBe('2026-03-09T16:00:00.000Z');
	});
	it('goes by the day in Shanghai, not in Greenwich', () => {
		// 16:30 UTC on Thursday is Friday morning in Shanghai, so the first whole working day is Monday.
		expect(noticeEnd(new Date('2026-03-05T16:30:00Z'), 1).toISOString()).toBe('2026-03-09T16:00:00.000Z');
	});
	it('skips holidays', () => {
		const holidays = { off: new Set(['2026-05-01']), work: new Set<string>() };
		expect(noticeEnd(new Date('2026-04-30T02:00:00Z'), 1, holidays).toISOString()).toBe('2026-05-04T16:00:00.000Z');
	});
	it('counts a Saturday that is worked to make up for a holiday', () => {
		const days = workCalendar(calendar2026);
		// Published on 30 September 2026: 1 to 7 October are off, 8 and 9 October are worked, and so is Saturday the 10th.
		expect(noticeEnd(new Date('2026-09-30T02:00:00Z'), 3, days).toISOString()).toBe('2026-10-10T16:00:00.000Z');
		expect(noticeEnd(new Date('2026-09-30T02:00:00Z'), 4, days).toISOString()).toBe('2026-10-12T16:00:00.000Z');
	});
	it('ends on a midnight after so many working days, whatever the calendar', () => {
		const day = fc.integer({ min: 0, max: 60 }).map((n) => addDays('2026-03-01', n));
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 15 }), fc.array(day), fc.array(day), (from, days, off, work) => {
				const calendar = { off: new Set(off), work: new Set(work) };
				const published = dayStart(addDays('2026-03-01', from));
				const end = noticeEnd(published, days, calendar);
				let counted = 0;
				for (let one = addDays(dayOf(published), 1); dayStart(one) < end; one = addDays(one, 1)) if (isWorkingDay(one, calendar)) counted += 1;
				expect(counted).toBe(days);
				expect(dayStart(dayOf(end)).getTime()).toBe(end.getTime());
				expect(isWorkingDay(addDays(dayOf(end), -1), calendar)).toBe(true);
			})
		);
	});
});
