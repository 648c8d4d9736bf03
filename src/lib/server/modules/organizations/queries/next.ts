import { z } from 'zod';
import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { never } from '#lib/domain/organizations/attention.ts';
import { criteriaOf, type TextPair } from '#lib/domain/organizations/criteria.ts';
import { gateOf, type GateName } from '#lib/domain/organizations/lifecycle.ts';
import { nextAction, type NextAction } from '#lib/domain/organizations/next-action.ts';
import { categories } from '#lib/domain/organizations/terms.ts';
import type { OrganizationStatus } from '#lib/domain/organizations/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { packCursor, pageSchema, toId, unpackCursor, type Page, type QueryFilter } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { namesOf } from '../../accounts/index.ts';
import { stationById } from '../../stations/index.ts';
import { attentionFacts } from '../attention.ts';
import { Organization, type OrganizationDocument } from '../model.ts';
import { asRecords, gateBy, loadRecordsOf, type StoredRecords } from '../records.ts';
import { gateDefinitionsOf } from '../standards.ts';

const blank = z.literal('').transform(() => undefined);

/** Conditions of the list of next steps; all together. */
export const nextFilterSchema = z.object({
	category: z.enum(categories).or(blank).optional(),
	/** Looked after by the caller. */
	mine: z.enum(['1', 'on']).or(blank).optional(),
	/** Past its date. */
	overdue: z.enum(['1', 'on']).or(blank).optional()
});
export const nextListSchema = nextFilterSchema.extend(pageSchema.shape);

/** An organization with its one next step. */
export type NextRow = {
	id: string;
	code: string;
	name: string;
	status: OrganizationStatus;
	gate: GateName;
	mentor: string;
	next: NextAction;
	/** The words of the criterion the step works on. */
	label: TextPair | null;
	version: number;
};

const left = { history: 0, searchKeys: 0 } as const;

/**
 * A station's organizations and those below it, who has to be looked at first on top, each with its next step. Sorted
 * by one indexed column; only the rows of the page are computed from their records.
 */
export const stationNextActions = async (actor: Actor, stationId: string, query: z.infer<typeof nextListSchema>): Promise<Page<NextRow>> => {
	const station = await stationById(stationId);
	if (!can(actor, 'organization.list', { station: stationId, stationPath: station.path })) throw notFound();
	const after = query.cursor ? unpackCursor(query.cursor, 2) : null;
	const from = after?.[0] instanceof Date ? after[0] : null;
	const at = now();
	const conditions: QueryFilter<OrganizationDocument>[] = [{ stationPath: stationId, attentionAt: { $lt: query.overdue ? at : never } }];
	if (query.category) conditions.push({ category: query.category });
	if (query.mine && actor.kind === 'user') conditions.push({ $or: [{ mentor: actor.id }, { secondMentor: actor.id }] });
	if (from) conditions.push({ $or: [{ attentionAt: { $gt: from } }, { attentionAt: from, _id: { $gt: toId(String(after?.[1])) } }] });
	const rows = await Organization.find({ $and: conditions }, left).sort({ attentionAt: 1, _id: 1 }).limit(query.limit + 1).lean();
	const shown = rows.slice(0, query.limit);
	const [names, records] = await Promise.all([
		namesOf(shown.flatMap(({ mentor }) => (mentor ? [mentor] : []))),
		loadRecordsOf(shown.filter(isComputed).map(({ _id }) => _id.toHexString()))
	]);
	const items = await Promise.all(shown.map((row) => nextOf(row, records.get(row._id.toHexString()), at)));
	const last = shown.at(-1);
	return {
		items: items.map((item, index) => ({ ...item, mentor: names.get(shown[index]?.mentor ?? '') ?? '' })),
		next: rows.length > query.limit && last?.attentionAt ? packCursor([last.attentionAt, last._id.toHexString()]) : null
	};
};

const noGate = { criteria: [], passes: false };

type Listed = Omit<OrganizationDocument, 'history' | 'searchKeys'>;

/** Who has no mentor or waits for a decision needs that first, whatever the gate says: nothing to compute. */
const isComputed = ({ status, mentor, gate }: Listed): boolean => status === 'incubating' && mentor !== null && gate.proposedAt === null;

/** `stored`: the records of an organization whose gate is computed. */
const nextOf = async (organization: Listed, stored: StoredRecords | undefined, at: Date): Promise<NextRow> => {
	const gateName = gateOf(organization);
	const criteria = stored ? criteriaOf(await gateDefinitionsOf(organization), gateName, organization.mode) : [];
	const gate = stored ? gateBy(organization, criteria, asRecords(stored, organization.proposals)) : noGate;
	const next = nextAction({ ...attentionFacts(organization), gateName, gate }, at);
	return {
		id: organization._id.toHexString(),
		code: organization.code,
		name: organization.name,
		status: organization.status,
		gate: gateName,
		mentor: '',
		next,
		label: criteria.find(({ key }) => key === next.criterion)?.label ?? null,
		version: organization.version
	};
};
