import { z } from 'zod';
import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { cohortsOf, type Cohort, type MaturityCell } from '#lib/domain/organizations/cohorts.ts';
import type { Levels } from '#lib/domain/organizations/maturity.ts';
import { categories } from '#lib/domain/organizations/terms.ts';
import type { Category, OrganizationStatus } from '#lib/domain/organizations/types.ts';
import { slugSchema } from '#lib/domain/shared/fields.ts';
import { packCursor, pageSchema, toId, unpackCursor, type Page, type QueryFilter } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { stationById, stationsByIds, type StationView } from '../../stations/index.ts';
import { talliesBelow, type Counted } from '../maturity-tallies.ts';
import { Organization, type OrganizationDocument } from '../model.ts';

const blank = z.literal('').transform(() => undefined);

/** Conditions of the heat map; all together. */
export const maturityFilterSchema = z.object({
	category: z.enum(categories).or(blank).optional(),
	/** A community of the chosen station itself. */
	community: slugSchema.or(blank).optional(),
	status: z.enum(['incubating', 'graduated']).or(blank).optional(),
	/** Year of foundation. */
	year: z.string().regex(/^\d{4}$/).or(blank).optional(),
	/** Whole level the overall level lies in; 0: not assessed. */
	band: blank.or(z.coerce.number().int().min(0).max(5)).optional(),
	sort: z.enum(['level', '-level']).or(blank).optional()
});
export const maturityListSchema = maturityFilterSchema.extend(pageSchema.shape);
type MaturityFilter = z.infer<typeof maturityFilterSchema>;

export type MaturityRow = {
	id: string;
	code: string;
	name: string;
	category: Category;
	status: OrganizationStatus;
	levels: Levels | null;
	overall: number | null;
	/** The group's own overall view. */
	self: number | null;
	at: Date | null;
};

const seen = async (actor: Actor, stationId: string): Promise<StationView> => {
	const station = await stationById(stationId);
	if (!can(actor, 'organization.list', { station: stationId, stationPath: station.path })) throw notFound();
	return station;
};

const narrow = { code: 1, name: 1, category: 1, status: 1, maturity: 1, maturityOverall: 1 } as const;

const conditionOf = (stationId: string, filter: MaturityFilter): QueryFilter<OrganizationDocument> => {
	const { band } = filter;
	const level = band === undefined ? { $gt: 0 } : band === 0 ? 0 : band === 5 ? { $gte: 5 } : { $gte: band, $lt: band + 1 };
	return {
		...(filter.community ? { station: stationId, communities: filter.community } : { stationPath: stationId }),
		maturityOverall: level,
		status: filter.status ?? { $in: ['incubating', 'graduated'] },
		...(filter.category ? { category: filter.category } : {}),
		...(filter.year ? { foundedOn: { $gte: `${filter.year}-01-01`, $lte: `${filter.year}-12-31` } } : {})
	};
};

const rowsAfter = async (stationId: string, filter: MaturityFilter, limit: number, cursor: string | undefined): Promise<Page<MaturityRow>> => {
	const way = filter.sort === '-level' ? -1 : 1;
	const after = cursor ? unpackCursor(cursor, 2) : null;
	const side = way === 1 ? '$gt' : '$lt';
	const from = after
		? { $or: [{ maturityOverall: { [side]: Number(after[0]) } }, { maturityOverall: Number(after[0]), _id: { [side]: toId(String(after[1])) } }] }
		: {};
	const rows = await Organization.find({ $and: [conditionOf(stationId, filter), from as QueryFilter<OrganizationDocument>] }, narrow)
		.sort({ maturityOverall: way, _id: way })
		.limit(limit + 1)
		.lean();
	const shown = rows.slice(0, limit);
	const last = shown.at(-1);
	return {
		items: shown.map(({ _id, code, name, category, status, maturity }) => ({
			id: _id.toHexString(),
			code,
			name,
			category,
			status,
			levels: maturity.station?.levels ?? null,
			overall: maturity.station?.overall ?? null,
			self: maturity.self?.overall ?? null,
			at: maturity.station?.at ?? null
		})),
		next: rows.length > limit && last ? packCursor([last.maturityOverall, last._id.toHexString()]) : null
	};
};

/** The heat map of a station and those below it, a page at a time, sorted by an indexed column. */
export const stationMaturity = async (
	actor: Actor,
	stationId: string,
	query: z.infer<typeof maturityListSchema>
): Promise<Page<MaturityRow> & { communities: { key: string; name: string }[] }> => {
	const station = await seen(actor, stationId);
	const page = await rowsAfter(stationId, query, query.limit, query.cursor);
	return { ...page, communities: station.communities.map(({ key, name }) => ({ key, name })) };
};

