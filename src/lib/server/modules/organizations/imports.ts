import { addDays, dayStart } from '#lib/domain/shared/days.ts';
import { daySchema } from '#lib/domain/shared/fields.ts';
import { afterGate, gateNames, isPublic, modeOf, type GateName } from '#lib/domain/organizations/lifecycle.ts';
import { overallLevel, type Levels } from '#lib/domain/organizations/maturity.ts';
import type { Evidence } from '#lib/domain/organizations/metrics.ts';
import { idFromHex, type Id } from '#lib/server/platform/db/index.ts';
import { sha256 } from '#lib/server/platform/secrets.ts';
import { codePrefix, nextCode, reserveCodes, searchKeysOf } from './codes.ts';
import {
	Assessment,
	Organization,
	type AssessmentDocument,
	type HistoryEntry,
	type MaturitySummary,
	type OrganizationDocument,
	type Person
} from './model.ts';
import {
	Activity,
	Meeting,
	Member,
	type ActivityDocument,
	type MeetingDocument,
	type MemberDocument
} from './records-model.ts';
import { attentionOf } from './attention.ts';
import { refreshMaturityTally } from './maturity-tallies.ts';
import { refreshTally } from './tallies.ts';
import { pendingKeyOf } from './commands/apply.ts';
import type { OrganizationSeed } from './seed-schema.ts';

/** What the keys in the data stand for, and the day offsets count from. */
export type ImportContext = {
	/** `YYYY-MM-DD`. */
	today: string;
	station: (key: string) => { id: string; path: string[]; slug: string };
	user: (key: string) => { id: string; name: string } | null;
	/** The account under a phone number, to link roster lines to accounts. */
	userByPhone: (phone: string) => string | null;
	/** The module of surveys loads the feedback of `feedbackByForm` answer by answer, so it is not counted here. */
	feedbackForms?: boolean;
};

/** The id an organization of the data has, so that accounts can be given rights before or after loading. */
export const organizationIdForKey = (seedKey: string): string => sha256(`organization:${seedKey}`).slice(0, 24);
/** The id of a thing named by its place in the data. */
export const seedId = (...parts: (string | number)[]): Id => idFromHex(sha256(parts.join(':')).slice(0, 24));

/** The id an activity of the data has. */
export const activityIdForKey = (seedKey: string, index: number): string => seedId(seedKey, 'activity', index).toHexString();

/**
 * Positions of the activities whose feedback came by form: the last one that had any. The module of surveys loads it
 * answer by answer; what the others brought was counted on paper.
 */
export const feedbackByForm = (seed: Pick<OrganizationSeed, 'activities'>): number[] =>
	seed.activities.map(({ feedbackCount }, index) => (feedbackCount > 0 ? index : -1)).filter((index) => index >= 0).slice(-1);

const gateActions = {
	propose: 'gate_proposed',
	withdraw: 'gate_withdrawn',
	approve: 'gate_approved',
	return: 'gate_returned',
	waive: 'gate_waived',
	regress: 'gate_regressed'
} as const;

type Loaded = {
	organization: OrganizationDocument;
	members: MemberDocument[];
	activities: ActivityDocument[];
	meetings: MeetingDocument[];
	assessments: AssessmentDocument[];
};

/** An account as records name it, and nothing else of what is known of it; somebody without one by name. */
export const personNamed = (name: string, context: Pick<ImportContext, 'user'>): Person => {
	const found = context.user(name);
	return found ? { id: found.id, name: found.name } : { id: null, name };
};

