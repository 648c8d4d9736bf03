import { z } from 'zod';
import { categories, filings, stages } from '#lib/domain/organizations/schema.ts';
import {
	fenSchema,
	idSchema,
	lineSchema,
	momentSchema,
	requiredLineSchema,
	requiredTextSchema,
	slugSchema,
	textSchema,
	versionSchema
} from '#lib/domain/shared/fields.ts';
import { patchShape } from '#lib/domain/shared/patch.ts';
import { answerSources, questionTypes } from './question-types.ts';

export const competitionStates = [
	'draft',
	'announced',
	'open',
	'screening',
	'judging',
	'deliberation',
	'notice',
	'decided',
	'executing',
	'closed',
	'cancelled'
] as const;

const keySchema = z
	.string()
	.trim()
	.regex(/^[a-z][a-z0-9_]{0,39}$/, { error: 'key' });

/** One criterion of a rubric: whole points, a step, and what high, middle and low look like. */
export const rubricCriterionSchema = z.object({
	key: keySchema,
	label: requiredLineSchema(40),
	points: z.int().min(1).max(100),
	step: z.union([z.literal(1), z.literal(0.5)]).default(1),
	anchors: z.object({ high: textSchema(300), middle: textSchema(300), low: textSchema(300) })
});

/** How scorecards become one number: the mean of totals, the mean without one highest and one lowest, or judges evened out. */
export const scoringRules = ['mean', 'trimmed', 'calibrated'] as const;

/** Who scores in a group: appointed judges, or people with one-time codes. */
export const groupSources = ['judges', 'codes'] as const;

/** A group of judges whose aggregate has a weight of its own within the round, e.g. experts 7 : public jurors 3. */
export const judgeGroupSchema = z.object({
	key: keySchema,
	label: requiredLineSchema(20),
	/** Share against the round's other groups: a whole number. */
	weight: z.int().min(1).max(100),
	by: z.enum(groupSources).default('judges'),
	/** Scorecards every proposal gets from this group; 0 where codes score. */
	reviews: z.int().min(0).max(30).default(0)
});

type GroupedRound = { reviews: number; groups: z.infer<typeof judgeGroupSchema>[] };

const checkGroups = ({ reviews, groups }: GroupedRound, context: z.RefinementCtx): void => {
	const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
	const keys = groups.map(({ key }) => key);
	if (new Set(keys).size < keys.length) fault(['groups'], 'group_twice');
	for (const [at, group] of groups.entries())
		if (group.by === 'judges' && group.reviews === 0) fault(['groups', at, 'reviews'], 'group_reviews_missing');
	const judged = groups.filter(({ by }) => by === 'judges');
	if (judged.length > 0 && judged.reduce((sum, group) => sum + group.reviews, 0) !== reviews) fault(['groups'], 'group_reviews_sum');
};

/** Points an applicant gets beside the scores, for what the call names; all together at most `cap`. */
export const bonusSchema = z.object({
	cap: z.int().min(1).max(20),
	reasons: z
		.array(z.object({ key: keySchema, label: requiredLineSchema(60), points: z.int().min(1).max(20) }))
		.min(1)
		.max(10)
});

export const roundSchema = z.object({
	key: keySchema,
	kind: z.enum(['document', 'pitch', 'public_jury']),
	label: requiredLineSchema(40),
	/** Percent of the final score. */
	weight: z.int().min(1).max(100),
	rule: z.enum(scoringRules),
	rubric: z.array(rubricCriterionSchema).min(1).max(20),
	/** Scorecards every proposal gets from appointed judges. */
	reviews: z.int().min(1).max(30),
	/** Criteria that decide ties, first one first; lots drawn from the stored seed come last. */
	tieBreak: z.array(keySchema).max(20).default([]),
	/** Judge groups with weights; empty: one group, all scorecards count the same. */
	groups: z.array(judgeGroupSchema).max(6).default([]),
	/** Judges are not told whose proposal it is; only where they read documents, nobody pitches unseen. */
	blind: z.boolean().default(false)
}).superRefine(checkGroups);

export { questionTypes } from './question-types.ts';

/** One question of the proposal form. `options` are the choices, or the columns of a table. */
export const questionSchema = z.object({
	key: keySchema,
	type: z.enum(questionTypes),
	label: requiredLineSchema(60),
	hint: textSchema(300).default(''),
	required: z.boolean().default(true),
	maxLength: z.int().min(1).max(5000).default(800),
	options: z.array(requiredLineSchema(60)).max(30).default([]),
	/** A good answer to look at; shown beside the field, never put into it. */
	example: textSchema(1000).default(''),
	/** Lowest and highest value of a number; null for no limit. */
	min: z.number().min(0).max(999_999_999).nullable().default(null),
	max: z.number().min(0).max(999_999_999).nullable().default(null),
	/** What the platform puts in first, as far as it knows it of the group. */
	source: z.enum(answerSources).default('none')
});

/** A track: the one-page form for small sums, or the standard form. Caps in fen. */
export const trackSchema = z.object({
	key: keySchema,
	label: requiredLineSchema(40),
	floor: fenSchema,
	cap: fenSchema,
	questions: z.array(questionSchema).min(1).max(40)
});

