import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { judgingQueue, openRooms, ownAppointments, ownReminders, pitchToFollow, runningPitches } from '#lib/server/modules/judging/index.ts';
import { now } from '#lib/server/platform/clock.ts';
import { roundKindWord } from '#lib/ui/features/competitions/words.ts';
import type { PageServerLoad } from './$types';

/** Rounds that are over stay readable, below those to be scored. */
export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [found, rooms, reminders, appointments] = await Promise.all([forPage(judgingQueue(actor)), openRooms(actor), ownReminders(actor), ownAppointments(actor)]);
	// What a line of the queue shows, and nothing else: the page's script takes it over.
	const groups = found.map((group) => ({
		...group,
		reminder: group.state === 'judging' ? (reminders.find(({ competition }) => competition === group.competition) ?? null) : null,
		rounds: group.rounds.map(({ key, label, kind }) => ({ key, label, kind: roundKindWord(kind) })),
		items: group.items.map(({ id, round, number, title, organization, status, total }) => ({
			...{ id, number, title, organization, status, total },
			...(group.rounds.length > 0 ? { round } : {})
		}))
	}));
	const pitching = await runningPitches(actor, groups.flatMap((group) => (group.pitch && group.state === 'judging' ? [group.competition] : [])));
	const [competition] = pitching;
	const live = competition === undefined ? null : await forPage(pitchToFollow(actor, competition));
	const current = ['screening', 'judging'];
	return {
		rooms,
		// Where nothing is assigned yet there is no list to find one's own introduction below.
		appointments: appointments.filter(({ competition: id }) => !groups.some((group) => group.competition === id)),
		pitch: competition !== undefined && live ? { competition, first: live.now, now: now().toISOString() } : null,
		current: groups.filter((group) => current.includes(group.state)),
		past: groups.filter((group) => !current.includes(group.state))
	};
};
