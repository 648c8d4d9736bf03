import { lastAskedOn, nothingAsked, type AskedFigures } from '#lib/domain/organizations/asked.ts';
import { dayStart } from '#lib/domain/shared/days.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { evaluateGate, type GateResult } from '#lib/domain/organizations/gates.ts';
import { criteriaOf, type Criterion } from '#lib/domain/organizations/criteria.ts';
import { gateOf } from '#lib/domain/organizations/lifecycle.ts';
import type { DocumentRecord, OrganizationRecords } from '#lib/domain/organizations/metrics.ts';
import { now } from '#lib/server/platform/clock.ts';
import { Asked } from './asked-model.ts';
import { Charter } from './charter-model.ts';
import {
	Assessment,
	Organization,
	type AssessmentDocument,
	type MaturitySummary,
	type OrganizationDocument
} from './model.ts';
import {
	Activity,
	Meeting,
	Member,
	type ActivityDocument,
	type MeetingDocument,
	type MemberDocument
} from './records-model.ts';
import { attentionOf, watchedFields } from './attention.ts';
import { gateDefinitionsOf } from './standards.ts';
import { latestSupervision, latestToolEvidence, loadToolsOf, noTools, type StoredTools } from './tool-records.ts';

/** Records of one organization as stored, newest first. */
export type StoredRecords = {
	members: MemberDocument[];
	activities: Omit<ActivityDocument, 'reflection'>[];
	meetings: Omit<MeetingDocument, 'minutes'>[];
	tools: StoredTools;
	/** Adopted texts of the charter and the rules, without the texts themselves. */
	documents: DocumentRecord[];
	asked?: AskedFigures;
};

type AdoptedTexts = { organization: string; kind: DocumentRecord['kind']; versions: Omit<DocumentRecord, 'kind'>[] };

/** Rows by the organization they belong to, in the order they came. */
const grouped = <Row extends { organization: string }>(rows: readonly Row[]): Map<string, Row[]> => {
	const groups = new Map<string, Row[]>();
	for (const row of rows) {
		const group = groups.get(row.organization);
		if (group) group.push(row);
		else groups.set(row.organization, [row]);
	}
	return groups;
};

/** Reads what gates are computed from, for any number of organizations: a fixed handful of reads. */
export const loadRecordsOf = async (organizations: readonly string[]): Promise<Map<string, StoredRecords>> => {
	if (organizations.length === 0) return new Map();
	const organization = { $in: [...organizations] };
	const newest = { organization: 1, deletedAt: 1, heldOn: -1, _id: -1 } as const;
	const [members, activities, meetings, tools, charters, asked] = await Promise.all([
		Member.find({ organization }).sort({ organization: 1, leftOn: 1, joinedOn: 1, _id: 1 }).lean(),
		Activity.find({ organization, deletedAt: null }, { reflection: 0 }).sort(newest).lean(),
		Meeting.find({ organization, deletedAt: null }, { minutes: 0 }).sort(newest).lean(),
		loadToolsOf(organizations),
		Charter.find({ organization }, { organization: 1, kind: 1, 'versions.meeting': 1, 'versions.inForceOn': 1 }).lean<AdoptedTexts[]>(),
		Asked.find({ _id: organization }).lean()
	]);
	const [membersOf, activitiesOf, meetingsOf] = [grouped(members), grouped(activities), grouped(meetings)];
	const documents = charters.flatMap(({ organization: id, kind, versions }) =>
		versions.filter(({ meeting }) => meeting !== '').map(({ meeting, inForceOn }) => ({ organization: id, kind, meeting, inForceOn }))
	);
	const documentsOf = grouped(documents);
	const askedOf = new Map(asked.map((figures) => [figures._id, figures]));
	return new Map(
		organizations.map((id) => [
			id,
			{
				members: membersOf.get(id) ?? [],
				activities: activitiesOf.get(id) ?? [],
				meetings: meetingsOf.get(id) ?? [],
				tools: tools.get(id) ?? noTools,
				documents: documentsOf.get(id) ?? [],
				asked: askedOf.get(id) ?? nothingAsked
			}
		])
	);
};

/** The same for one. */
export const loadRecords = async (organization: string): Promise<StoredRecords> =>
	(await loadRecordsOf([organization])).get(organization) ?? { members: [], activities: [], meetings: [], tools: noTools, documents: [], asked: nothingAsked };

const withId = <Stored extends { _id: { toHexString(): string } }>(stored: Stored) => ({
	...stored,
	id: stored._id.toHexString()
});

/** Feedback typed by hand and feedback by form add up: they are different people. */
const withForms = <Stored extends { id: string; feedbackCount: number; satisfiedCount: number }>(activity: Stored, asked = nothingAsked): Stored => {
	const forms = asked.feedback.find((one) => one.activity === activity.id);
	return forms
		? { ...activity, feedbackCount: activity.feedbackCount + forms.count, satisfiedCount: activity.satisfiedCount + forms.satisfied }
		: activity;
};

