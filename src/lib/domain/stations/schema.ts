import { z } from 'zod';
import { idSchema, lineSchema, requiredLineSchema, slugSchema, textSchema } from '#lib/domain/shared/fields.ts';
import { stationLevels, operatingModes } from './terms.ts';

export { stationLevels, operatingModes } from './terms.ts';

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
