import { z } from 'zod';
import { daySchema, textSchema, versionSchema } from '#lib/domain/shared/fields.ts';
import { competencies } from './tool-terms.ts';

/** What is known of how a core member grows: what they can do, since when they serve others, and what was said. */
export const growthSchema = z.object({
	competencies: z.preprocess(
		(value) => (value === undefined || value === '' ? [] : typeof value === 'string' ? [value] : value),
		z.array(z.enum(competencies)).max(competencies.length)
	),
	/** The day a participant became a provider; '' while not. */
	providerSince: daySchema.or(z.literal('')).default(''),
	/** A new mentoring note; '' for none. */
	note: textSchema(500).default(''),
	version: versionSchema
});
export type GrowthInput = z.infer<typeof growthSchema>;
