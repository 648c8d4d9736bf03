import { z } from 'zod';
import { lineSchema, phoneSchema, requiredLineSchema, slugSchema, textSchema } from '#lib/domain/shared/fields.ts';
import {
	activityKinds,
	categories,
	cultivationModes,
	dimensions,
	filings,
	memberRoles,
	motionKinds,
	origins,
	ruleKinds,
	stages,
	statuses
} from '#lib/domain/organizations/schema.ts';

/** A day as an offset from the day of loading: -30 is a month ago. */
const offset = z.int().min(-20_000).max(0);
/** The key of an account or station in the same set of data. */
const key = slugSchema;

/** A needs survey as it ended: how many were asked, and what they named how often. */
export const surveySeedSchema = z.object({
	title: requiredLineSchema(60),
	openDay: offset,
	closeDay: offset,
	responses: z.int().min(0).max(1000),
	interviews: z.int().min(0).max(100),
	needs: z.array(z.object({ label: requiredLineSchema(40), count: z.int().min(0) })).max(20),
	voices: z.array(textSchema(300)).default([]),
	summary: textSchema(600)
});
export type SurveySeed = z.infer<typeof surveySeedSchema>;

/** One organization with its whole history, as `seeds/demo/organizations/*.json` hold it. */
export const organizationSeedSchema = z.object({
	key,
	code: z.string().regex(/^[A-Z]{2,4}-\d{4,}$/).optional(),
	name: requiredLineSchema(40),
	category: z.enum(categories),
	mode: z.enum(cultivationModes).optional(),
	status: z.enum(statuses),
	stage: z.enum(stages),
	station: key,
	communities: z.array(slugSchema),
	purpose: textSchema(600),
	origin: z.enum(origins),
	foundedDay: offset.nullable(),
	applied: z.object({ day: offset, name: requiredLineSchema(40), phone: phoneSchema, memberCount: z.int().min(1) }),
	decision: z.object({ action: z.enum(['return', 'decline']), by: key, day: offset, reason: textSchema(600) }).optional(),
	ended: z.object({ status: z.enum(['dormant', 'exited']), day: offset, by: key, reason: textSchema(600) }).optional(),
	filing: z.enum(filings),
	filingNumber: lineSchema(60),
	host: lineSchema(80),
	mentor: key.nullable(),
	secondMentor: key.nullable(),
	members: z.array(
		z.object({
			name: requiredLineSchema(40),
			phone: phoneSchema.or(z.literal('')).default(''),
			role: z.enum(memberRoles),
			prospective: z.boolean().default(false),
			joinedDay: offset,
			leftDay: offset.nullable().default(null),
			note: textSchema(300).default('')
		})
	),
	activities: z.array(
		z.object({
			kind: z.enum(activityKinds),
			title: requiredLineSchema(60),
			day: offset,
			place: lineSchema(80).default(''),
			organizer: z.enum(['group', 'worker']),
			/** Positions in `members`. */
			attendees: z.array(z.int().min(0)),
			guests: z.int().min(0).default(0),
			hours: z.number().min(0).default(0),
			reflection: textSchema(2000).default(''),
			feedbackCount: z.int().min(0).default(0),
			satisfiedCount: z.int().min(0).default(0)
		})
	),
	meetings: z.array(
		z.object({
			title: requiredLineSchema(60),
			day: offset,
			place: lineSchema(80).default(''),
			eligible: z.int().min(1),
			present: z.int().min(0),
			minutes: textSchema(4000).default(''),
			motions: z.array(
				z.object({
					kind: z.enum(motionKinds),
					title: requiredLineSchema(80),
					candidate: z.int().min(0).nullable().default(null),
					rule: z.enum(ruleKinds).or(z.literal('')).default(''),
					for: z.int().min(0),
					against: z.int().min(0),
					abstain: z.int().min(0)
				})
			)
		})
	),
	/** What a needs survey brought in; its answers and interviews are loaded by the module of surveys. */
	survey: surveySeedSchema.optional(),
	gateHistory: z.array(
		z.object({
			stage: z.enum([...stages, 'graduation']),
			action: z.enum(['propose', 'withdraw', 'approve', 'return', 'waive', 'regress']),
			by: key,
			day: offset,
			reason: textSchema(600),
			criterion: z.string().optional()
		})
	),
	attestations: z.array(
		z.object({
			criterion: z.string(),
			by: key,
			day: offset,
			note: textSchema(600),
			/** `meeting:0` or `activity:3`: positions in the lists above. */
			evidence: z.string().regex(/^(?:meeting|activity):\d+$/)
		})
	),
	assessments: z.array(
		z.object({
			by: z.enum(['self', 'station']),
			/** A member's name, or the key of a worker's account. */
			author: requiredLineSchema(40),
			day: offset,
			levels: z.object(Object.fromEntries(dimensions.map((name) => [name, z.int().min(1).max(5)])) as Record<(typeof dimensions)[number], z.ZodInt>),
			notes: z.partialRecord(z.enum(dimensions), textSchema(600)).default({})
		})
	)
});
export type OrganizationSeed = z.infer<typeof organizationSeedSchema>;
