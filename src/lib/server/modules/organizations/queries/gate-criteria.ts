import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { criteriaOf, type GateDefinitions } from '#lib/domain/organizations/criteria.ts';
import { criteriaChanges, type CriterionChange } from '#lib/domain/organizations/gate-editing.ts';
import { gateOf } from '#lib/domain/organizations/lifecycle.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { stationById } from '../../stations/index.ts';
import { loadFor, resourceOf } from '../access.ts';
import { defaultGates } from '../defaults.ts';
import { Organization } from '../model.ts';
import { asRecords, gateBy, loadRecords } from '../records.ts';
import { gateDefinitionsAt, newestGateVersion } from '../standards.ts';
import { GateCriteria, GateDraft } from '../standards-model.ts';

export type GateVersionView = { version: number; at: Date | null; by: string; note: string; changes: CriterionChange[] };

export type GateCriteriaView = {
	station: { id: string; name: string };
	version: number;
	definitions: GateDefinitions;
	/** Newest first; version 0 is what the platform brings along. */
	versions: GateVersionView[];
	/** Organizations under way by the version they go by; at most 200 on older ones are listed. */
	underWay: { version: number; count: number }[];
	behind: { id: string; name: string; version: number }[];
	draft: { definitions: GateDefinitions; base: number; version: number; by: string; at: Date; changes: CriterionChange[] } | null;
	mayEdit: boolean;
	/** May move organizations under way to the newest version. */
	mayMove: boolean;
};

const shownVersions = 30;
const shownBehind = 200;

/** The gate criteria of a station, how they came to be, and who goes by which version. */
export const stationGateCriteria = async (actor: Actor, stationId: string): Promise<GateCriteriaView> => {
	const station = await stationById(stationId);
	const resource = { station: stationId, stationPath: station.path };
	if (!can(actor, 'station.read', resource)) throw notFound();
	const mayEdit = can(actor, 'gate.setCriteria', resource);
	const [rows, draft, organizations] = await Promise.all([
		GateCriteria.find({ station: stationId }).sort({ station: 1, version: -1 }).limit(shownVersions + 1).lean(),
		mayEdit ? GateDraft.findById(stationId).lean() : null,
		Organization.find({ station: stationId, status: { $in: ['incubating', 'dormant'] } }, { name: 1, criteriaVersion: 1 })
			.limit(5000)
			.lean()
	]);
	const newest = rows[0]?.version ?? 0;
	const versions = rows.slice(0, shownVersions).map(
		(row, index): GateVersionView => ({
			version: row.version,
			at: row.at,
			by: row.by.name,
			note: row.note,
			changes: criteriaChanges(rows[index + 1]?.definitions ?? defaultGates, row.definitions)
		})
	);
	if (rows.length <= shownVersions) versions.push({ version: 0, at: null, by: '', note: '', changes: [] });
	const counts = new Map<number, number>();
	for (const { criteriaVersion = 0 } of organizations) counts.set(criteriaVersion, (counts.get(criteriaVersion) ?? 0) + 1);
	const present = rows[0]?.definitions ?? defaultGates;
	return {
		station: { id: stationId, name: station.name },
		version: newest,
		definitions: present,
		versions,
		underWay: [...counts].map(([version, count]) => ({ version, count })).sort((a, b) => b.version - a.version),
		behind: organizations
			.filter(({ criteriaVersion = 0 }) => criteriaVersion !== newest)
			.slice(0, shownBehind)
			.map(({ _id, name, criteriaVersion = 0 }) => ({ id: _id.toHexString(), name, version: criteriaVersion })),
		draft: draft && {
			definitions: draft.definitions,
			base: draft.base,
			version: draft.version,
			by: draft.by.name,
			at: draft.at,
			changes: criteriaChanges(present, draft.definitions)
		},
		mayEdit,
		mayMove: can(actor, 'gate.moveCriteria', resource)
	};
};

export type CriteriaMove = {
	from: number;
	to: number;
	/** Only of the mode the organization is cultivated in. */
	changes: CriterionChange[];
	/** The present gate by both. */
	before: { met: number; total: number };
	after: { met: number; total: number };
	/** A proposal waits: it has to be decided first. */
	proposed: boolean;
	mayMove: boolean;
};

/** What moving an organization to the newest criteria of its station would change; null when it goes by them already. */
export const criteriaMove = async (actor: Actor, id: string): Promise<CriteriaMove | null> => {
	const organization = await loadFor(actor, id, 'organization.read');
	const from = organization.criteriaVersion ?? 0;
	const to = await newestGateVersion(organization.station);
	if (from === to || (organization.status !== 'incubating' && organization.status !== 'dormant')) return null;
	const [was, is, stored] = await Promise.all([
		gateDefinitionsAt(organization.station, from),
		gateDefinitionsAt(organization.station, to),
		loadRecords(id)
	]);
	const records = asRecords(stored, organization.proposals);
	const mode = organization.mode === 'self_developing' ? 'light' : 'full';
	const result = (definitions: GateDefinitions) => {
		const { met, total } = gateBy(organization, criteriaOf(definitions, gateOf(organization), organization.mode), records);
		return { met, total };
	};
	return {
		from,
		to,
		changes: criteriaChanges(was, is).filter((change) => change.mode === mode),
		before: result(was),
		after: result(is),
		proposed: organization.gate.proposedAt !== null,
		mayMove: can(actor, 'gate.moveCriteria', resourceOf(organization))
	};
};
