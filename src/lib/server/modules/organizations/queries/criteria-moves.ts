import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { criteriaOf, type GateDefinitions, type TextPair } from '#lib/domain/organizations/criteria.ts';
import { reopened } from '#lib/domain/organizations/gate-editing.ts';
import { gateOf, type GateName } from '#lib/domain/organizations/lifecycle.ts';
import { forbidden, notFound } from '#lib/server/platform/errors.ts';
import { stationById } from '../../stations/index.ts';
import { Organization, type OrganizationDocument } from '../model.ts';
import { asRecords, gateBy, loadRecords } from '../records.ts';
import { gateDefinitionsAt, newestGateVersion } from '../standards.ts';

/** What moving to the newest criteria would change for one organization. */
export type MoveRow = {
	id: string;
	name: string;
	gate: GateName;
	from: number;
	before: { met: number; total: number };
	after: { met: number; total: number };
	/** Criteria of the present gate that would be open and are not now. */
	reopens: TextPair[];
	/** A proposal waits: it is decided by the criteria it was made under. */
	proposed: boolean;
	version: number;
};
export type CriteriaMoves = { station: { id: string; name: string }; to: number; rows: MoveRow[]; more: boolean };

/** So many at a time: each is computed from its records. */
const most = 100;

const rowOf = async (organization: Omit<OrganizationDocument, 'history' | 'searchKeys'>, is: GateDefinitions): Promise<MoveRow> => {
	const id = organization._id.toHexString();
	const from = organization.criteriaVersion ?? 0;
	const [was, stored] = await Promise.all([gateDefinitionsAt(organization.station, from), loadRecords(id)]);
	const records = asRecords(stored, organization.proposals);
	const gate = gateOf(organization);
	const criteria = criteriaOf(is, gate, organization.mode);
	const before = gateBy(organization, criteriaOf(was, gate, organization.mode), records);
	const after = gateBy(organization, criteria, records);
	const open = reopened(before.criteria, after.criteria);
	return {
		id,
		name: organization.name,
		gate,
		from,
		before: { met: before.met, total: before.total },
		after: { met: after.met, total: after.total },
		reopens: criteria.filter(({ key }) => open.includes(key)).map(({ label }) => label),
		proposed: organization.gate.proposedAt !== null,
		version: organization.version
	};
};

/** The organizations of a station that go by older criteria, each with what the newest would change; for its head. */
export const criteriaMoves = async (actor: Actor, stationId: string): Promise<CriteriaMoves> => {
	const station = await stationById(stationId);
	const resource = { station: stationId, stationPath: station.path };
	if (!can(actor, 'station.read', resource)) throw notFound();
	if (!can(actor, 'gate.moveCriteria', resource)) throw forbidden();
	const to = await newestGateVersion(stationId);
	const rows = await Organization.find(
		{ station: stationId, status: { $in: ['incubating', 'dormant'] }, criteriaVersion: { $ne: to } },
		{ history: 0, searchKeys: 0 }
	)
		.sort({ name: 1, _id: 1 })
		.limit(most + 1)
		.lean();
	const definitions = await gateDefinitionsAt(stationId, to);
	return {
		station: { id: stationId, name: station.name },
		to,
		// Absent is the platform's own version, which `$ne` does not know.
		rows: await Promise.all(rows.filter(({ criteriaVersion = 0 }) => criteriaVersion !== to).slice(0, most).map((row) => rowOf(row, definitions))),
		more: rows.length > most
	};
};
