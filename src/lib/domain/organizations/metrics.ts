import { addDays } from '#lib/domain/shared/days.ts';
import { nothingAsked, type AskedFigures } from './asked.ts';
import type { Metric } from './criteria.ts';
import { adopts, electedLast, motionOutcome } from './meetings.ts';
import { stationTrainings, supervisionsAbout, toolMeasurers, type ToolRecords } from './tool-metrics.ts';
import { documentKinds, type DocumentKind } from './tool-terms.ts';
import type { MemberRole, MotionInput } from './types.ts';

export type EvidenceKind = 'member' | 'activity' | 'meeting' | 'file' | 'proposal' | 'training' | 'supervision' | 'entry' | 'survey' | 'interview' | 'need';
/** A record that counts towards a criterion. */
export type Evidence = { kind: EvidenceKind; id: string };

export type MemberRecord = {
	id: string;
	role: MemberRole;
	prospective: boolean;
	/** Days, `YYYY-MM-DD`; `leftOn` is '' for those who are still there. */
	joinedOn: string;
	leftOn: string;
};
export type ActivityRecord = {
	id: string;
	kind: 'activity' | 'training' | 'supervision';
	heldOn: string;
	organizer: 'group' | 'worker';
	/** Ids of roster members. */
	attendees: readonly string[];
	guests: number;
	feedbackCount: number;
	satisfiedCount: number;
};
export type MeetingRecord = {
	id: string;
	heldOn: string;
	eligible: number;
	present: number;
	motions: readonly MotionInput[];
};

/** A text that was put to the vote, the meeting it was linked to, and the day from which it is to hold. */
export type DocumentRecord = { kind: DocumentKind; meeting: string; inForceOn: string };

/** Everything recorded that gates and levels are computed from. Order means nothing. */
export type OrganizationRecords = {
	members: readonly MemberRecord[];
	activities: readonly ActivityRecord[];
	meetings: readonly MeetingRecord[];
	/** Proposals the organization has submitted. */
	proposals: readonly { id: string; day: string }[];
	/** Trainings, supervision, projects, accounts and resources; none where nothing was read. */
	tools?: ToolRecords;
	/** Texts of the charter and the rules that were linked to the meeting that adopted them; absent: none. */
	documents?: readonly DocumentRecord[];
	/** What surveys and interviews brought in; absent: nothing yet. */
	asked?: AskedFigures;
};

/** A figure and the records it comes from. Null: nothing to compute it from yet. */
export type Measured = {
	figure: number | null;
	evidence: Evidence[];
	/** What the record has only half of: `text`: a vote was carried, and what it adopted is not there. */
	missing?: 'text';
};

type Span = { from: string; today: string };
type Measurer = (records: OrganizationRecords, span: Span) => Measured;

/** Whether a member belongs to the roster on a day. */
export const isCurrent = (member: MemberRecord, today: string): boolean =>
	member.joinedOn <= today && (member.leftOn === '' || member.leftOn > today);

const current = (records: OrganizationRecords, { today }: Span) =>
	records.members.filter((member) => isCurrent(member, today));
const within = <Held extends { heldOn: string }>(held: readonly Held[], { from, today }: Span): Held[] =>
	held.filter(({ heldOn }) => heldOn > from && heldOn <= today);
const listed = (kind: EvidenceKind, items: readonly { id: string }[]): Measured => ({
	figure: items.length,
	evidence: items.map(({ id }) => ({ kind, id }))
});
/** Records of two kinds as one count. */
const together = (a: Measured, b: Measured): Measured => ({
	figure: (a.figure ?? 0) + (b.figure ?? 0),
	evidence: [...a.evidence, ...b.evidence]
});
const activitiesOf = (records: OrganizationRecords, span: Span, kind: ActivityRecord['kind']): ActivityRecord[] =>
	within(records.activities, span).filter((activity) => activity.kind === kind);

const elected =
	(kind: 'elect_leader' | 'elect_deputy', role: MemberRole): Measurer =>
	(records, span) => {
		const last = electedLast(within(records.meetings, span), kind);
		const stillThere = last && current(records, span).some((member) => member.id === last.member && member.role === role);
		return last && stillThere
			? { figure: 1, evidence: [{ kind: 'meeting', id: last.meeting }] }
			: { figure: 0, evidence: [] };
	};

/** The meetings of the span whose vote on a kind of document carried. */
const carriedFor = (records: OrganizationRecords, span: Span, kind: DocumentKind): Set<string> =>
	new Set(
		within(records.meetings, span)
			.filter((meeting) => meeting.motions.some((motion) => adopts(kind, motion) && motionOutcome(meeting, motion).carried))
			.map(({ id }) => id)
	);

/**
 * Kinds of documents that were adopted: a text, and the recorded vote that carried it. A vote alone adopts nothing
 * anybody could read.
 */
