import { addDays, dayOf, daysBetween } from '#lib/domain/shared/days.ts';
import type { Metric } from './criteria.ts';
import { factKeys, type FactKey } from './fact-terms.ts';
import { motionOutcome } from './meetings.ts';
import { isCurrent, isRecordable, measure, type Evidence, type Measured, type MemberRecord, type OrganizationRecords } from './metrics.ts';
import type { Filing } from './types.ts';

/** What is known of an organization beside its records. */
export type FactContext = {
	filing: Filing;
	/** Competitions won. */
	awards: number;
	/** Activities of the last year that carry a reflection; null when nobody counted them. */
	reflections: number | null;
};

const yearDays = 365;
/** Attendance says something once so many activities of half a year name who came. */
const attendanceDays = 183;
const attendanceActivities = 3;

type Span = { records: OrganizationRecords; context: FactContext; today: string };
type Reader = (span: Span) => Measured;

const counted = (kind: Evidence['kind'], items: readonly { id: string }[]): Measured => ({
	figure: items.length,
	evidence: items.map(({ id }) => ({ kind, id }))
});
const present = ({ records, today }: Span): MemberRecord[] => records.members.filter((member) => isCurrent(member, today));
const withRole =
	(...roles: MemberRecord['role'][]): Reader =>
	(span) =>
		counted('member', present(span).filter(({ role }) => roles.includes(role)));
const heldIn = <Held extends { heldOn: string }>(held: readonly Held[], today: string, days: number): Held[] =>
	held.filter(({ heldOn }) => heldOn > addDays(today, -days) && heldOn <= today);
const yearOf = ({ records, today }: Span) => heldIn(records.activities, today, yearDays).filter(({ kind }) => kind === 'activity');
/** In how many pieces of so many days, counted back from today, something took place. */
const pieces =
	(days: number, most: number): Reader =>
	(span) => {
		const held = heldIn(span.records.activities, span.today, days * most).filter(({ kind }) => kind === 'activity');
		const places = new Set(held.map(({ heldOn }) => Math.floor(daysBetween(heldOn, span.today) / days)));
		return { figure: places.size, evidence: held.map(({ id }) => ({ kind: 'activity', id })) };
	};
/** A metric of the gates; null while nothing of its kind can be recorded. */
const metric =
	(key: Metric, windowDays?: number): Reader =>
	({ records, today }) =>
		isRecordable(key) ? measure(records, key, today, windowDays) : { figure: null, evidence: [] };

/** Share of the roster that came, over the activities of half a year that name who came; null for fewer than three. */
const attendance: Reader = ({ records, today }) => {
	const named = heldIn(records.activities, today, attendanceDays).filter(
		({ kind, attendees }) => kind === 'activity' && attendees.length > 0
	);
	if (named.length < attendanceActivities) return { figure: null, evidence: [] };
	let came = 0;
	let entitled = 0;
	for (const { heldOn, attendees } of named) {
		const roster = new Set(records.members.filter((member) => isCurrent(member, heldOn)).map(({ id }) => id));
		came += new Set(attendees.filter((id) => roster.has(id))).size;
		entitled += roster.size;
	}
	return entitled === 0
		? { figure: null, evidence: [] }
		: { figure: (came * 100) / entitled, evidence: named.map(({ id }) => ({ kind: 'activity', id })) };
};

const carriedElections: Reader = ({ records, today }) =>
	counted(
		'meeting',
		records.meetings.filter(
			(meeting) =>
				meeting.heldOn <= today &&
				meeting.motions.some((motion) => motion.kind === 'elect_leader' && motion.candidate && motionOutcome(meeting, motion).carried)
		)
	);

const readers: Record<FactKey, Reader> = {
	leader_on_roster: withRole('leader'),
	charter_adopted: metric('charter_adopted'),
	filed: ({ context }) => ({ figure: context.filing === 'none' ? 0 : 1, evidence: [] }),
	votes_year: (span) =>
		counted('meeting', heldIn(span.records.meetings, span.today, yearDays).filter(({ motions }) => motions.length > 0)),
	leader_elections: carriedElections,
	core_members: withRole('leader', 'deputy', 'treasurer', 'secretary', 'core'),
	distinct_roles: metric('distinct_roles'),
	deputy_on_roster: withRole('deputy'),
	core_trainings: metric('core_trainings'),
	group_led_share_percent: metric('group_led_share_percent', yearDays),
	roster_members: (span) => counted('member', present(span)),
	attendance_percent: attendance,
	joined_year: (span) => counted('member', present(span).filter(({ joinedOn }) => joinedOn > addDays(span.today, -yearDays))),
	activities_year: (span) => counted('activity', yearOf(span)),
	active_quarters: pieces(91, 4),
	active_months: pieces(30, 12),
	survey_responses: metric('survey_responses'),
	needs_ranked: metric('needs_ranked'),
	proposals_written: metric('proposals_written'),
	projects_closed: metric('projects_closed'),
	treasurer_on_roster: withRole('treasurer'),
	rules_in_force: metric('rules_in_force'),
	accounts_published: metric('accounts_published'),
	outside_resources: metric('outside_resources'),
	awards_won: ({ context }) => ({ figure: context.awards, evidence: [] }),
	recorded_activities: (span) =>
		counted('activity', yearOf(span).filter(({ attendees, guests }) => attendees.length + guests > 0)),
	feedback_activities: (span) =>
		counted('activity', heldIn(span.records.activities, span.today, yearDays).filter(({ feedbackCount }) => feedbackCount > 0)),
	satisfaction_percent: metric('satisfaction_percent', yearDays),
	reflections_year: ({ context }) => ({ figure: context.reflections, evidence: [] }),
	supervision_year: metric('supervision_sessions', yearDays)
};

/** Every figure the record yields, each with the records behind it. Null: nothing to compute it from. */
export type RecordFacts = Record<FactKey, Measured>;

/**
 * Reads all figures off the records. The order of the records means nothing; days in the future do not count.
 * @param now - the moment of asking; years, quarters and months are counted back from its day in Asia/Shanghai
 */
export const recordFacts = (records: OrganizationRecords, context: FactContext, now: Date): RecordFacts => {
	const span = { records, context, today: dayOf(now) };
	return Object.fromEntries(
		factKeys.map((key) => {
			const { figure, evidence } = readers[key](span);
			return [key, { figure, evidence: [...evidence].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)) }];
		})
	) as RecordFacts;
};
