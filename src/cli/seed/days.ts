/** A day counted from the day of loading, and a time of day in Shanghai: `{ "day": -45, "time": "09:00" }`. */
export type RelativeMoment = { day: number; time?: string };

const dayMs = 86_400_000;
/** Shanghai has had no summer time since 1991: eight hours ahead of UTC all year. */
const shanghaiMs = 8 * 3_600_000;

/** `YYYY-MM-DD` of a moment in Shanghai. */
export const dayOf = (at: Date): string => new Date(at.getTime() + shanghaiMs).toISOString().slice(0, 10);

/** The moment a relative day and time stand for; noon when no time is given. */
export const momentOf = (today: string, { day, time = '12:00' }: RelativeMoment): Date =>
	new Date(Date.parse(`${today}T${time}:00Z`) + day * dayMs - shanghaiMs);
