const offsetMs = 8 * 3_600_000;

/** A moment as the clock in Shanghai shows it, for formats that know no zones: read it as if it were UTC. */
export const shanghaiClock = (moment: Date): Date => new Date(moment.getTime() + offsetMs);

/** A moment to the second in Shanghai, the same in every language: `2026-03-05 18:00:01`. */
export const clockText = (moment: Date): string => shanghaiClock(moment).toISOString().slice(0, 19).replace('T', ' ');

/**
 * Reads what a date-and-time field posts (`2026-03-05T18:00`, Shanghai time) into ISO 8601 UTC. Text of another
 * shape comes back as it is, for the schema to refuse; empty text is null.
 */
export const momentOfField = (text: string): string | null => {
	if (text.trim() === '') return null;
	const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2})?$/.exec(text.trim());
	if (!match) return text;
	const moment = new Date(`${match[1]}T${match[2]}${match[3] ?? ':00'}+08:00`);
	return Number.isNaN(moment.getTime()) ? text : moment.toISOString();
};
