import type { Actor } from '#lib/domain/accounts/types.ts';
import { assessmentDue, gaps, overallLevel, suggestLevels, type Levels, type Overall, type Suggestion } from '#lib/domain/organizations/maturity.ts';
import { isRecorded } from '#lib/domain/organizations/lifecycle.ts';
import type { Dimension } from '#lib/domain/organizations/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { packCursor, toId, unpackCursor, type Page, type PageInput } from '#lib/server/platform/db/index.ts';
import { loadFor } from '../access.ts';
import { defaultMaturityModel, type MaturityModel } from '../defaults.ts';
import { Assessment, type AssessmentDocument } from '../model.ts';
import { asRecords, loadRecords } from '../records.ts';

/** An assessment with how its overall level came about. */
export type AssessmentView = Overall & {
	id: string;
	by: 'self' | 'station';
	author: string;
	at: Date;
	levels: Levels;
	notes: Partial<Record<Dimension, string>>;
};

const view = (assessment: AssessmentDocument): AssessmentView => ({
	id: assessment._id.toHexString(),
	by: assessment.by,
	author: assessment.author.name,
	at: assessment.at,
	levels: assessment.levels,
	notes: assessment.notes,
	...overallLevel(assessment.levels)
});

/** Assessments, newest first. */
export const listAssessments = async (actor: Actor, organizationId: string, page: PageInput): Promise<Page<AssessmentView>> => {
	await loadFor(actor, organizationId, 'organization.read');
	const after = page.cursor ? unpackCursor(page.cursor, 2) : null;
	const at = after?.[0] instanceof Date ? after[0] : null;
	const rows = await Assessment.find({
		organization: organizationId,
		...(at ? { $or: [{ at: { $lt: at } }, { at, _id: { $lt: toId(String(after?.[1])) } }] } : {})
	})
		.sort({ at: -1, _id: -1 })
		.limit(page.limit + 1)
		.lean();
	const items = rows.slice(0, page.limit);
	const last = items.at(-1);
	return {
		items: items.map(view),
		next: rows.length > page.limit && last ? packCursor([last.at, last._id.toHexString()]) : null
	};
};

export type MaturityView = {
	model: MaturityModel;
	/** The latest of each side. */
	self: AssessmentView | null;
	station: AssessmentView | null;
	gaps: ReturnType<typeof gaps>;
	/** The station's assessments over time, oldest first; the group's own where the station has none yet. */
	trajectory: { at: Date; overall: number; by: 'self' | 'station' }[];
	all: AssessmentView[];
	dueAt: Date | null;
	/** What the record proves or contradicts. */
	suggestions: Suggestion[];
};

/** Where the organization stands and how it got there. */
export const organizationMaturity = async (actor: Actor, organizationId: string): Promise<MaturityView> => {
	const organization = await loadFor(actor, organizationId, 'organization.read');
	const [assessments, stored] = await Promise.all([
		Assessment.find({ organization: organizationId }).sort({ at: -1, _id: -1 }).limit(60).lean(),
		loadRecords(organizationId)
	]);
	const all = assessments.map(view);
	const self = all.find(({ by }) => by === 'self') ?? null;
	const station = all.find(({ by }) => by === 'station') ?? null;
	const side = station ? 'station' : 'self';
	return {
		model: defaultMaturityModel,
		self,
		station,
		gaps: self && station ? gaps(self.levels, station.levels) : [],
		trajectory: all
			.filter(({ by }) => by === side)
			.map(({ at, overall, by }) => ({ at, overall, by }))
			.reverse(),
		all,
		dueAt: isRecorded(organization.status)
			? assessmentDue(station?.at ?? null, organization.incubatingSince ?? organization.createdAt)
			: null,
		suggestions: suggestLevels(asRecords(stored, organization.proposals), organization.filing, now())
	};
};
