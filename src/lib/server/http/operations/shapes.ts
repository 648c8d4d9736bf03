import { z } from 'zod';

/** A page of a list, as every list call answers it. */
export const listSchema = <Item extends z.ZodType>(item: Item) =>
	z.object({ items: z.array(item), next: z.string().nullable() });

export const createdSchema = z.object({ id: z.string() });

/** RFC 9457 problem document. */
export const problemSchema = z.object({
	type: z.string(),
	title: z.string(),
	status: z.number(),
	code: z.string(),
	errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
	current: z.unknown().optional()
});