/** All rows of the heat map for export, in pages behind the scenes. */
export async function* eachMaturityRow(actor: Actor, stationId: string, filter: MaturityFilter): AsyncGenerator<MaturityRow> {
	await seen(actor, stationId);
	let cursor: string | undefined;
	do {
		const { items, next } = await rowsAfter(stationId, filter, 500, cursor);
		yield* items;
		cursor = next ?? undefined;
	} while (cursor);
}

/** Adds counts up once for as long as they are the same ones. */
const onceForEach = <Result>(compute: (tallies: readonly Counted[], what: string) => Result) => {
	const known = new WeakMap<readonly Counted[], Map<string, Result>>();
	return (tallies: readonly Counted[], what: string): Result => {
		const results = known.get(tallies) ?? new Map<string, Result>();
		known.set(tallies, results);
		const result = results.get(what) ?? compute(tallies, what);
		results.set(what, result);
		return result;
	};
};

const totalOf = onceForEach((tallies) => cohortsOf(tallies.flatMap(({ cells }) => cells), () => ['all'])[0] ?? null);

/** One cohort for each station at this depth of the paths, and for the station above them itself. */
const cohortsBelow = onceForEach((tallies, depth) => {
	const byChild = new Map<string, MaturityCell[]>();
	for (const { station: own, stationPath, cells } of tallies) {
		const child = stationPath[Number(depth)] ?? own;
		const gathered = byChild.get(child);
		if (gathered) gathered.push(...cells);
		else byChild.set(child, [...cells]);
	}
	return [...byChild].flatMap(([child, cells]) => cohortsOf(cells, () => [child])).sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
});

const distributionPage = 25;

export type DistributionRow = Omit<Cohort, 'key'> & { station: string; name: string };

/**
 * How levels are distributed over the stations right below one, and its own organizations, a page of stations at a
 * time. Counts are at most fifteen seconds old.
 */
export const stationDistribution = async (
	actor: Actor,
	stationId: string,
	page = 0
): Promise<{ total: Cohort | null; rows: DistributionRow[]; pages: number }> => {
	const station = await seen(actor, stationId);
	const tallies = await talliesBelow(stationId, station.path);
	const all = totalOf(tallies, '');
	const cohorts = cohortsBelow(tallies, String(station.path.length));
	const shown = cohorts.slice(page * distributionPage, (page + 1) * distributionPage);
	const names = await stationsByIds(shown.map(({ key }) => key));
	return {
		total: all,
		rows: shown.map(({ key, ...cohort }) => ({ ...cohort, station: key, name: names.get(key)?.name ?? '' })),
		pages: Math.ceil(cohorts.length / distributionPage)
	};
};

/** What organizations can be compared by. */
export const cohortGroups = ['category', 'community', 'year'] as const;
export type CohortGroup = (typeof cohortGroups)[number];

const mostCohorts = 60;

const cohortsBy = onceForEach((tallies, by) => {
	const cells = tallies.flatMap((tally) => tally.cells.map((cell) => ({ ...cell, station: tally.station })));
	const keysOf = (cell: MaturityCell & { station: string }): string[] =>
		by === 'category' ? [cell.category] : by === 'year' ? [cell.year] : cell.communities.map((key) => `${cell.station} ${key}`);
	const cohorts = cohortsOf(cells, keysOf);
	return by === 'year' ? [...cohorts].sort((a, b) => (a.key < b.key ? 1 : -1)) : cohorts;
});

/** Groups of a station's organizations side by side; communities carry their names. At most sixty, the largest. */
export const stationCohorts = async (
	actor: Actor,
	stationId: string,
	by: CohortGroup
): Promise<{ by: CohortGroup; total: Cohort | null; cohorts: (Cohort & { station: string; value: string; name: string })[]; more: number }> => {
	const station = await seen(actor, stationId);
	const tallies = await talliesBelow(stationId, station.path);
	const cohorts = cohortsBy(tallies, by);
	const shown = cohorts.slice(0, mostCohorts);
	const stations = by === 'community' ? await stationsByIds(shown.map(({ key }) => key.split(' ')[0] ?? '')) : new Map<string, StationView>();
	return {
		by,
		total: totalOf(tallies, ''),
		cohorts: shown.map((cohort) => {
			const [where = '', value = ''] = by === 'community' ? cohort.key.split(' ') : [stationId, cohort.key];
			return { ...cohort, station: where, value, name: stations.get(where)?.communities.find(({ key }) => key === value)?.name ?? '' };
		}),
		more: cohorts.length - shown.length
	};
};
