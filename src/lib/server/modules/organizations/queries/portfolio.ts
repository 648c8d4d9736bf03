import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { gateNames, type GateName } from '#lib/domain/organizations/lifecycle.ts';
import type { Levels } from '#lib/domain/organizations/maturity.ts';
import { stalledDays } from '#lib/domain/organizations/next-action.ts';
import { statuses } from '#lib/domain/organizations/schema.ts';
import type { Category, OrganizationStatus } from '#lib/domain/organizations/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { stationById, type StationView } from '../../stations/index.ts';
import { Organization } from '../model.ts';
import { countSubtree } from '../tallies.ts';
import { viewsOf, type OrganizationView } from '../view.ts';

type Row = { id: string; name: string; code: string; levels: Levels; overall: number; at: Date };

export type Portfolio = {
	station: StationView;
	/** Organizations by status. */
	byStatus: Record<OrganizationStatus, number>;
	/** Those in incubation: category by gate. */
	matrix: { category: Category; counts: Record<GateName, number> }[];
	totals: Record<GateName, number>;
	/** Longest without a record first; at most 10. */
	stalled: OrganizationView[];
	stalledCount: number;
	/** Levels by the station, lowest first; at most 40. */
	heat: Row[];
};

/** A station's whole field at a glance: five reads, however many organizations there are. */
export const stationPortfolio = async (actor: Actor, stationId: string): Promise<Portfolio> => {
	const station = await stationById(stationId);
	if (!can(actor, 'organization.list', { station: stationId, stationPath: station.path })) throw notFound();
	const sleeping = { stationPath: stationId, status: 'incubating' as const, lastEvidenceAt: { $lt: new Date(now().getTime() - stalledDays * 86_400_000) } };
	const [cells, stalled, stalledCount, heat] = await Promise.all([
		countSubtree(stationId),
		Organization.find(sleeping, { history: 0, searchKeys: 0, proposals: 0 }).sort({ lastEvidenceAt: 1, _id: 1 }).limit(10).lean(),
		Organization.countDocuments(sleeping),
		Organization.find(
			{ stationPath: stationId, status: { $in: ['incubating', 'graduated'] }, maturityOverall: { $gt: 0 } },
			{ name: 1, code: 1, maturity: 1 }
		)
			.sort({ maturityOverall: 1, _id: 1 })
			.limit(40)
			.lean()
	]);
	const noGates = (): Record<GateName, number> => Object.fromEntries(gateNames.map((gate) => [gate, 0])) as Record<GateName, number>;
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
	return {
		station,
		byStatus,
		matrix: [...matrix].map(([category, counts]) => ({ category, counts })).sort((a, b) => (a.category < b.category ? -1 : 1)),
		totals,
		stalled: await viewsOf(actor, stalled),
		stalledCount,
		heat: heat.flatMap(({ _id, name, code, maturity }) =>
			maturity.station
				? [{ id: _id.toHexString(), name, code, levels: maturity.station.levels, overall: maturity.station.overall, at: maturity.station.at }]
				: []
		)
	};
};
