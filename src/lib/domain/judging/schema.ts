import { z } from 'zod';
import { defaultGroup } from '#lib/domain/judging/groups.ts';
import { fenSchema, idSchema, lineSchema, phoneSchema, requiredTextSchema, textSchema, versionSchema } from '#lib/domain/shared/fields.ts';

export const scorecardStatuses = ['assigned', 'draft', 'submitted', 'recused'] as const;
export const judgeStatuses = ['invited', 'accepted', 'removed'] as const;
export const outcomes = ['fund', 'reserve', 'decline'] as const;

/** Key of a criterion or a round in a record; what is unknown to the rubric is refused later, by name. */
const keyText = z.string().max(40);

/**
 * A judge taken on by the organizer: by name, with or without an account yet. With `login` an existing account is
 * bound at once and no invitation is needed.
 */
export const newJudgeSchema = z
	.object({
		name: lineSchema(40).default(''),
		login: lineSchema(120).default(''),
		phone: phoneSchema.or(z.literal('')).default(''),
		email: z.email().max(120).or(z.literal('')).default(''),
		employer: lineSchema(80).default(''),
		expertise: z.array(lineSchema(40)).max(20).default([]),
		/** Most scorecards this judge takes on; null for no limit. */
		cap: z.coerce.number().int().min(1).max(1000).nullable().default(null),
		/** Key of the judge group, where rounds have groups. */
		group: keyText.default(defaultGroup)
	})
	.refine((judge) => judge.name !== '' || judge.login !== '', { error: 'required', path: ['name'] });

/**
 * Deals out scorecards. `reviews` is the number every proposal gets (default: the round's own), `seed` makes the draw
 * repeatable, `redeal` lets scorecards nobody has started move to other judges.
 */
export const assignmentSchema = z.object({
	round: keyText.optional(),
	reviews: z.coerce.number().int().min(1).max(30).optional(),
	seed: z
		.union([z.string(), z.number()])
		.transform((seed) => String(seed).trim())
		.pipe(z.string().max(64))
		.default(''),
	redeal: z.stringbool().or(z.boolean()).default(false)
});

/** Further reviews where the fund ends: how many more each proposal of the band gets. */
export const moreReviewsSchema = z.object({
	more: z.coerce.number().int().min(1).max(10),
	/** Obligatory when the round has been closed already and goes back to judging for this. */
	reason: textSchema(600).default(''),
	seed: z
		.union([z.string(), z.number()])
		.transform((seed) => String(seed).trim())
		.pipe(z.string().max(64))
		.default('')
});

/**
 * A judge's save. Points may be missing (or null) in a draft; submitting needs all of them and the required comments.
 * `client` and `seq` name the writing browser tab and count its saves, so that a save sent twice is one save.
 */
export const scorecardSaveSchema = z.object({
	scores: z.record(keyText, z.number({ error: 'number' }).nullable()).default({}),
	comments: z.record(keyText, textSchema(2000)).default({}),
	overall: textSchema(4000).default(''),
	status: z.enum(['draft', 'submitted']).default('draft'),
	version: versionSchema,
	client: z
		.string()
		.regex(/^[\w-]{0,40}$/)
		.default(''),
	seq: z.int().min(0).default(0)
});

export const recusalSchema = z.object({ reason: requiredTextSchema(600) });
export const reopenSchema = z.object({ reason: requiredTextSchema(600) });
export const judgePairSchema = z.object({ proposal: idSchema, judge: idSchema, round: keyText.optional() });
export const declaredConflictSchema = z.object({ proposal: idSchema, judge: idSchema, reason: requiredTextSchema(300) });
export const judgeIdSchema = z.object({ judge: idSchema });

/**
 * Awards decided by the organizer, row by row. `amount` in fen, only with
 * `fund`. `reason` is the summary published with the result; it must be given where the order of
 * the ranking is departed from, at the latest before publication. Without `version` the
 * rows are put onto the latest decision. `rest` says what becomes of proposals not named: nothing, or declined.
 */
export const decisionSchema = z.object({
	awards: z
		.array(
			z.object({
				proposal: idSchema,
				outcome: z.enum(outcomes).default('fund'),
				amount: fenSchema.default(0),
				reason: textSchema(600).default('')
			})
		)
		.max(20_000),
	rest: z.enum(['keep', 'decline']).default('decline'),
	version: versionSchema.optional()
});

const advanceReason = requiredTextSchema(600);

/**
 * Who goes on to a later round: the first `n` of the ranking so far, all with at least so many points, or those named.
 */
export const advanceSchema = z.discriminatedUnion('by', [
	z.object({ by: z.literal('top'), round: keyText, n: z.coerce.number().int().min(1).max(10_000), reason: advanceReason }),
	z.object({ by: z.literal('line'), round: keyText, points: z.coerce.number().min(0).max(1000), reason: advanceReason }),
	z.object({ by: z.literal('chosen'), round: keyText, proposals: z.array(idSchema).min(1).max(10_000), reason: advanceReason })
]);

/** Bonus points of a proposal, by the keys the call declares; an empty list takes them back. */
export const bonusGrantSchema = z.object({
	proposal: idSchema,
	keys: z.union([z.array(keyText).max(10), keyText.transform((key) => [key])]).default([]),
	reason: requiredTextSchema(600)
});
