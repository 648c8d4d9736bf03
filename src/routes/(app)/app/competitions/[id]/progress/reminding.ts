import { dayOf } from '#lib/domain/shared/days.ts';
import { getLocale } from '#lib/i18n/generated/runtime.js';
import { m } from '#lib/i18n/generated/messages.js';
import { now } from '#lib/server/platform/clock.ts';
import { formatDateTime } from '#lib/ui/format.ts';

type JudgeProgress = { id: string; name: string; status: string; assigned: number; submitted: number; remindedAt: Date | null };
type Call = { title: string; timeline: { scoringUntil: Date | null } };

/** Who is behind, most open first, with a text for each to send by other ways; null when nobody is. */
export const remindingOf = (judges: readonly JudgeProgress[], { title, timeline }: Call, origin: string) => {
	const due = timeline.scoringUntil ? m.remind_ready_due({ due: formatDateTime(timeline.scoringUntil, getLocale()) }) : '';
	const link = `${origin}/app/judging`;
	const today = dayOf(now());
	const behind = judges
		.filter(({ assigned, submitted }) => submitted < assigned)
		.map(({ id, name, status, assigned, submitted, remindedAt }) => ({
			...{ id, name, remindedAt, open: assigned - submitted, joined: status === 'accepted' },
			today: remindedAt !== null && dayOf(remindedAt) === today,
			words: m.remind_ready({ title, n: assigned - submitted, due, link })
		}))
		.sort((a, b) => b.open - a.open);
	if (behind.length === 0) return null;
	const all = behind.reduce((sum, { open }) => sum + open, 0);
	return { behind, reachable: behind.filter(({ joined, today: done }) => joined && !done).length, words: m.remind_ready_all({ title, n: all, due, link }) };
};
