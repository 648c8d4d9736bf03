import { z } from 'zod';

/** The shape of a rubric. Apart from the scoring itself, which browsers load and which needs no validation library. */
export const rubricCriterionSchema = z.object({
	key: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
	label: z.string().trim().min(1).max(60),
	/** Most points of this criterion. */
	points: z.int().min(1).max(1000),
	/** Smallest difference between two marks, in points. */
	step: z.union([z.literal(1), z.literal(0.5)]).default(1),
	/** What a high, a middle and a low mark look like. */
	anchors: z.object({ high: z.string().max(500), middle: z.string().max(500), low: z.string().max(500) })
});

export const rubricSchema = z
	.array(rubricCriterionSchema)
	.min(1)
	.max(40)
	.refine((criteria) => new Set(criteria.map(({ key }) => key)).size === criteria.length, 'duplicate criterion key');

export type RubricCriterion = z.infer<typeof rubricCriterionSchema>;
