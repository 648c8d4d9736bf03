import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { TextPair } from '#lib/domain/organizations/criteria.ts';
import type { CriterionResult } from '#lib/domain/organizations/gates.ts';
import { beforeGate, gateOf, isRecorded, type GateName } from '#lib/domain/organizations/lifecycle.ts';
import { assessmentDue } from '#lib/domain/organizations/maturity.ts';
import { nextAction, type NextAction } from '#lib/domain/organizations/next-action.ts';
import type { Evidence } from '#lib/domain/organizations/metrics.ts';
import { now } from '#lib/server/platform/clock.ts';
import { peopleWithRole } from '../../accounts/index.ts';
import { loadFor, resourceOf } from '../access.ts';
import { attentionFacts } from '../attention.ts';
import type { OrganizationDocument } from '../model.ts';
import { OrganizationFile } from '../records-model.ts';
import { asRecords, gateBy, loadRecords, presentCriteria, type StoredRecords } from '../records.ts';
import { newestGateVersion } from '../standards.ts';
import { noTools, toolLabels } from '../tool-records.ts';
import { viewOf, type OrganizationView } from '../view.ts';

/** What the actor may do here; pages show these and nothing else. */
export type OrganizationRights = {
	decideApplication: boolean;
	edit: boolean;
	editStanding: boolean;
	record: boolean;
	attest: boolean;
	propose: boolean;
	/** Waive and send back. */
	decide: boolean;
	/** Approve and return: not one's own proposal. */
	approve: boolean;
	assignMentors: boolean;
	changeStatus: boolean;
	assessSelf: boolean;
	assessStation: boolean;
	contacts: boolean;
	inviteMember: boolean;
	inviteLeader: boolean;
};

export const rightsOf = (actor: Actor, organization: OrganizationDocument): OrganizationRights => {
	const resource = resourceOf(organization);
	const recorded = isRecorded(organization.status);
	const incubating = organization.status === 'incubating';
	const decide = can(actor, 'gate.decide', resource);
	return {
		decideApplication: organization.status === 'applied' && can(actor, 'organization.decideApplication', resource),
		edit: can(actor, 'organization.edit', resource),
		editStanding: can(actor, 'organization.editStanding', resource),
		record: recorded && can(actor, 'organization.record', resource),
		attest: incubating && can(actor, 'gate.attest', resource),
		propose: incubating && can(actor, 'gate.propose', resource),
		decide: incubating && decide,
		approve:
			incubating &&
			organization.gate.proposedAt !== null &&
			can(actor, 'gate.decide', { ...resource, proposedBy: organization.gate.proposedBy ?? undefined }),
		assignMentors: recorded && can(actor, 'organization.assignMentor', resource),
		changeStatus: organization.incubatingSince !== null && can(actor, 'organization.changeStatus', resource),
		assessSelf: recorded && can(actor, 'assessment.self', resource),
		assessStation: recorded && can(actor, 'assessment.station', resource),
		contacts: can(actor, 'organization.readContacts', resource),
		inviteMember: recorded && can(actor, 'organization.inviteMember', resource),
		inviteLeader: recorded && can(actor, 'gate.attest', resource)
	};
};

/** A record behind a figure: what to call it and where it opens. */
export type EvidenceLink = Evidence & { label: string; day: string | null };

export type CriterionView = Omit<CriterionResult, 'evidence'> & {
	label: TextPair;
	hint: TextPair;
	evidence: EvidenceLink[];
};

export type GateView = {
	gate: GateName;
	criteria: CriterionView[];
	passes: boolean;
	met: number;
	total: number;
	proposal: OrganizationView['proposal'];
	/** There is a stage to go back to. */
	mayRegress: boolean;
	/** The version of the station's criteria it goes by, and the newest there is. */
	criteriaVersion: number;
	newestCriteria: number;
	version: number;
};