/** The records in the domain's words. */
export const asRecords = (
	stored: StoredRecords,
	proposals: OrganizationDocument['proposals']
): OrganizationRecords => ({
	members: stored.members.map(withId),
	activities: stored.activities.map((activity) => withForms(withId(activity), stored.asked)),
	meetings: stored.meetings.map(withId),
	proposals: proposals.map(({ id, at }) => ({ id, day: dayOf(at) })),
	tools: stored.tools,
	documents: stored.documents,
	asked: stored.asked
});

/** The criteria of the gate an organization stands at. */
export const presentCriteria = async (
	organization: Pick<OrganizationDocument, 'stage' | 'atGraduation' | 'mode' | 'station' | 'criteriaVersion'>
): Promise<readonly Criterion[]> => criteriaOf(await gateDefinitionsOf(organization), gateOf(organization), organization.mode);

type Gated = Pick<OrganizationDocument, 'stage' | 'atGraduation' | 'gate'>;

/** Checks the present gate against the records, by the criteria given. */
export const gateBy = (organization: Gated, criteria: readonly Criterion[], records: OrganizationRecords): GateResult => {
	const gate = gateOf(organization);
	const named = <Entry extends { gate: string; byName: string }>(entries: readonly Entry[]) =>
		entries.filter((item) => item.gate === gate).map((item) => ({ ...item, by: item.byName }));
	return evaluateGate(
		criteria,
		records,
		named(organization.gate.attestations),
		named(organization.gate.waivers),
		now()
	);
};

/** Checks the present gate against the records, by the criteria the organization goes by. */
export const presentGate = async (organization: OrganizationDocument, records: OrganizationRecords): Promise<GateResult> =>
	gateBy(organization, await presentCriteria(organization), records);

const summaryOf = (assessment: AssessmentDocument | null): MaturitySummary | null =>
	assessment && { levels: assessment.levels, overall: assessment.overall, at: assessment.at };

const latestAssessment = (organization: string, by: 'self' | 'station') =>
	Assessment.findOne({ organization, by }).sort({ organization: 1, at: -1, _id: -1 }).lean();

const later = (...dates: (Date | null | undefined)[]): Date | null =>
	dates.reduce<Date | null>((latest, date) => (date && (!latest || date > latest) ? date : latest), null);

/**
 * Brings the figures beside an organization up to date with its records. Computed anew each time, so that it may run
 * twice or late without harm. Does not touch `version`: nobody edits these.
 */
export const refreshSummary = async (organization: Pick<OrganizationDocument, '_id' | 'createdAt' | 'incubatingSince'>): Promise<void> => {
	const id = organization._id.toHexString();
	const today = dayOf(now());
	const newest = { heldOn: -1, _id: -1 } as const;
	const [memberCount, activity, meeting, self, station, toolDay, supervision, session, present, asked] = await Promise.all([
		Member.countDocuments({ organization: id, joinedOn: { $lte: today }, $or: [{ leftOn: '' }, { leftOn: { $gt: today } }] }),
		Activity.findOne({ organization: id, deletedAt: null }, { heldOn: 1 }).sort(newest).lean(),
		Meeting.findOne({ organization: id, deletedAt: null }, { heldOn: 1 }).sort(newest).lean(),
		latestAssessment(id, 'self'),
		latestAssessment(id, 'station'),
		latestToolEvidence(id, today),
		Activity.findOne({ organization: id, deletedAt: null, kind: 'supervision', heldOn: { $lte: today } }, { heldOn: 1 }).sort(newest).lean(),
		latestSupervision(id, today),
		Organization.findById(organization._id, watchedFields).lean(),
		Asked.findById(id, { surveys: 1, interviews: 1 }).lean()
	]);
	const askedOn = asked ? lastAskedOn(asked) : '';
	if (!present) return;
	const supervisedOn = [supervision?.heldOn ?? '', session].sort().at(-1) ?? '';
	const maturity = { self: summaryOf(self), station: summaryOf(station) };
	const lastEvidenceAt = later(
		organization.createdAt,
		organization.incubatingSince,
		activity && dayStart(activity.heldOn),
		meeting && dayStart(meeting.heldOn),
		toolDay ? dayStart(toolDay) : null,
		askedOn ? dayStart(askedOn) : null,
		self?.at,
		station?.at
	);
	await Organization.updateOne(
		{ _id: organization._id },
		{
			$set: {
				memberCount,
				lastEvidenceAt,
				maturity,
				maturityOverall: station?.overall ?? 0,
				supervisedOn,
				attentionAt: attentionOf({ ...present, lastEvidenceAt: lastEvidenceAt ?? present.lastEvidenceAt, maturity, supervisedOn })
			}
		}
	);
};