const adopted = (records: OrganizationRecords, span: Span, kinds: readonly DocumentKind[], inForce: boolean): Measured => {
	const found = kinds.map((kind) => {
		const meetings = carriedFor(records, span, kind);
		const texts = (records.documents ?? []).filter(
			(document) => document.kind === kind && meetings.has(document.meeting) && (!inForce || document.inForceOn <= span.today)
		);
		return { voted: meetings.size > 0, meetings: texts.map(({ meeting }) => meeting) };
	});
	const evidence = [...new Set(found.flatMap(({ meetings }) => meetings))].map((id): Evidence => ({ kind: 'meeting', id }));
	const half = found.some(({ voted, meetings }) => voted && meetings.length === 0);
	return { figure: found.filter(({ meetings }) => meetings.length > 0).length, evidence, ...(half ? { missing: 'text' as const } : {}) };
};
const rules = documentKinds.filter((kind) => kind !== 'charter');

/**
 * How each metric is computed. A metric left out has no kind of record behind it yet: it shows as not recordable and
 * never counts as met.
 */
const measurers: Partial<Record<Metric, Measurer>> = {
	...toolMeasurers,
	survey_responses: ({ asked = nothingAsked }, { from, today }) => {
		const counted = asked.surveys
			.map(({ id, days }) => ({ id, count: days.reduce((sum, { day, count }) => sum + (day > from && day <= today ? count : 0), 0) }))
			.filter(({ count }) => count > 0);
		return {
			figure: counted.reduce((sum, { count }) => sum + count, 0),
			evidence: counted.map(({ id }) => ({ kind: 'survey', id }))
		};
	},
	interviews: ({ asked = nothingAsked }, span) => listed('interview', within(asked.interviews, span)),
	needs_ranked: ({ asked = nothingAsked }, { from, today }) =>
		listed('need', asked.needs.filter(({ firstOn, lastOn }) => lastOn > from && firstOn <= today).map(({ key }) => ({ id: key }))),
	prospective_core: (records, span) => listed('member', current(records, span).filter((member) => member.prospective)),
	roster_members: (records, span) => listed('member', current(records, span)),
	leader_elected: elected('elect_leader', 'leader'),
	deputy_elected: elected('elect_deputy', 'deputy'),
	core_trainings: (records, span) => {
		const core = new Set(records.members.filter((member) => member.role !== 'member').map((member) => member.id));
		const own = activitiesOf(records, span, 'training').filter((training) => training.attendees.some((id) => core.has(id)));
		return together(listed('activity', own), stationTrainings(records, span, core));
	},
	group_activities: (records, span) =>
		listed('activity', activitiesOf(records, span, 'activity').filter((activity) => activity.organizer === 'group')),
	charter_adopted: (records, span) => adopted(records, span, ['charter'], false),
	rules_in_force: (records, span) => adopted(records, span, rules, true),
	activities: (records, span) => listed('activity', activitiesOf(records, span, 'activity')),
	distinct_roles: (records, span) => {
		const holders = current(records, span).filter((member) => member.role !== 'member');
		return {
			figure: new Set(holders.map((member) => member.role)).size,
			evidence: holders.map(({ id }) => ({ kind: 'member', id }))
		};
	},
	satisfaction_percent: (records, span) => {
		const asked = within(records.activities, span).filter((activity) => activity.feedbackCount > 0);
		const forms = asked.reduce((sum, activity) => sum + activity.feedbackCount, 0);
		const satisfied = asked.reduce((sum, activity) => sum + activity.satisfiedCount, 0);
		return {
			figure: forms === 0 ? null : (satisfied * 100) / forms,
			evidence: asked.map(({ id }) => ({ kind: 'activity', id }))
		};
	},
	supervision_sessions: (records, span) =>
		together(listed('activity', activitiesOf(records, span, 'supervision')), supervisionsAbout(records, span)),
	proposals_written: (records, { from, today }) =>
		listed('proposal', records.proposals.filter(({ day }) => day > from && day <= today)),
	group_led_share_percent: (records, span) => {
		const held = activitiesOf(records, span, 'activity');
		const own = held.filter((activity) => activity.organizer === 'group');
		return {
			figure: held.length === 0 ? null : (own.length * 100) / held.length,
			evidence: own.map(({ id }) => ({ kind: 'activity', id }))
		};
	}
};

/** Whether the platform has a kind of record this metric is computed from. */
export const isRecordable = (metric: Metric): boolean => measurers[metric] !== undefined;

/**
 * Computes a metric over the last `windowDays` days up to and including `today` (all time without a window).
 * Nothing in the future counts.
 */
export const measure = (
	records: OrganizationRecords,
	metric: Metric,
	today: string,
	windowDays?: number
): Measured => {
	const from = windowDays === undefined ? '' : addDays(today, -windowDays);
	const { figure, evidence, missing }: Measured = measurers[metric]?.(records, { from, today }) ?? { figure: null, evidence: [] };
	return { figure, ...(missing ? { missing } : {}), evidence: [...evidence].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)) };
};
