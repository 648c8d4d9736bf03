import { z } from 'zod';
import { defaultGroup } from '#lib/domain/judging/groups.ts';
import { fenSchema, idSchema, lineSchema, phoneSchema, requiredLineSchema, requiredTextSchema, textSchema, versionSchema } from '#lib/domain/shared/fields.ts';

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
export const withdrawnConflictSchema = declaredConflictSchema.pick({ proposal: true });
export const conflictPairSchema = declaredConflictSchema.pick({ proposal: true, judge: true });
/** What a judge says of themselves, so that they get what they know and not what they are close to. */
export const introductionSchema = z.object({ employer: lineSchema(80).default(''), expertise: z.array(lineSchema(40)).max(20).default([]) });
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

const minutes = z.coerce.number().min(0.5).max(120);

/** Draws the order of the pitches. Drawing again needs a reason and is possible until the session has started. */
export const pitchDrawSchema = z.object({
	round: keyText.optional(),
	seed: lineSchema(64).default(''),
	reason: textSchema(600).default(''),
	talkMinutes: minutes.default(8),
	questionMinutes: minutes.default(4),
	/** Scoring opens once so many have pitched: 1 at once, 3 after the third. */
	opensAfter: z.coerce.number().int().min(1).max(20).default(1)
});

const pitchPart = z.enum(['talk', 'questions']);
const onSession = { round: keyText.optional(), version: versionSchema };

/** An act at the console of a pitch session, for the version the console shows. */
export const pitchActSchema = z.discriminatedUnion('act', [
	z.object({ act: z.literal('start'), ...onSession }),
	z.object({ act: z.literal('present'), proposal: idSchema, ...onSession }),
	z.object({ act: z.literal('run'), part: pitchPart.default('talk'), ...onSession }),
	z.object({ act: z.literal('pause'), ...onSession }),
	z.object({ act: z.literal('reset'), part: pitchPart.default('talk'), ...onSession }),
	z.object({ act: z.literal('open'), proposal: idSchema.optional(), ...onSession }),
	z.object({ act: z.literal('close'), proposal: idSchema, ...onSession }),
	z.object({ act: z.literal('reveal'), proposal: idSchema, ...onSession }),
	z.object({ act: z.literal('end'), reason: textSchema(600).default(''), ...onSession })
]);

/** Prints so many one-time codes for a group of a round that the public scores. */
export const juryCodesSchema = z.object({
	round: keyText.optional(),
	group: keyText.optional(),
	count: z.coerce.number().int().min(1).max(300),
	/** Hours the codes are good for. */
	hours: z.coerce.number().int().min(1).max(336).default(24)
});

/** Takes codes back by their numbers, or all that are unused. */
export const juryRevokeSchema = z.object({
	round: keyText.optional(),
	from: z.coerce.number().int().min(1).max(100_000),
	to: z.coerce.number().int().min(1).max(100_000),
	reason: requiredTextSchema(300)
});

/** A ballot: points by proposal and criterion; projects left out are not scored. */
export const ballotSchema = z.object({
	scores: z.record(idSchema, z.record(keyText, z.number({ error: 'number' }).nullable())).default({})
});

/** The sample all judges score first. */
export const trialSchema = z.object({
	round: keyText.optional(),
	title: requiredLineSchema(80),
	text: requiredTextSchema(8000),
	required: z.stringbool().or(z.boolean()).default(false)
});

/** Reminds one judge, or everybody who is behind. */
export const remindSchema = z.object({ judge: idSchema.or(z.literal('all')), text: textSchema(300).default(''), /** Only of their scorecards of this round. */ round: keyText.optional() });

/** A group asks that a person not judge its proposal. */
export const recusalRequestSchema = z.object({ person: requiredLineSchema(40), reason: requiredTextSchema(600) });

/** The organizer's answer to it: what the group is told is `answer` and nothing else. */
const recusalVerdict = z.object({ outcome: z.enum(['accepted', 'declined']), answer: textSchema(600).default('') });
const declinedWithWords = ({ outcome, answer }: z.output<typeof recusalVerdict>): boolean => outcome === 'accepted' || answer !== '';
export const recusalVerdictSchema = recusalVerdict.refine(declinedWithWords, { error: 'required', path: ['answer'] });
export const recusalAnswerSchema = recusalVerdict.extend({ request: idSchema }).refine(declinedWithWords, { error: 'required', path: ['answer'] });

/** What may still be changed of a judge who has not submitted anything. */
export const judgeEditSchema = z.object({
	judge: idSchema,
	group: keyText.default(defaultGroup),
	cap: z.coerce.number().int().min(1).max(1000).nullable().default(null)
});