/** Builds the documents of one organization from its history. */
const build = (seed: OrganizationSeed, code: string, context: ImportContext): Loaded => {
	const id = organizationIdForKey(seed.key);
	const station = context.station(seed.station);
	const dayFor = (days: number): string => addDays(context.today, days);
	/** Working hours, a few minutes apart, so that what follows in the data follows in time. */
	const moment = (days: number, order = 0): Date => new Date(dayStart(dayFor(days)).getTime() + (9 * 60 + order * 7) * 60_000);
	const person = (name: string): Person => personNamed(name, context);
	const userId = (name: string | null): string | null => (name ? (context.user(name)?.id ?? null) : null);

	const members: MemberDocument[] = seed.members.map((member, index) => ({
		_id: seedId(seed.key, 'member', index),
		organization: id,
		name: member.name,
		phone: member.phone,
		role: member.role,
		prospective: member.prospective,
		joinedOn: dayFor(member.joinedDay),
		leftOn: member.leftDay === null ? '' : dayFor(member.leftDay),
		note: member.note,
		userId: member.phone ? context.userByPhone(member.phone) : null,
		createdAt: moment(member.joinedDay),
		version: 0
	}));
	const memberId = (index: number | null): string => (index === null ? '' : (members[index]?._id.toHexString() ?? ''));
	const kept = { organization: id, enteredBy: seed.mentor ? person(seed.mentor) : { id: null, name: seed.applied.name }, deletedAt: null, version: 0 };
	const byForm = context.feedbackForms ? feedbackByForm(seed) : [];
	const activities: ActivityDocument[] = seed.activities.map(({ day, attendees, ...activity }, index) => ({
		...kept,
		...activity,
		...(byForm.includes(index) ? { feedbackCount: 0, satisfiedCount: 0 } : {}),
		_id: seedId(seed.key, 'activity', index),
		heldOn: dayFor(day),
		attendees: attendees.map(memberId).filter((member) => member !== ''),
		createdAt: moment(day, 60)
	}));
	const meetings: MeetingDocument[] = seed.meetings.map(({ day, motions, ...meeting }, index) => ({
		...kept,
		...meeting,
		_id: seedId(seed.key, 'meeting', index),
		heldOn: dayFor(day),
		motions: motions.map((motion) => ({ ...motion, candidate: memberId(motion.candidate) })),
		createdAt: moment(day, 60)
	}));
	const assessments: AssessmentDocument[] = seed.assessments.map(({ day, author, levels, ...assessment }, index) => ({
		...assessment,
		_id: seedId(seed.key, 'assessment', index),
		organization: id,
		author: person(author),
		at: moment(day, 30 + index),
		levels: levels as Levels,
		overall: overallLevel(levels as Levels).overall
	}));

	const history: HistoryEntry[] = [];
	const tell = (action: HistoryEntry['action'], by: Person, at: Date, more: Partial<HistoryEntry> = {}) =>
		history.push({ key: seedId(seed.key, 'history', history.length).toHexString(), at, by, action, gate: null, criterion: null, reason: '', detail: {}, ...more });
	const scouted = seed.origin === 'scouted' && seed.mentor ? person(seed.mentor) : null;
	const appliedAt = moment(seed.applied.day);
	tell('applied', scouted ?? { id: null, name: seed.applied.name }, appliedAt, { detail: scouted ? { for: seed.applied.name } : {} });
	const wasAccepted = !['applied', 'returned', 'declined'].includes(seed.status);
	const acceptedAt = wasAccepted ? moment(seed.applied.day, 40) : null;
	if (acceptedAt) tell('accepted', seed.mentor ? person(seed.mentor) : { id: null, name: '' }, acceptedAt);
	if (seed.decision)
		tell(seed.decision.action === 'return' ? 'application_returned' : 'declined', person(seed.decision.by), moment(seed.decision.day), { reason: seed.decision.reason });

	const gate: OrganizationDocument['gate'] = { proposedBy: null, proposedByName: '', proposedAt: null, proposalReason: '', attestations: [], waivers: [] };
	let position: { stage: OrganizationDocument['stage']; atGraduation: boolean } = { stage: seed.stage, atGraduation: false };
	let stageSince = acceptedAt ?? appliedAt;
	for (const [index, step] of seed.gateHistory.entries()) {
		const at = moment(step.day, index);
		const by = person(step.by);
		const graduates = step.action === 'approve' && step.stage === 'graduation';
		tell(graduates ? 'graduated' : gateActions[step.action], by, at, { gate: step.stage, criterion: step.criterion ?? null, reason: step.reason });
		if (step.action === 'waive')
			gate.waivers.push({ gate: step.stage, criterion: step.criterion ?? '', by: by.id, byName: by.name, at, reason: step.reason });
		if (step.action === 'propose') Object.assign(gate, { proposedBy: by.id, proposedByName: by.name, proposedAt: at, proposalReason: step.reason });
		else if (step.action !== 'waive') Object.assign(gate, { proposedBy: null, proposedByName: '', proposedAt: null, proposalReason: '' });
		if (step.action === 'approve' || step.action === 'regress') stageSince = at;
		if (step.action === 'approve' && step.stage === 'project_support') position = afterGate({ stage: step.stage, atGraduation: false });
		if (step.action === 'regress') position = { stage: seed.stage, atGraduation: false };
	}
	for (const [index, word] of seed.attestations.entries()) {
		const [kind, place] = word.evidence.split(':') as ['meeting' | 'activity', string];
		const record = (kind === 'meeting' ? meetings : activities)[Number(place)];
		const by = person(word.by);
		const at = moment(word.day, 50 + index);
		const where = gateFor(word.criterion);
		const evidence: Evidence[] = record ? [{ kind, id: record._id.toHexString() }] : [];
		gate.attestations.push({ gate: where, criterion: word.criterion, by: by.id, byName: by.name, at, note: word.note, evidence });
		tell('attested', by, at, { gate: where, criterion: word.criterion, reason: word.note });
	}
	if (seed.ended) tell(seed.ended.status, person(seed.ended.by), moment(seed.ended.day), { reason: seed.ended.reason });
	history.sort((a, b) => a.at.getTime() - b.at.getTime());

	const summary = (by: 'self' | 'station'): MaturitySummary | null => {
		const last = assessments.filter((item) => item.by === by).sort((a, b) => b.at.getTime() - a.at.getTime())[0];
		return last ? { levels: last.levels, overall: last.overall, at: last.at } : null;
	};
	const evidenceTimes = [
		acceptedAt ?? appliedAt,
		...[...activities, ...meetings].map(({ heldOn }) => dayStart(heldOn)),
		...assessments.map(({ at }) => at)
	];
	const graduatedAt = history.findLast(({ action }) => action === 'graduated')?.at;
	const organization: OrganizationDocument = {
		_id: idFromHex(id),
		code,
		name: seed.name,
		searchKeys: searchKeysOf(seed.name, code),
		category: seed.category,
		mode: seed.mode ?? modeOf(seed.category),
		modeReason: '',
		station: station.id,
		stationPath: station.path,
		communities: seed.communities,
		purpose: seed.purpose,
		origin: seed.origin,
		foundedOn: seed.foundedDay === null ? '' : dayFor(seed.foundedDay),
		filing: seed.filing,
		filingNumber: seed.filingNumber,
		host: seed.host,
		status: seed.status,
		listed: isPublic(seed.status),
		statusSince: seed.ended
			? moment(seed.ended.day)
			: seed.decision
				? moment(seed.decision.day)
				: seed.status === 'graduated'
					? (graduatedAt ?? stageSince)
					: (acceptedAt ?? appliedAt),
		pausedFrom: seed.ended ? (graduatedAt ? 'graduated' : 'incubating') : null,
		stage: position.stage,
		atGraduation: position.atGraduation,
		stageSince,
		incubatingSince: acceptedAt,
		applicant: {
			name: seed.applied.name,
			phone: seed.applied.phone,
			memberCount: seed.applied.memberCount,
			at: appliedAt,
			consentAt: appliedAt,
			userId: context.userByPhone(seed.applied.phone),
			enteredBy: scouted
		},
		...(seed.status === 'applied' || seed.status === 'returned'
			? { pendingKey: pendingKeyOf(station.id, seed.name, seed.applied.phone) }
			: {}),
		receiptHash: null,
		mentor: userId(seed.mentor),
		secondMentor: userId(seed.secondMentor),
		gate,
		proposals: [],
		history,
		memberCount: members.filter(({ leftOn }) => leftOn === '').length,
		lastEvidenceAt: new Date(Math.max(...evidenceTimes.map((at) => at.getTime()))),
		maturity: { self: summary('self'), station: summary('station') },
		maturityOverall: summary('station')?.overall ?? 0,
		supervisedOn: activities.filter(({ kind }) => kind === 'supervision').map(({ heldOn }) => heldOn).sort().at(-1) ?? '',
		createdAt: appliedAt,
		version: history.length
	};
	organization.attentionAt = attentionOf(organization);
	return { organization, members, activities, meetings, assessments };
};

