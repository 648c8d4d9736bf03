import type { z } from 'zod';
import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { GateDefinitions } from '#lib/domain/organizations/criteria.ts';
import {
	criteriaChanges,
	stationGatesSchema,
	withGate,
	type MoveCriteria,
	type MoveMany,
	type publishCriteriaSchema,
	type setCriteriaSchema
} from '#lib/domain/organizations/gate-editing.ts';
import type { GateName } from '#lib/domain/organizations/lifecycle.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId } from '#lib/server/platform/db/index.ts';
import { AppError, conflict, forbidden, invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { stationById } from '../../stations/index.ts';
import { loadFor, personOf } from '../access.ts';
import { changeOrganization } from '../change.ts';
import { entry } from '../history.ts';
import { gateDefinitionsAt, newestGateVersion } from '../standards.ts';
import { GateCriteria, GateDraft } from '../standards-model.ts';
import { viewOf, type OrganizationView } from '../view.ts';

const mayEdit = async (actor: Actor, stationId: string): Promise<void> => {
	const station = await stationById(stationId);
	const resource = { station: stationId, stationPath: station.path };
	if (!can(actor, 'station.read', resource)) throw notFound();
	if (!can(actor, 'gate.setCriteria', resource)) throw forbidden();
};

/**
 * Keeps one gate of the criteria a head is preparing. The draft starts from the newest version; nothing is in force
 * until it is published. `version` is the draft's, 0 while there is none.
 */
export const draftGate = async (
	actor: Actor,
	stationId: string,
	gate: GateName,
	both: GateDefinitions['graduation'],
	version: number
): Promise<{ version: number }> => {
	await mayEdit(actor, stationId);
	const draft = await GateDraft.findById(stationId).lean();
	if ((draft?.version ?? 0) !== version) throw stale(draft ?? null);
	const base = draft?.base ?? (await newestGateVersion(stationId));
	const definitions = withGate(draft?.definitions ?? (await gateDefinitionsAt(stationId, base)), gate, both);
	const set = { definitions, base, by: personOf(actor), at: now(), version: version + 1 };
	if (draft) {
		const saved = await GateDraft.updateOne({ _id: stationId, version }, { $set: set });
		if (saved.matchedCount === 0) throw stale((await GateDraft.findById(stationId).lean()) ?? null);
	} else
		try {
			await GateDraft.create({ _id: stationId, ...set });
		} catch (error) {
			if (!isDuplicateKey(error)) throw error;
			throw stale((await GateDraft.findById(stationId).lean()) ?? null);
		}
	return { version: version + 1 };
};

/** Throws away what was being prepared. */
export const dropGateDraft = async (actor: Actor, stationId: string): Promise<void> => {
	await mayEdit(actor, stationId);
	await GateDraft.deleteOne({ _id: stationId });
};

/** Puts what was prepared in force for organizations accepted from now on. */
export const publishGateDraft = async (
	actor: Actor,
	stationId: string,
	input: z.infer<typeof publishCriteriaSchema>
): Promise<{ version: number }> => {
	await mayEdit(actor, stationId);
	const draft = await GateDraft.findById(stationId).lean();
	if (!draft) throw conflict('nothing_changed');
	if (draft.version !== input.version) throw stale(draft);
	const published = await publish(actor, stationId, { note: input.note, base: draft.base, definitions: stationGatesSchema.parse(draft.definitions) });
	await GateDraft.deleteOne({ _id: stationId, version: draft.version });
	return published;
};

/** Puts whole criteria in force in one call. */
export const setGateCriteria = async (
	actor: Actor,
	stationId: string,
	input: z.infer<typeof setCriteriaSchema>
): Promise<{ version: number }> => {
	await mayEdit(actor, stationId);
	return publish(actor, stationId, input);
};

const publish = async (actor: Actor, station: string, { note, base, definitions }: z.infer<typeof setCriteriaSchema>): Promise<{ version: number }> => {
	const newest = await newestGateVersion(station);
	const present = await gateDefinitionsAt(station, newest);
	if (base !== newest) throw stale({ version: newest, definitions: present });
	const changes = criteriaChanges(present, definitions);
	if (changes.length === 0) throw conflict('nothing_changed');
	const version = base + 1;
	try {
		await GateCriteria.create({ _id: newId(), station, version, definitions, by: personOf(actor), at: now(), note });
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
		const winner = await newestGateVersion(station);
		throw stale({ version: winner, definitions: await gateDefinitionsAt(station, winner) });
	}
	await recordAct({ chain: `station:${station}`, actor, action: 'gate_criteria_published', subject: station, detail: { version, note, changes: changes.length } });
	return { version };
};

/**
 * Moves an organization to another version of its station's criteria; what it has reached stays, what is open is
 * asked by the new ones. Not while a proposal waits: it was made under the old ones.
 */
export const moveToCriteria = async (actor: Actor, id: string, move: MoveCriteria): Promise<OrganizationView> => {
	const organization = await loadFor(actor, id, 'gate.moveCriteria');
	if (organization.status !== 'incubating' && organization.status !== 'dormant')
		throw conflict('not_incubating', {}, await viewOf(actor, organization));
	if (organization.gate.proposedAt) throw conflict('gate_proposed', {}, await viewOf(actor, organization));
	const from = organization.criteriaVersion ?? 0;
	if (move.to === from) throw conflict('nothing_changed', {}, await viewOf(actor, organization));
	if (move.to > (await newestGateVersion(organization.station))) throw invalidField('to', 'choose_one');
	const changed = await changeOrganization(
		actor,
		organization,
		move.version,
		{ criteriaVersion: move.to },
		entry('criteria_moved', personOf(actor), { reason: move.reason, detail: { from, to: move.to } }),
		{ still: { 'gate.proposedAt': null } }
	);
	return viewOf(actor, changed);
};

/** Why an organization was left where it was. */
export type LeftBehind = { id: string; code: string };

/**
 * Moves many organizations of a station to the newest criteria, one by one: whoever changed since it was looked at, or
 * has a proposal waiting, stays and is named. Each move stands in its organization's history and can be moved back.
 */
export const moveManyToCriteria = async (actor: Actor, stationId: string, input: MoveMany): Promise<{ moved: number; left: LeftBehind[] }> => {
	const station = await stationById(stationId);
	const resource = { station: stationId, stationPath: station.path };
	if (!can(actor, 'station.read', resource)) throw notFound();
	if (!can(actor, 'gate.moveCriteria', resource)) throw forbidden();
	if (input.to !== (await newestGateVersion(stationId))) throw invalidField('to', 'choose_one');
	const left: LeftBehind[] = [];
	for (const { id, version } of input.organizations)
		try {
			await moveToCriteria(actor, id, { to: input.to, reason: input.reason, version });
		} catch (error) {
			if (!(error instanceof AppError)) throw error;
			left.push({ id, code: error.code });
		}
	const moved = input.organizations.length - left.length;
	await recordAct({ chain: `station:${stationId}`, actor, action: 'gate_criteria_moved', subject: stationId, detail: { to: input.to, reason: input.reason, moved, left: left.length } });
	return { moved, left };
};