const gateViewOf = async (
	organization: OrganizationDocument,
	stored: StoredRecords,
	view: OrganizationView
): Promise<GateView> => {
	const [criteria, newestCriteria] = await Promise.all([presentCriteria(organization), newestGateVersion(organization.station)]);
	const result = gateBy(organization, criteria, asRecords(stored, organization.proposals));
	const id = organization._id.toHexString();
	const attested = result.criteria.some((criterion) => criterion.evidence.some(({ kind }) => kind === 'file'));
	const files = attested ? await OrganizationFile.find({ organization: id }, { name: 1, createdAt: 1 }).lean() : [];
	const labels = new Map<string, { label: string; day: string | null }>([
		...stored.members.map((item) => [item._id.toHexString(), { label: item.name, day: null }] as const),
		...stored.activities.map((item) => [item._id.toHexString(), { label: item.title, day: item.heldOn }] as const),
		...stored.meetings.map((item) => [item._id.toHexString(), { label: item.title, day: item.heldOn }] as const),
		...(stored.asked?.surveys ?? []).map((item) => [item.id, { label: item.title, day: null }] as const),
		...(stored.asked?.interviews ?? []).map((item) => [item.id, { label: item.who, day: item.heldOn }] as const),
		...(stored.asked?.needs ?? []).map((item) => [item.key, { label: `${item.label} · ${item.count}`, day: null }] as const),
		...files.map((item) => [item._id.toHexString(), { label: item.name, day: null }] as const),
		...toolLabels(stored.tools),
		...organization.proposals.map((item) => [item.id, { label: item.title, day: null }] as const)
	]);
	const definitions = new Map(criteria.map((criterion) => [criterion.key, criterion]));
	return {
		gate: gateOf(organization),
		criteria: result.criteria.flatMap((criterion) => {
			const definition = definitions.get(criterion.key);
			if (!definition) return [];
			const evidence = criterion.evidence.map((item) => ({ ...item, ...(labels.get(item.id) ?? { label: '', day: null }) }));
			return [{ ...criterion, label: definition.label, hint: definition.hint, evidence }];
		}),
		passes: result.passes,
		met: result.met,
		total: result.total,
		proposal: view.proposal,
		mayRegress: beforeGate(organization) !== null,
		criteriaVersion: organization.criteriaVersion ?? 0,
		newestCriteria,
		version: organization.version
	};
};

export type Overview = {
	organization: OrganizationView;
	rights: OrganizationRights;
	gate: GateView | null;
	next: NextAction;
	assessmentDueAt: Date | null;
	/** Why it was returned or declined, newest word of the station. */
	lastReason: string;
	staff: { id: string; name: string }[];
	/** What an attestation can link, newest first. */
	linkable: EvidenceLink[];
};

const reasonOf = (organization: OrganizationDocument): string =>
	organization.history
		.filter(({ action }) => action === 'application_returned' || action === 'declined' || action === 'dormant' || action === 'exited')
		.at(-1)?.reason ?? '';

const gateNone = { criteria: [], passes: false, met: 0, total: 0 };

/** Everything the organization's first page shows; a fixed handful of reads. */
export const organizationOverview = async (actor: Actor, id: string): Promise<Overview> => {
	const organization = await loadFor(actor, id, 'organization.read');
	const rights = rightsOf(actor, organization);
	const recorded = isRecorded(organization.status);
	const [view, stored, staff, files] = await Promise.all([
		viewOf(actor, organization),
		recorded ? loadRecords(id) : { members: [], activities: [], meetings: [], tools: noTools, documents: [] },
		rights.decideApplication || rights.assignMentors ? peopleWithRole(organization.station, ['worker', 'head']) : [],
		rights.attest
			? OrganizationFile.find({ organization: id, deletedAt: null }, { name: 1, createdAt: 1 })
					.sort({ createdAt: -1, _id: -1 })
					.limit(30)
					.lean()
			: []
	]);
	const gate = organization.status === 'incubating' ? await gateViewOf(organization, stored, view) : null;
	const due = recorded
		? assessmentDue(organization.maturity.station?.at ?? null, organization.incubatingSince ?? organization.createdAt)
		: null;
	const next = nextAction({ ...attentionFacts(organization), gateName: gateOf(organization), gate: gate ?? gateNone }, now());
	const held = [
		...stored.meetings.map((item) => ({ kind: 'meeting' as const, id: item._id.toHexString(), label: item.title, day: item.heldOn })),
		...stored.activities.map((item) => ({ kind: 'activity' as const, id: item._id.toHexString(), label: item.title, day: item.heldOn }))
	].sort((a, b) => (a.day < b.day ? 1 : -1));
	const linkable = rights.attest
		? [...files.map((item) => ({ kind: 'file' as const, id: item._id.toHexString(), label: item.name, day: null })), ...held.slice(0, 40)]
		: [];
	return {
		organization: view,
		rights,
		gate,
		next,
		assessmentDueAt: due,
		lastReason: reasonOf(organization),
		staff: staff.map(({ id: person, name }) => ({ id: person, name })),
		linkable
	};
};

/** One organization without its records. */
export const readOrganization = async (actor: Actor, id: string): Promise<OrganizationView> =>
	viewOf(actor, await loadFor(actor, id, 'organization.read'));

/** What the pages about one organization have in common: its head and what the actor may do. */
export const organizationFrame = async (
	actor: Actor,
	id: string
): Promise<{ organization: OrganizationView; rights: OrganizationRights }> => {
	const organization = await loadFor(actor, id, 'organization.read');
	return { organization: await viewOf(actor, organization), rights: rightsOf(actor, organization) };
};

/** The gate an organization stands at, criterion by criterion; figures carry the records behind them. */
export const organizationGate = async (actor: Actor, id: string): Promise<GateView> => {
	const organization = await loadFor(actor, id, 'organization.read');
	const [view, stored] = await Promise.all([viewOf(actor, organization), loadRecords(id)]);
	return gateViewOf(organization, stored, view);
};
