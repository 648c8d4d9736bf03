import { z } from 'zod';
import { can, scopeIds, visibleStations } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { gateOf, type GateName } from '#lib/domain/organizations/lifecycle.ts';
import { stalledDays } from '#lib/domain/organizations/next-action.ts';
import { categories, stages, statuses } from '#lib/domain/organizations/schema.ts';
import { idSchema, slugSchema } from '#lib/domain/shared/fields.ts';
import { now } from '#lib/server/platform/clock.ts';
import {
	packCursor,
	pageSchema,
	readRows,
	toId,
	toIds,
	unpackCursor,
	type Page,
	type PageInput,
	type QueryFilter
} from '#lib/server/platform/db/index.ts';
import { forbidden, notFound } from '#lib/server/platform/errors.ts';
import { namesOf } from '../../accounts/index.ts';
import { stationById } from '../../stations/index.ts';
import { searchText } from '../codes.ts';
import { Organization, type OrganizationDocument } from '../model.ts';
import { viewsOf, type OrganizationView } from '../view.ts';

/** What a filter field posts when nothing is chosen. */
const blank = z.literal('').transform(() => undefined);
const chosen = <Choice extends z.ZodType>(choice: Choice) => choice.or(blank).optional();

export const organizationSorts = ['name', 'stage', 'evidence', '-maturity', 'maturity'] as const;

/** Conditions of an organization list; all together. */
export const organizationFilterSchema = z.object({
	/** A station and everything below it. */
	station: chosen(idSchema),
	community: chosen(slugSchema),
	category: chosen(z.enum(categories)),
	status: chosen(z.enum(statuses)),
	/** A stage, or graduation after the last. */
	stage: chosen(z.enum([...stages, 'graduation'])),
	/** Part of the name or code. */
	q: z.string().trim().max(40).optional(),
	/** Nothing recorded for 90 days. */
	stalled: chosen(z.enum(['1', 'true', 'on'])),
	/** Passing a gate waits for the head. */
	proposed: chosen(z.enum(['1', 'true', 'on'])),
	/** Looked after by the caller. */
	mine: chosen(z.enum(['1', 'true', 'on'])),
	/** By name, longest in its stage, longest without a record, or level. */
	sort: chosen(z.enum(organizationSorts))
});
export type OrganizationFilter = z.infer<typeof organizationFilterSchema>;
export const organizationListSchema = organizationFilterSchema.extend(pageSchema.shape);

type Filter = QueryFilter<OrganizationDocument>;

/** All of them at once, without the empty ones. */
const joined = (conditions: readonly Filter[]): Filter => {
	const real = conditions.filter((condition) => Object.keys(condition).length > 0);
	return real.length > 1 ? { $and: real } : (real[0] ?? {});
};

/** What the actor may see at all; organizations of one's own come with a leader's or member's grant. */
const visible = async (actor: Actor, station: string | undefined): Promise<Filter> => {
	const stations = visibleStations(actor);
	const own = scopeIds(actor, 'organization', ['leader', 'member']);
	if (stations !== null && stations.length === 0 && own.length === 0) throw forbidden();
	if (station) {
		const { path } = await stationById(station);
		if (!can(actor, 'organization.list', { station, stationPath: path })) throw notFound();
		return { stationPath: station };
	}
	if (stations === null) return {};
	if (stations.length === 0) return { _id: { $in: toIds(own) } };
	return { stationPath: stations.length === 1 ? stations[0] : { $in: stations } };
};

/** The condition of a filter, without the page. */
export const filterOf = async (actor: Actor, filter: OrganizationFilter): Promise<Filter> => {
	const conditions: Filter[] = [await visible(actor, filter.station)];
	if (filter.status) conditions.push({ status: filter.status });
	if (filter.stage) {
		conditions.push(
			filter.stage === 'graduation'
				? { stage: 'project_support', atGraduation: true }
				: { stage: filter.stage, atGraduation: false }
		);
		if (!filter.status) conditions.push({ status: 'incubating' });
	}
	if (filter.category) conditions.push({ category: filter.category });
	if (filter.community) conditions.push({ communities: filter.community });
	if (filter.proposed) conditions.push({ status: 'incubating', 'gate.proposedAt': { $ne: null } } as Filter);
	if (filter.mine && actor.kind === 'user') conditions.push({ $or: [{ mentor: actor.id }, { secondMentor: actor.id }] });
	if (filter.stalled)
		conditions.push({ status: 'incubating', lastEvidenceAt: { $lt: new Date(now().getTime() - stalledDays * 86_400_000) } });
	const q = filter.q ? searchText(filter.q) : '';
	if (q) conditions.push({ searchKeys: { $elemMatch: { $gte: q, $lt: `${q}\uffff` } } });
	return joined(conditions);
};