/** The gate an attested criterion of the defaults belongs to. */
const gateFor = (criterion: string): GateName =>
	gateNames.find((gate) => gate === ({ summary: 'needs_survey', filing: 'rule_making' } as Record<string, string>)[criterion]) ?? 'needs_survey';

/** Some at a time, so that they share commits and none waits alone for its own. */
const atOnce = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
	for (let start = 0; start < items.length; start += 16) await Promise.all(items.slice(start, start + 16).map(work));
};

const chunk = 500;
type Insertable = { insertMany: (documents: never[], options: { lean: true; ordered: true }) => Promise<unknown> };

/** Inserts many documents, some at a time. */
export const insertAll = async (model: unknown, documents: readonly unknown[]): Promise<void> => {
	for (let start = 0; start < documents.length; start += chunk)
		await (model as Insertable).insertMany(documents.slice(start, start + chunk) as never[], { lean: true, ordered: true });
};

/**
 * Loads complete histories: the door for demo and test data only, since it takes the past as told and asks no rights.
 * What is there already (by the key's id) is left alone. Answers the ids by key.
 */
export const importOrganizations = async (
	seeds: readonly OrganizationSeed[],
	context: ImportContext
): Promise<Map<string, string>> => {
	daySchema.parse(context.today);
	const ids = new Map(seeds.map((seed) => [seed.key, organizationIdForKey(seed.key)]));
	const there = new Set(
		(await Organization.find({ _id: { $in: [...ids.values()].map(idFromHex) } }, { _id: 1 }).lean()).map(({ _id }) => _id.toHexString())
	);
	const fresh = seeds.filter((seed) => !there.has(organizationIdForKey(seed.key)));
	await reserveCodes(fresh.flatMap(({ code }) => (code ? [code] : [])));
	const loaded: Loaded[] = [];
	for (const seed of [...fresh].sort((a, b) => a.applied.day - b.applied.day || (a.key < b.key ? -1 : 1)))
		loaded.push(build(seed, seed.code ?? (await nextCode(codePrefix(context.station(seed.station).slug))), context));
	await Promise.all([
		insertAll(Organization, loaded.map(({ organization }) => organization)),
		insertAll(Member, loaded.flatMap(({ members }) => members)),
		insertAll(Activity, loaded.flatMap(({ activities }) => activities)),
		insertAll(Meeting, loaded.flatMap(({ meetings }) => meetings)),
		insertAll(Assessment, loaded.flatMap(({ assessments }) => assessments))
	]);
	const stations = new Map(loaded.map(({ organization }) => [organization.station, organization.stationPath]));
	await atOnce([...stations], async ([station, path]) => {
		await Promise.all([refreshTally(station, path), refreshMaturityTally(station, path)]);
	});
	return ids;
};
