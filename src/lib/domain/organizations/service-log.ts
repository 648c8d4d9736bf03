import { z } from 'zod';
import { daySchema, idSchema, slugSchema, textSchema } from '#lib/domain/shared/fields.ts';
import { serviceKinds } from './tool-terms.ts';

const count = z.coerce.number({ error: 'number' }).int({ error: 'whole_number' }).max(100_000);
const chosen = <Choice extends z.ZodType>(choice: Choice) => choice.or(z.literal('').transform(() => undefined)).optional();

/**
 * One line of the service log. `people` are different persons reached, `attendances` how often they came or were
 * reached; the two are never mixed. No clinical detail belongs here.
 */
export const serviceEntrySchema = z
	.object({
		kind: z.enum(serviceKinds, { error: 'choose_one' }),
		heldOn: daySchema,
		people: count.min(1, { error: 'too_small' }),
		/** As many as people when left out. */
		attendances: count.min(0, { error: 'too_small' }).default(0),
		hours: z.coerce.number({ error: 'number' }).min(0, { error: 'too_small' }).max(24).default(0),
		community: slugSchema.or(z.literal('')).default(''),
		organization: idSchema.or(z.literal('')).default(''),
		note: textSchema(200).default('')
	})
	.transform((entry) => ({ ...entry, attendances: entry.attendances || entry.people }))
	.refine((entry) => entry.attendances >= entry.people, { error: 'attendances_below_people', path: ['attendances'] });
export type ServiceEntryInput = z.infer<typeof serviceEntrySchema>;

/** Conditions of the log; all together. */
export const serviceFilterSchema = z.object({
	station: chosen(idSchema),
	kind: chosen(z.enum(serviceKinds)),
	from: chosen(daySchema),
	to: chosen(daySchema),
	worker: chosen(idSchema),
	organization: chosen(idSchema)
});
export type ServiceFilter = z.infer<typeof serviceFilterSchema>;