type SortKey = 'name' | 'stageSince' | 'lastEvidenceAt' | 'maturityOverall';
const orders: Record<(typeof organizationSorts)[number], { key: SortKey; way: 1 | -1 }> = {
	name: { key: 'name', way: 1 },
	stage: { key: 'stageSince', way: 1 },
	evidence: { key: 'lastEvidenceAt', way: 1 },
	maturity: { key: 'maturityOverall', way: 1 },
	'-maturity': { key: 'maturityOverall', way: -1 }
};

/** Fields lists do without: histories would make a page of rows a page of stories. */
const lean = { history: 0, searchKeys: 0, 'gate.attestations': 0, 'gate.waivers': 0, proposals: 0 } as const;

/** Condition and order of one page. */
const pageOf = (condition: Filter, filter: OrganizationFilter, page: PageInput): { filter: Filter; sort: Record<string, 1 | -1>; key: SortKey } => {
	const { key, way } = orders[filter.sort ?? 'name'];
	const side = way === 1 ? '$gt' : '$lt';
	const after = page.cursor ? unpackCursor(page.cursor, 2) : null;
	const from = after
		? { $or: [{ [key]: { [side]: after[0] } }, { [key]: after[0], _id: { [side]: toId(String(after[1])) } }] }
		: {};
	return { filter: joined([condition, from as Filter]), sort: { [key]: way, _id: way }, key };
};

const rowsAfter = async (condition: Filter, given: OrganizationFilter, page: PageInput) => {
	const { filter, sort, key } = pageOf(condition, given, page);
	const rows = await Organization.find(filter, lean)
		.sort(sort)
		.limit(page.limit + 1)
		.lean();
	const items = rows.slice(0, page.limit);
	const last = items.at(-1);
	return { items, next: rows.length > page.limit && last ? packCursor([last[key], last._id.toHexString()]) : null };
};

/** Organizations the actor may see, a page at a time: three reads for any number of rows. */
export const listOrganizations = async (
	actor: Actor,
	query: OrganizationFilter & PageInput
): Promise<Page<OrganizationView>> => {
	const { items, next } = await rowsAfter(await filterOf(actor, query), query, query);
	return { items: await viewsOf(actor, items), next };
};

/** A line of the list of organizations. */
export type OrganizationRow = Pick<OrganizationDocument, 'name' | 'code' | 'category' | 'status' | 'lastEvidenceAt'> & {
	id: string;
	gate: GateName;
	mentorName: string | null;
	/** People on the roster, or as said in the application. */
	members: number;
	/** Overall level by the station; null while not assessed. */
	level: number | null;
};

const rowFields = {
	name: 1, code: 1, category: 1, status: 1, stage: 1, atGraduation: 1, stageSince: 1, mentor: 1, memberCount: 1,
	'applicant.memberCount': 1, lastEvidenceAt: 1, maturityOverall: 1
} as const;
type RowDocument = Pick<
	OrganizationDocument,
	| '_id' | 'name' | 'code' | 'category' | 'status' | 'stage' | 'atGraduation' | 'stageSince' | 'mentor' | 'memberCount'
	| 'lastEvidenceAt' | 'maturityOverall'
> & { applicant: { memberCount: number } };

/** The same organizations as `listOrganizations`, each as narrow as its line on the page. */
export const organizationRows = async (actor: Actor, query: OrganizationFilter & PageInput): Promise<Page<OrganizationRow>> => {
	const { filter, sort, key } = pageOf(await filterOf(actor, query), query, query);
	const rows = await readRows<RowDocument, OrganizationDocument>(Organization, { filter, sort, fields: rowFields, limit: query.limit + 1 });
	const items = rows.slice(0, query.limit);
	const names = await namesOf(items.flatMap(({ mentor }) => mentor ?? []));
	const last = items.at(-1);
	return {
		items: items.map((row) => ({
			id: row._id.toHexString(),
			name: row.name,
			code: row.code,
			category: row.category,
			status: row.status,
			gate: gateOf(row),
			mentorName: row.mentor === null ? null : (names.get(row.mentor) ?? ''),
			members: row.memberCount || row.applicant.memberCount,
			level: row.maturityOverall || null,
			lastEvidenceAt: row.lastEvidenceAt
		})),
		next: rows.length > query.limit && last ? packCursor([last[key], last._id.toHexString()]) : null
	};
};

/** All rows of a list for export, in pages behind the scenes. */
export async function* eachOrganization(actor: Actor, filter: OrganizationFilter): AsyncGenerator<OrganizationView> {
	const condition = await filterOf(actor, filter);
	let cursor: string | undefined;
	do {
		const { items, next } = await rowsAfter(condition, filter, { limit: 200, cursor });
		yield* await viewsOf(actor, items);
		cursor = next ?? undefined;
	} while (cursor);
}

/** How many there are under a condition. */
export const countOrganizations = async (actor: Actor, filter: OrganizationFilter): Promise<number> =>
	Organization.countDocuments(await filterOf(actor, filter));
