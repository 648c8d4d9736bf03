import type { DocumentKind } from './tool-terms.ts';
import type { MotionInput } from './types.ts';

/** The share of votes a motion needs, of those present. */
export type VoteRule = 'majority' | 'two_thirds';

export type MotionOutcome = {
	/** More than half, or two thirds, of those present. */
	threshold: VoteRule;
	/** More than half of those entitled to vote were there. */
	quorate: boolean;
	/** Members needed for the quorum. */
	quorum: number;
	/** Votes in favour needed, of those present. */
	needed: number;
	carried: boolean;
};

/**
 * Which rule a kind of motion follows: a charter needs two thirds of those present, everything else more than half.
 *
 * The quorum (more than half of those entitled) and these shares are the platform's defaults for groups too small
 * to have an assembly of delegates; they follow the usual shape of the model charters of social organizations, where
 * a charter needs a qualified majority and an absent or abstaining member does not count as a vote in favour.
 */
export const ruleOf = (kind: MotionInput['kind']): VoteRule => (kind === 'adopt_charter' ? 'two_thirds' : 'majority');

/** Members that must be there: more than half of those entitled. */
export const quorumOf = (eligible: number): number => Math.floor(eligible / 2) + 1;

/** Votes in favour a rule asks of so many present. */
export const votesNeeded = (rule: VoteRule, present: number): number =>
	rule === 'two_thirds' ? Math.ceil((present * 2) / 3) : Math.floor(present / 2) + 1;

/** What came of a motion; computed from the counts alone, never typed. An empty room carries nothing. */
export const motionOutcome = (
	meeting: { eligible: number; present: number },
	motion: Pick<MotionInput, 'kind' | 'for'>
): MotionOutcome => {
	const threshold = ruleOf(motion.kind);
	const quorum = quorumOf(meeting.eligible);
	const needed = Math.max(1, votesNeeded(threshold, meeting.present));
	const quorate = meeting.present >= quorum;
	return { threshold, quorate, quorum, needed, carried: quorate && motion.for >= needed };
};

/** Whether a motion adopts a document of this kind. */
export const adopts = (kind: DocumentKind, motion: Pick<MotionInput, 'kind' | 'rule'>): boolean =>
	kind === 'charter' ? motion.kind === 'adopt_charter' : motion.kind === 'adopt_rule' && motion.rule === kind;

type RecordedMeeting = { id: string; heldOn: string; eligible: number; present: number; motions: readonly MotionInput[] };

/**
 * Who was elected last to an office, by the day of the meeting (and the order of the motions), whatever order the
 * meetings were entered in. Null when no election carried.
 */
export const electedLast = (
	meetings: readonly RecordedMeeting[],
	kind: 'elect_leader' | 'elect_deputy'
): { member: string; meeting: string; heldOn: string } | null => {
	let last: { member: string; meeting: string; heldOn: string } | null = null;
	for (const meeting of inOrder(meetings))
		for (const motion of meeting.motions)
			if (motion.kind === kind && motion.candidate && motionOutcome(meeting, motion).carried)
				last = { member: motion.candidate, meeting: meeting.id, heldOn: meeting.heldOn };
	return last;
};

/** Meetings by day; two on one day by id, so that the order of entry decides nothing. */
export const inOrder = <Meeting extends { id: string; heldOn: string }>(meetings: readonly Meeting[]): Meeting[] =>
	[...meetings].sort((a, b) => (a.heldOn === b.heldOn ? (a.id < b.id ? -1 : 1) : a.heldOn < b.heldOn ? -1 : 1));
