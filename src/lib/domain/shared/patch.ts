import type { z } from 'zod';
import { ZodDefault, type ZodOptional, type ZodType } from 'zod';

type WithoutDefault<Field> = Field extends z.ZodDefault<infer Inner> ? Inner : Field;

/**
 * The fields of an object for a change of it: each may be absent, and an absent one stays absent. Zod's own
 * `partial()` fills defaults in, so that a change of one field would reset all others.
 */
export const patchShape = <Shape extends Record<string, ZodType>>(
	shape: Shape
): { [Key in keyof Shape]: ZodOptional<WithoutDefault<Shape[Key]> & ZodType> } =>
	Object.fromEntries(
		Object.entries(shape).map(([key, field]) => [
			key,
			(field instanceof ZodDefault ? (field.unwrap() as ZodType) : field).optional()
		])
	) as { [Key in keyof Shape]: ZodOptional<WithoutDefault<Shape[Key]> & ZodType> };
