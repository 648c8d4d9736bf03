const zoneMs = 8 * 3600_000;
const dayMs = 86_400_000;

/** The calendar day of an instant in Asia/Shanghai (UTC+8 all year), `YYYY-MM-DD`. */
export const dayOf = (instant: Date): string => new Date(instant.getTime() + zoneMs).toISOString().slice(0, 10);

/** The instant a day begins in Asia/Shanghai. */
export const dayStart = (day: string): Date => new Date(Date.parse(`${day}T00:00:00Z`) - zoneMs);

/** The day so many days later (or earlier, when negative). */
export const addDays = (day: string, days: number): string =>
	new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

/** The same day so many months later; the last day of the month where that day does not exist (31 Aug + 6 → 28 Feb). */
export const addMonths = (day: string, months: number): string => {
	const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
	const lastDay = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
	return new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastDay))).toISOString().slice(0, 10);
};

/** Whole days from one day to another; negative when the second comes first. */
export const daysBetween = (from: string, to: string): number =>
	Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
