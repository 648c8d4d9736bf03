import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { Evidence } from '#lib/domain/organizations/metrics.ts';
import { afterGate, beforeGate, gateOf } from '#lib/domain/organizations/lifecycle.ts';
import type { Attestation, GateDecision } from '#lib/domain/organizations/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { toIds } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, invalidField } from '#lib/server/platform/errors.ts';
import { loadFor, personOf, resourceOf } from '../access.ts';
import { changeOrganization } from '../change.ts';
import { entry } from '../history.ts';
import type { OrganizationDocument, StoredAttestation, StoredWaiver } from '../model.ts';
import { Activity, Meeting, OrganizationFile } from '../records-model.ts';
import { asRecords, loadRecords, presentCriteria, presentGate } from '../records.ts';
import { viewOf, type OrganizationView } from '../view.ts';

const checkEvidence = async (organization: string, evidence: readonly Evidence[]): Promise<void> => {
	const ids = (kind: Evidence['kind']) => toIds(evidence.filter((item) => item.kind === kind).map(({ id }) => id));
	const found =
		(await Activity.countDocuments({ _id: { $in: ids('activity') }, organization, deletedAt: null })) +
		(await Meeting.countDocuments({ _id: { $in: ids('meeting') }, organization, deletedAt: null })) +
		(await OrganizationFile.countDocuments({ _id: { $in: ids('file') }, organization, deletedAt: null }));
	if (found !== evidence.length) throw invalidField('evidence', 'evidence_unknown');
};

/** A worker confirms a criterion of the present gate that cannot be measured, and links what proves it. */
export const attestCriterion = async (actor: Actor, id: string, input: Attestation): Promise<OrganizationView> => {
	const organization = await loadFor(actor, id, 'gate.attest');
	if (organization.status !== 'incubating') throw conflict('not_incubating', {}, await viewOf(actor, organization));
	const criterion = (await presentCriteria(organization)).find(({ key }) => key === input.criterion);
	if (criterion?.kind !== 'attested') throw invalidField('criterion', 'choose_one');
	const evidence = input.evidence.filter(
		(item, index, all) => all.findIndex((other) => other.kind === item.kind && other.id === item.id) === index
	);
	await checkEvidence(id, evidence);
	const gate = gateOf(organization);
	const by = personOf(actor);
	const at = now();
	const attestation: StoredAttestation = { gate, criterion: input.criterion, by: by.id, byName: by.name, at, note: input.note, evidence };
	const changed = await changeOrganization(
		actor,
		organization,
		input.version,
		{ lastEvidenceAt: at },
		entry('attested', by, { at, gate, criterion: input.criterion, reason: input.note }),
		{ push: { 'gate.attestations': attestation } }
	);
	return viewOf(actor, changed);
};

const unproposed = { 'gate.proposedBy': null, 'gate.proposedByName': '', 'gate.proposedAt': null, 'gate.proposalReason': '' };

const needsProposal = async (actor: Actor, organization: OrganizationDocument): Promise<void> => {
	if (!organization.gate.proposedAt) throw conflict('gate_not_proposed', {}, await viewOf(actor, organization));
};

/**
 * A step at the gate. The mentor proposes; the station head approves (every criterion met or waived), returns with
 * the reason, waives a criterion, or sends a stage back. Nobody approves their own proposal. Passing the last stage
 * leads to graduation, passing that graduates.
 */
export const decideGate = async (actor: Actor, id: string, decision: GateDecision): Promise<OrganizationView> => {
	const proposing = decision.action === 'propose' || decision.action === 'withdraw';
	const organization = await loadFor(actor, id, proposing ? 'gate.propose' : 'gate.decide');
	const proposedBy = organization.gate.proposedBy ?? undefined;
	const judges = decision.action === 'approve' || decision.action === 'return';
	if (judges && !can(actor, 'gate.decide', { ...resourceOf(organization), proposedBy })) throw forbidden('own_proposal');
	const graduatedBack = decision.action === 'regress' && organization.status === 'graduated';
	if (organization.status !== 'incubating' && !graduatedBack)
		throw conflict('not_incubating', {}, await viewOf(actor, organization));
	return viewOf(actor, await act[decision.action](actor, organization, decision));
};

