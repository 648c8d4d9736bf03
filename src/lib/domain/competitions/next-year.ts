import { isWorkingDay, type SpecialDays } from '#lib/domain/judging/notice.ts';
import { addDays, addMonths, dayOf, dayStart } from '#lib/domain/shared/days.ts';
import type { Timeline } from './types.ts';

/** Longest run of days off that is stepped over, days; no calendar has a longer one. */
const longestBreak = 30;

const moved = (moment: string, years: number, calendar: SpecialDays): string => {
	const instant = new Date(moment);
	const day = dayOf(instant);
	const sinceMidnight = instant.getTime() - dayStart(day).getTime();
	let to = addMonths(day, 12 * years);
	for (let left = longestBreak; left > 0 && !isWorkingDay(to, calendar); left -= 1) to = addDays(to, 1);
	return new Date(dayStart(to).getTime() + sinceMidnight).toISOString();
};

/**
 * The times of an earlier competition, as many whole years later as it takes to open after `now`: the same day and
 * time, or the next working day where that day is none. Times in ISO 8601 UTC, days in Shanghai.
 */
export const timelineNextYear = (timeline: Timeline, now: Date, calendar: SpecialDays): Timeline => {
	let years = 1;
	while (years < 50 && Date.parse(moved(timeline.opensAt, years, calendar)) <= now.getTime()) years += 1;
	const move = (moment: string) => moved(moment, years, calendar);
	return {
		announcesAt: timeline.announcesAt === null ? null : move(timeline.announcesAt),
		opensAt: move(timeline.opensAt),
		closesAt: move(timeline.closesAt),
		graceSeconds: timeline.graceSeconds,
		scoringUntil: timeline.scoringUntil === null ? null : move(timeline.scoringUntil)
	};
};

const yearOf = (text: string): RegExpExecArray | null => /(20\d{2})(?!\d)/.exec(text);

/** The name a competition could have in the year it opens: its year counted on, or the year put after it. */
export const titleInYear = (title: string, year: number): string => {
	const found = yearOf(title);
	return found ? title.replace(found[0], String(year)) : `${title} ${year}`;
};

/** Likewise for its address, at most 40 characters. */
export const slugInYear = (slug: string, year: number): string => {
	const found = yearOf(slug);
	return found ? slug.replace(found[0], String(year)) : `${slug.slice(0, 35)}-${year}`;
};
