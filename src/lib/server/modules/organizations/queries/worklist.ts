import { scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { WorkItem } from '#lib/domain/accounts/worklist.ts';
import { isRecorded } from '#lib/domain/organizations/lifecycle.ts';
import { assessmentDue } from '#lib/domain/organizations/maturity.ts';
import { answerDays, decideDays } from '#lib/domain/organizations/attention.ts';
import { isStalled } from '#lib/domain/organizations/next-action.ts';
import { addDays, dayOf, dayStart } from '#lib/domain/shared/days.ts';
import { now } from '#lib/server/platform/clock.ts';
import { toIds } from '#lib/server/platform/db/index.ts';
import { Organization, type OrganizationDocument } from '../model.ts';
import { ownStep, stepFields, type Stepping } from './own-step.ts';
import { toolWorkItems } from './tool-worklist.ts';

const fields = {
	name: 1, code: 1, station: 1, status: 1, statusSince: 1, mentor: 1, secondMentor: 1, 'gate.proposedBy': 1,
	'gate.proposedAt': 1, 'gate.proposedByName': 1, lastEvidenceAt: 1, 'maturity.station.at': 1, 'maturity.self.at': 1,
	incubatingSince: 1, createdAt: 1
} as const;

const { 'gate.proposedBy': _by, 'gate.proposedAt': _at, 'gate.proposedByName': _name, ...plainFields } = fields;
// A path and a part of it cannot be asked for together.
const ownFields = { ...plainFields, ...stepFields };

type Row = Pick<
	OrganizationDocument,
	'_id' | 'name' | 'code' | 'station' | 'status' | 'statusSince' | 'mentor' | 'secondMentor' | 'gate' | 'lastEvidenceAt' | 'maturity' | 'incubatingSince' | 'createdAt'
>;

const pageOf = (row: Row): string => `/app/organizations/${row._id.toHexString()}`;
const after = (from: Date, days: number): string => dayStart(addDays(dayOf(from), days + 1)).toISOString();

const dueAt = (row: Row, side: 'self' | 'station'): Date =>
	assessmentDue(row.maturity[side]?.at ?? null, row.incubatingSince ?? row.createdAt);

/** One line for few, one line with a count for many. */
const several = (rows: Row[], most: number, each: (row: Row) => WorkItem, all: (count: number) => WorkItem): WorkItem[] =>
	rows.length > most ? [all(rows.length)] : rows.map(each);

const staffItems = (actor: Extract<Actor, { kind: 'user' }>, rows: Row[], headAt: Set<string>): WorkItem[] => {
	const at = now();
	const mine = (row: Row) => row.mentor === actor.id || row.secondMentor === actor.id || headAt.has(row.station);
	const proposed = rows.filter(
		(row) => row.status === 'incubating' && row.gate.proposedAt && headAt.has(row.station) && row.gate.proposedBy !== actor.id
	);
	const stalled = rows.filter((row) => mine(row) && isStalled(row.status, row.lastEvidenceAt, at));
	const overdue = rows.filter((row) => mine(row) && isRecorded(row.status) && row.status !== 'dormant' && dueAt(row, 'station') <= at);
	const ownerless = rows.filter((row) => row.status === 'incubating' && !row.mentor && headAt.has(row.station));
	const list = '/app/organizations';
	return [
		...several(
			rows.filter(({ status }) => status === 'applied').sort((a, b) => a.statusSince.getTime() - b.statusSince.getTime()),
			5,
			(row) => ({ code: 'application', params: { name: row.name }, href: pageOf(row), due: after(row.statusSince, answerDays), urgency: 1 }),
			(count) => ({ code: 'applications', params: { count }, href: `${list}?status=applied`, due: null, urgency: 1, count })
		),
		...several(
			proposed,
			5,
			(row) => ({
				code: 'gate',
				params: { name: row.name, by: row.gate.proposedByName },
				href: `${pageOf(row)}#proposal`,
				due: after(row.gate.proposedAt ?? at, decideDays),
				urgency: 1
			}),
			(count) => ({ code: 'gates', params: { count }, href: `${list}?proposed=1`, due: null, urgency: 1, count })
		),
		...several(
			ownerless,
			2,
			(row) => ({ code: 'mentor', params: { name: row.name }, href: pageOf(row), due: null, urgency: 2 }),
			(count) => ({ code: 'mentors', params: { count }, href: `${list}?status=incubating`, due: null, urgency: 2, count })
		),
		...several(
			stalled,
			2,
			(row) => ({ code: 'stalled', params: { name: row.name }, href: pageOf(row), due: null, urgency: 2 }),
			(count) => ({ code: 'stalled_many', params: { count }, href: `${list}?stalled=1&sort=evidence`, due: null, urgency: 2, count })
		),
		...several(
			overdue,
			2,
			(row) => ({
				code: 'assessment',
				params: { name: row.name },
				href: `${pageOf(row)}/maturity`,
				due: dueAt(row, 'station').toISOString(),
				urgency: 3
			}),
			(count) => ({ code: 'assessments', params: { count }, href: '/app/station/next?overdue=1', due: null, urgency: 3, count })
		)
	];
};

const groupItems = (row: Row): WorkItem[] => {
	const at = now();
	const item = (code: string, href: string, urgency: WorkItem['urgency'], due: string | null = null): WorkItem => ({
		code,
		params: { name: row.name },
		href,
		due,
		urgency
	});
	if (row.status === 'returned') return [item('returned', pageOf(row), 1)];
	if (row.status === 'applied') return [item('waiting', pageOf(row), 3)];
	if (row.status !== 'incubating' && row.status !== 'graduated') return [];
	return [
		...(isStalled(row.status, row.lastEvidenceAt, at) ? [item('record', `${pageOf(row)}/activities/new`, 2)] : []),
		...(dueAt(row, 'self') <= at ? [item('self_assessment', `${pageOf(row)}/maturity`, 3, dueAt(row, 'self').toISOString())] : [])
	];
};

/** What organizations, follow-ups and supervision ask of a person: a fixed handful of reads. */
export const organizationWorkItems = async (actor: Actor): Promise<WorkItem[]> => {
	if (actor.kind !== 'user') return [];
	const stations = scopeIds(actor, 'station', ['head', 'worker']);
	const headAt = new Set(scopeIds(actor, 'station', ['head']));
	const own = scopeIds(actor, 'organization', ['leader']);
	const [atStations, ofOwn, ofTools] = await Promise.all([
		stations.length > 0
			? Organization.find({ station: { $in: stations }, status: { $in: ['applied', 'incubating', 'graduated'] } }, fields)
					.limit(1000)
					.lean<Row[]>()
			: [],
		own.length > 0 ? Organization.find({ _id: { $in: toIds(own) } }, ownFields).limit(20).lean<(Row & Stepping)[]>() : [],
		toolWorkItems(actor)
	]);
	const steps = await Promise.all(ofOwn.map(ownStep));
	return [...staffItems(actor, atStations, headAt), ...ofOwn.flatMap(groupItems), ...steps.flatMap((step) => step ?? []), ...ofTools];
};
