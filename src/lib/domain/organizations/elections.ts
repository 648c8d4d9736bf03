import { addMonths } from '#lib/domain/shared/days.ts';
import { inOrder, motionOutcome } from './meetings.ts';
import type { MotionInput } from './types.ts';

/** Months an office is held where the group's charter says nothing else; the template's term of two years. */
export const officeMonths = 24;

type Held = { id: string; heldOn: string; eligible: number; present: number; motions: readonly MotionInput[] };
export type ElectionFault = {
	/** Position of the motion in the meeting. */
	motion: number;
	field: 'kind' | 'vacancy';
	code: 'election_same_day' | 'election_overlaps';
	/** Day of the election in the way, and whom it elected. */
	day: string;
	member: string;
};

const isElection = (motion: MotionInput): boolean => motion.kind === 'elect_leader' || motion.kind === 'elect_deputy';

/**
 * What stands against the elections of a meeting: another one to the same office on the same day, or a term still
 * running of somebody who is there and of whom the record says neither that they resigned nor were recalled. Only
 * elections that carry count, on both sides.
 * @param hasLeft - whether a member had left the group by a day
 */
export const electionFaults = (meeting: Held, others: readonly Held[], hasLeft: (member: string, day: string) => boolean): ElectionFault[] => {
	const carried = (held: Held): { kind: MotionInput['kind']; member: string; motion: number; vacancy: string }[] =>
		held.motions.flatMap((motion, at) =>
			isElection(motion) && motionOutcome(held, motion).carried
				? [{ kind: motion.kind, member: motion.candidate, motion: at, vacancy: motion.vacancy ?? '' }]
				: []
		);
	const here = carried(meeting);
	return here.flatMap(({ kind, motion, vacancy }): ElectionFault[] => {
		const twin = here.find((other) => other.kind === kind && other.motion < motion);
		if (twin) return [{ motion, field: 'kind', code: 'election_same_day', day: meeting.heldOn, member: twin.member }];
		const before = inOrder(others.filter(({ id }) => id !== meeting.id)).flatMap((held) =>
			carried(held)
				.filter((election) => election.kind === kind)
				.map(({ member }) => ({ member, day: held.heldOn }))
		);
		const same = before.find(({ day }) => day === meeting.heldOn);
		if (same) return [{ motion, field: 'kind', code: 'election_same_day', ...same }];
		const last = before.filter(({ day }) => day < meeting.heldOn).at(-1);
		if (!last || vacancy !== '' || addMonths(last.day, officeMonths) <= meeting.heldOn || hasLeft(last.member, meeting.heldOn)) return [];
		return [{ motion, field: 'vacancy', code: 'election_overlaps', ...last }];
	});
};
