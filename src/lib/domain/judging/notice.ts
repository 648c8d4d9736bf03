import { addDays, dayOf, dayStart } from '#lib/domain/shared/days.ts';

/** Days that differ from the plain week: holidays, and weekend days that are worked to make up for them (调休). */
export type SpecialDays = { off: ReadonlySet<string>; work: ReadonlySet<string> };

const plainWeek: SpecialDays = { off: new Set(), work: new Set() };

/** Whether people work on a day (`YYYY-MM-DD`): Monday to Friday, unless the calendar says otherwise. */
export const isWorkingDay = (day: string, calendar: SpecialDays = plainWeek): boolean => {
	if (calendar.off.has(day)) return false;
	if (calendar.work.has(day)) return true;
	const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
	return weekday !== 0 && weekday !== 6;
};

/**
 * When a public notice ends: after so many whole working days, the day of publication not counted, at midnight in
 * Shanghai.
 * @param days at least 1
 */
export const noticeEnd = (publishedAt: Date, days: number, calendar: SpecialDays = plainWeek): Date => {
	let day = dayOf(publishedAt);
	for (let left = days; left > 0; ) {
		day = addDays(day, 1);
		if (isWorkingDay(day, calendar)) left -= 1;
	}
	return dayStart(addDays(day, 1));
};
