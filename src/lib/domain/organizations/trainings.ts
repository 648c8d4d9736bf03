import { z } from 'zod';
import { daySchema, idSchema, lineSchema, requiredLineSchema, textSchema } from '#lib/domain/shared/fields.ts';

/** A form posts one ticked box as text and several as a list; nothing ticked posts nothing. */
export const idList = (max: number) =>
	z.preprocess((value) => (value === undefined || value === '' ? [] : typeof value === 'string' ? [value] : value), z.array(idSchema).max(max));

/** A training of a station: once recorded it counts for every group whose core members came. */
export const trainingSchema = z.object({
	title: requiredLineSchema(60),
	topic: lineSchema(60).default(''),
	heldOn: daySchema,
	hours: z.coerce.number({ error: 'number' }).min(0, { error: 'too_small' }).max(80).default(0),
	trainer: lineSchema(40).default(''),
	place: lineSchema(80).default(''),
	/** Members of groups by id. */
	attendees: idList(2000),
	/** The station's own people by id. */
	staff: idList(200),
	note: textSchema(1000).default('')
});
export type TrainingInput = z.infer<typeof trainingSchema>;
