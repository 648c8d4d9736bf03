import { z } from 'zod';
import { idSchema, lineSchema, phoneSchema, requiredLineSchema, requiredTextSchema, textSchema, versionSchema } from '#lib/domain/shared/fields.ts';

export const scorecardStatuses = ['assigned', 'draft', 'submitted', 'recused'] as const;

/** A judge taken on by the organizer, with or without an account yet. */
export const newJudgeSchema = z.object({
	name: requiredLineSchema(40),
	phone: phoneSchema.or(z.literal('')).default(''),
	email: z.email().max(120).or(z.literal('')).default(''),
	employer: lineSchema(80).default(''),
	expertise: z.array(lineSchema(40)).max(20).default([]),
	/** Most scorecards this judge takes on; null for no limit. */
	cap: z.coerce.number().int().min(1).max(1000).nullable().default(null)
});

export const assignmentSchema = z.object({
	reviews: z.coerce.number().int().min(1).max(30).optional(),
	seed: lineSchema(64).default('')
});

/** A judge's save. Points may be missing in a draft; submitting needs all of them and the required comments. */
export const scorecardSaveSchema = z.object({
	scores: z.record(z.string().max(40), z.number().min(0).max(100)).default({}),
	comments: z.record(z.string().max(40), textSchema(2000)).default({}),
	overall: textSchema(4000).default(''),
	status: z.enum(['draft', 'submitted']).default('draft'),
	version: versionSchema
});

export const recusalSchema = z.object({ reason: requiredTextSchema(600) });
export const manualAssignmentSchema = z.object({ proposal: idSchema, judge: idSchema });
