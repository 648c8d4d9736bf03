import type { Actor } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { Reminder } from '../panel-model.ts';

/** The last reminder a judge got in a competition. */
export type OwnReminder = { competition: string; text: string; at: Date; byName: string };

/** How long a reminder stays in sight, milliseconds. */
const shownMs = 3 * 86_400_000;

/** The actor's latest reminder in each competition, of the last three days. */
export const ownReminders = async (actor: Actor): Promise<OwnReminder[]> => {
	if (actor.kind !== 'user') return [];
	const since = new Date(now().getTime() - shownMs);
	const found = await Reminder.find({ user: actor.id, at: { $gte: since } }, { competition: 1, text: 1, at: 1, byName: 1 }).sort({ user: 1, at: -1 }).limit(50).lean();
	const latest = new Map<string, OwnReminder>();
	for (const { competition, text, at, byName } of found) if (!latest.has(competition)) latest.set(competition, { competition, text, at, byName });
	return [...latest.values()];
};

/** When each judge of a competition was last reminded, and by whom. */
export const lastReminders = async (competition: string): Promise<Map<string, { at: Date; byName: string }>> => {
	const found = await Reminder.find({ competition }, { judge: 1, at: 1, byName: 1 }).sort({ competition: 1, at: -1 }).limit(2000).lean();
	const last = new Map<string, { at: Date; byName: string }>();
	for (const { judge, at, byName } of found) if (!last.has(judge)) last.set(judge, { at, byName });
	return last;
};
