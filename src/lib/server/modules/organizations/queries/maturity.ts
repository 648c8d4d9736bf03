import type { Actor } from '#lib/domain/accounts/types.ts';
import type { TextPair } from '#lib/domain/organizations/criteria.ts';
import { assessmentDue, gaps, overallLevel, type Levels, type Overall } from '#lib/domain/organizations/maturity.ts';
import type { MaturityModel } from '#lib/domain/organizations/maturity-model.ts';
import type { Suggestion } from '#lib/domain/organizations/suggestion.ts';
import { dimensions } from '#lib/domain/organizations/terms.ts';
import { isRecorded } from '#lib/domain/organizations/lifecycle.ts';
import type { Dimension } from '#lib/domain/organizations/types.ts';
import { packCursor, toId, unpackCursor, type Page, type PageInput } from '#lib/server/platform/db/index.ts';
import { loadFor } from '../access.ts';
import { Assessment, type AssessmentDocument } from '../model.ts';
import { loadRecords } from '../records.ts';
import { cityOf, maturityModelAt, newestModelVersion } from '../standards.ts';
import { suggestionsFor } from '../suggestions.ts';

/** An assessment with how its overall level came about. */
export type AssessmentView = Overall & {
	id: string;
	by: 'self' | 'station';
	author: string;
	at: Date;
	levels: Levels;
	notes: Partial<Record<Dimension, string>>;
	/** The version of the model it was made with. */
	modelVersion: number;
	/** The words of the given levels in that version. */
	words: Record<Dimension, TextPair>;
	/** Where the record said otherwise at that time. */
	contradicted: { dimension: Dimension; kind: 'above' | 'below'; bound: number }[];
};

const wordsOf = (model: MaturityModel, levels: Levels): Record<Dimension, TextPair> =>
	Object.fromEntries(
		dimensions.map((key) => {
			const dimension = model.dimensions.find((one) => one.key === key);
			return [key, dimension?.levels[levels[key] - 1]?.label ?? { 'zh-CN': '', en: '' }];
		})
	) as Record<Dimension, TextPair>;

/** Assessments with the words of the versions they were made with. */
const viewsWith = async (city: string, assessments: readonly AssessmentDocument[]): Promise<AssessmentView[]> => {
	const versions = [...new Set(assessments.map(({ modelVersion }) => modelVersion ?? 0))];
	const models = new Map(await Promise.all(versions.map(async (version) => [version, await maturityModelAt(city, version)] as const)));
	return assessments.map((assessment) => {
		const model = models.get(assessment.modelVersion ?? 0);
		return view(assessment, model ? wordsOf(model, assessment.levels) : ({} as Record<Dimension, TextPair>));
	});
};

const view = (assessment: AssessmentDocument, words: Record<Dimension, TextPair>): AssessmentView => ({
	id: assessment._id.toHexString(),
	by: assessment.by,
	author: assessment.author.name,
	at: assessment.at,
	levels: assessment.levels,
	notes: assessment.notes,
	modelVersion: assessment.modelVersion ?? 0,
	words,
	contradicted: assessment.contradicted ?? [],
	...overallLevel(assessment.levels)
});

/** Assessments, newest first. */
export const listAssessments = async (actor: Actor, organizationId: string, page: PageInput): Promise<Page<AssessmentView>> => {
	const organization = await loadFor(actor, organizationId, 'organization.read');
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
		items: await viewsWith(cityOf(organization), items),
		next: rows.length > page.limit && last ? packCursor([last.at, last._id.toHexString()]) : null
	};
};

export type MaturityView = {
	/** What the city assesses by now. */
	model: MaturityModel;
	modelVersion: number;
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
	const city = cityOf(organization);
	const [modelVersion, assessments, stored] = await Promise.all([
		newestModelVersion(city),
		Assessment.find({ organization: organizationId }).sort({ at: -1, _id: -1 }).limit(60).lean(),
		loadRecords(organizationId)
	]);
	const [model, all, suggestions] = await Promise.all([
		maturityModelAt(city, modelVersion),
		viewsWith(city, assessments),
		suggestionsFor(organization, modelVersion, stored)
	]);
	const self = all.find(({ by }) => by === 'self') ?? null;
	const station = all.find(({ by }) => by === 'station') ?? null;
	const side = station ? 'station' : 'self';
	return {
		model,
		modelVersion,
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
		suggestions
	};
};
