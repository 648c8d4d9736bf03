import { z } from 'zod';
import { idSchema, lineSchema, requiredLineSchema, slugSchema, textSchema } from '#lib/domain/shared/fields.ts';

/** Levels of the network, from the top down. */
export const stationLevels = ['city', 'district', 'street', 'community'] as const;
/** How a station is run: by a contracted agency, by the street itself, or by both. */
export const operatingModes = ['commissioned', 'in_house', 'cooperative'] as const;

/** A community (社区) a station serves. */
export const communitySchema = z.object({
	key: slugSchema,
	name: requiredLineSchema(40),
	households: z.int().min(0).nullable().default(null),
	residents: z.int().min(0).nullable().default(null)
});

export const newStationSchema = z.object({
	name: requiredLineSchema(60),
	slug: slugSchema,
	level: z.enum(stationLevels),
	parent: idSchema.nullable(),
	operator: lineSchema(80).default(''),
	mode: z.enum(operatingModes).default('commissioned'),
	address: lineSchema(120).default(''),
	phone: lineSchema(40).default(''),
	intro: textSchema(2000).default(''),
	communities: z.array(communitySchema).max(200).default([])
});