type Act = (actor: Actor, organization: OrganizationDocument, decision: GateDecision) => Promise<OrganizationDocument>;

const act: Record<GateDecision['action'], Act> = {
	async propose(actor, organization, decision) {
		if (organization.gate.proposedAt) throw conflict('gate_proposed', {}, await viewOf(actor, organization));
		const id = organization._id.toHexString();
		const result = await presentGate(organization, asRecords(await loadRecords(id), organization.proposals));
		// What is still open may be waived by the head, but the proposal must say why.
		if (!result.passes && !decision.reason) throw invalidField('reason', 'reason_for_open_criteria');
		const by = personOf(actor);
		const at = now();
		return changeOrganization(
			actor,
			organization,
			decision.version,
			{ 'gate.proposedBy': by.id, 'gate.proposedByName': by.name, 'gate.proposedAt': at, 'gate.proposalReason': decision.reason },
			entry('gate_proposed', by, { at, gate: gateOf(organization), reason: decision.reason })
		);
	},
	async withdraw(actor, organization, decision) {
		await needsProposal(actor, organization);
		const history = entry('gate_withdrawn', personOf(actor), { gate: gateOf(organization), reason: decision.reason });
		return changeOrganization(actor, organization, decision.version, unproposed, history);
	},
	async approve(actor, organization, decision) {
		await needsProposal(actor, organization);
		const id = organization._id.toHexString();
		const result = await presentGate(organization, asRecords(await loadRecords(id), organization.proposals));
		if (!result.passes)
			throw conflict('gate_not_met', { met: result.met, total: result.total }, await viewOf(actor, organization));
		const at = now();
		const { graduated, stage, atGraduation } = afterGate(organization);
		return changeOrganization(
			actor,
			organization,
			decision.version,
			{
				...unproposed,
				stage,
				atGraduation,
				stageSince: at,
				...(graduated ? { status: 'graduated', statusSince: at } : {})
			},
			entry(graduated ? 'graduated' : 'gate_approved', personOf(actor), { at, gate: gateOf(organization), reason: decision.reason })
		);
	},
	async return(actor, organization, decision) {
		await needsProposal(actor, organization);
		const history = entry('gate_returned', personOf(actor), { gate: gateOf(organization), reason: decision.reason });
		return changeOrganization(actor, organization, decision.version, unproposed, history);
	},
	async waive(actor, organization, decision) {
		if (!(await presentCriteria(organization)).some(({ key }) => key === decision.criterion)) throw invalidField('criterion', 'choose_one');
		const gate = gateOf(organization);
		if (organization.gate.waivers.some((waiver) => waiver.gate === gate && waiver.criterion === decision.criterion))
			throw conflict('already_waived', {}, await viewOf(actor, organization));
		const by = personOf(actor);
		const at = now();
		const waiver: StoredWaiver = { gate, criterion: decision.criterion, by: by.id, byName: by.name, at, reason: decision.reason };
		return changeOrganization(
			actor,
			organization,
			decision.version,
			{},
			entry('gate_waived', by, { at, gate, criterion: decision.criterion, reason: decision.reason }),
			{ push: { 'gate.waivers': waiver } }
		);
	},
	async regress(actor, organization, decision) {
		const at = now();
		const graduated = organization.status === 'graduated';
		const to = graduated ? { stage: organization.stage, atGraduation: true } : beforeGate(organization);
		if (!to) throw conflict('first_stage', {}, await viewOf(actor, organization));
		const gate = gateOf(to);
		return changeOrganization(
			actor,
			organization,
			decision.version,
			{
				...unproposed,
				...to,
				stageSince: at,
				// What was waived then is asked again now.
				'gate.waivers': organization.gate.waivers.filter((waiver) => waiver.gate !== gate),
				...(graduated ? { status: 'incubating', statusSince: at } : {})
			},
			entry('gate_regressed', personOf(actor), { at, gate, reason: decision.reason })
		);
	}
};