export const budgetCategorySchema = z.object({
	key: keySchema,
	label: requiredLineSchema(40),
	hint: textSchema(200).default(''),
	/** Highest share of the total in percent; null for no limit. */
	capPercent: z.int().min(0).max(100).nullable()
});

export const severities = ['block', 'warn'] as const;

export const budgetRulesSchema = z.object({
	categories: z.array(budgetCategorySchema).min(1).max(20),
	/** Highest unit price of a single purchase, fen; null for no limit. */
	singlePurchaseCap: fenSchema.nullable().default(null),
	/** Highest cost a head, fen; null for no limit. */
	perHeadCap: fenSchema.nullable().default(null),
	/** Share the group raises itself, percent of the whole; null for none. */
	selfRaisedMinPercent: z.int().min(0).max(100).nullable().default(null),
	/** What may not be bought, found by its words. */
	prohibited: z.array(z.object({ key: keySchema, label: requiredLineSchema(40), words: z.array(requiredLineSchema(20)).max(60) })).max(20),
	severity: z.partialRecord(
		z.enum(['category_cap', 'single_purchase', 'per_head', 'self_raised', 'prohibited']),
		z.enum(severities)
	)
});

export const eligibilityRulesSchema = z.object({
	/** Lowest stage reached; null for any. */
	minStage: z.enum(stages).nullable().default(null),
	/** Lowest filing status; a host organization serves instead where `hostAccepted`. */
	minFiling: z.enum(filings).default('none'),
	hostAccepted: z.boolean().default(true),
	categories: z.array(z.enum(categories)).default([]),
	/** Only organizations below these stations; empty means below the host station. */
	catchment: z.array(idSchema).max(100).default([]),
	onePerOrganization: z.boolean().default(true),
	/** Winners of the last N years may not apply again; null for no such rule. */
	noRepeatWinnerYears: z.int().min(1).max(10).nullable().default(null)
});

export const timelineSchema = z
	.object({
		announcesAt: momentSchema.nullable().default(null),
		opensAt: momentSchema,
		closesAt: momentSchema,
		/** Seconds after `closesAt` in which a submission still counts. Never shown. */
		graceSeconds: z.int().min(0).max(3600).default(0),
		scoringUntil: momentSchema.nullable().default(null)
	})
	.refine((timeline) => Date.parse(timeline.opensAt) < Date.parse(timeline.closesAt), {
		error: 'closes_before_opens',
		path: ['closesAt']
	});

/** Everything about a competition that its organizer sets. Money in fen. */
export const competitionSettingsSchema = z.object({
	title: requiredLineSchema(60),
	slug: slugSchema,
	theme: requiredTextSchema(2000),
	needs: z.array(requiredLineSchema(80)).max(30).default([]),
	contact: lineSchema(120).default(''),
	fund: fenSchema.min(1, { error: 'required' }),
	tracks: z.array(trackSchema).min(1).max(5),
	eligibility: eligibilityRulesSchema,
	budgetRules: budgetRulesSchema,
	rounds: z
		.array(roundSchema)
		.min(1)
		.max(5)
		.refine((rounds) => rounds.reduce((sum, round) => sum + round.weight, 0) === 100, { error: 'weights_not_100' }),
	bonus: bonusSchema.nullable().default(null),
	timeline: timelineSchema,
	screeningChecklist: z.array(z.object({ key: keySchema, label: requiredLineSchema(60) })).max(20).default([]),
	/** How many different people must agree on a screening before it counts. */
	screeners: z.union([z.literal(1), z.literal(2)]).default(1),
	/** Days of public notice, counted in working days. */
	noticeDays: z.int().min(1).max(60).default(5)
});

/** A change of the settings; absent fields stay as they are. */
export const competitionPatchSchema = z.object({ ...patchShape(competitionSettingsSchema.shape), version: versionSchema });
/** A new competition: what is not given comes from a previous one (`from`) or the platform's defaults. */
export const newCompetitionSchema = z.object({
	...patchShape(competitionSettingsSchema.shape),
	title: competitionSettingsSchema.shape.title,
	slug: competitionSettingsSchema.shape.slug,
	station: idSchema,
	/** The competition whose settings are taken over. */
	from: idSchema.optional()
});

/** A step to another state. Without `version` it counts for the state as it is found. */
export const transitionSchema = z.object({
	to: z.enum(competitionStates),
	reason: textSchema(600).default(''),
	version: versionSchema.optional()
});

const rules = competitionSettingsSchema.shape;
/** The rules of a call that an amendment can replace while it is open. */
export const amendedRulesSchema = z.object(
	patchShape({
		fund: rules.fund,
		tracks: rules.tracks,
		eligibility: rules.eligibility,
		budgetRules: rules.budgetRules,
		rounds: rules.rounds,
		bonus: rules.bonus,
		noticeDays: rules.noticeDays
	})
);

/** A public amendment after opening: words for everybody and, where wanted, a later closing and other rules. */
export const amendmentSchema = z.object({
	text: requiredTextSchema(1000),
	closesAt: momentSchema.nullable().default(null),
	/** Rules that are replaced; only while the call is open. */
	changes: amendedRulesSchema.optional(),
	version: versionSchema
});
