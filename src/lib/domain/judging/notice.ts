// Shanghai keeps one offset all year, so its calendar days are plain arithmetic on shifted instants.
const offsetMs = 8 * 3_600_000;
const dayMs = 86_400_000;

/** The calendar day of an instant in Shanghai, counted from 1 January 1970 (a Thursday). */
const dayNumber = (instant: Date): number => Math.floor((instant.getTime() + offsetMs) / dayMs);

const isoDay = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

const isWorkingDay = (day: number, holidays: ReadonlySet<string>): boolean => {
	const weekday = (day + 4) % 7;
	return weekday !== 0 && weekday !== 6 && !holidays.has(isoDay(day));
};

/**
 * When a public notice ends: after so many whole working days (Monday to Friday, without `holidays`), the day of
 * publication not counted, at midnight in Shanghai.
 * @param days at least 1
 * @param holidays days off, `YYYY-MM-DD`
 */
export const noticeEnd = (publishedAt: Date, days: number, holidays: ReadonlySet<string> = new Set()): Date => {
	let day = dayNumber(publishedAt);
	for (let left = days; left > 0; ) {
		day += 1;
		if (isWorkingDay(day, holidays)) left -= 1;
	}
	return new Date((day + 1) * dayMs - offsetMs);
};
