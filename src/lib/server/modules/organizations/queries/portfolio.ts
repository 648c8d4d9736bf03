import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { gateNames, gateOf, type GateName } from '#lib/domain/organizations/lifecycle.ts';
import { stalledDays } from '#lib/domain/organizations/next-action.ts';
import { statuses } from '#lib/domain/organizations/schema.ts';
import type { Category, OrganizationStatus } from '#lib/domain/organizations/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { readRows } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { namesOf } from '../../accounts/index.ts';
import { stationById, type StationView } from '../../stations/index.ts';
import { fieldMemory, type Field } from '../field.ts';
import { Organization, type MaturitySummary, type OrganizationDocument } from '../model.ts';
import { countSubtree } from '../tallies.ts';

export type Portfolio = Field & { station: StationView };

/**
 * A station's whole field at a glance. What this process changes shows at once; what another changes, after two seconds
 * or, where nobody has looked for a while, with the second look.
 */
export const stationPortfolio = async (actor: Actor, stationId: string): Promise<Portfolio> => {
	const station = await stationById(stationId);
	if (!can(actor, 'organization.list', { station: stationId, stationPath: station.path })) throw notFound();
	return { station, ...(await fieldMemory.read(stationId, () => readField(stationId))) };
};

const noGates = (): Record<GateName, number> => Object.fromEntries(gateNames.map((gate) => [gate, 0])) as Record<GateName, number>;

/** Five reads, however many organizations there are. */
const readField = async (stationId: string): Promise<Field> => {
	const sleeping = { stationPath: stationId, status: 'incubating' as const, lastEvidenceAt: { $lt: new Date(now().getTime() - stalledDays * 86_400_000) } };
	const [cells, stalled, stalledCount, heat] = await Promise.all([
		countSubtree(stationId),
		readRows<Pick<OrganizationDocument, '_id' | 'name' | 'stage' | 'atGraduation' | 'mentor' | 'lastEvidenceAt'>, OrganizationDocument>(Organization, {
			filter: sleeping,
			fields: { name: 1, stage: 1, atGraduation: 1, mentor: 1, lastEvidenceAt: 1 },
			sort: { lastEvidenceAt: 1, _id: 1 },
			limit: 10
		}),
		Organization.countDocuments(sleeping),
		readRows<Pick<OrganizationDocument, '_id' | 'name' | 'code'> & { maturity: { station?: MaturitySummary | null } }, OrganizationDocument>(Organization, {
			filter: { stationPath: stationId, status: { $in: ['incubating', 'graduated'] }, maturityOverall: { $gt: 0 } },
			fields: { name: 1, code: 1, 'maturity.station': 1 },
			sort: { maturityOverall: 1, _id: 1 },
			limit: 40
		})
	]);
	const byStatus = Object.fromEntries(statuses.map((status) => [status, 0])) as Record<OrganizationStatus, number>;
	const totals = noGates();
	const matrix = new Map<Category, Record<GateName, number>>();
	for (const { status, gate, category, count } of cells) {
		byStatus[status] += count;
		if (status !== 'incubating') continue;
		const row = matrix.get(category) ?? noGates();
		row[gate] += count;
		totals[gate] += count;
		matrix.set(category, row);
	}
	const mentors = await namesOf(stalled.flatMap(({ mentor }) => mentor ?? []));
	return {
		byStatus,
		matrix: [...matrix].map(([category, counts]) => ({ category, counts })).sort((a, b) => (a.category < b.category ? -1 : 1)),
		totals,
		stalled: stalled.map((row) => ({
			id: row._id.toHexString(),
			name: row.name,
			gate: gateOf(row),
			mentorName: mentors.get(row.mentor ?? '') ?? '',
			lastEvidenceAt: row.lastEvidenceAt
		})),
		stalledCount,
		heat: heat.flatMap(({ _id, name, code, maturity }) =>
			maturity.station
				? [{ id: _id.toHexString(), name, code, levels: maturity.station.levels, overall: maturity.station.overall, at: maturity.station.at }]
				: []
		)
	};
};
