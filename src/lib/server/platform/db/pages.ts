import { z } from 'zod';
import { invalidField } from '../errors.ts';

/** Query of a list: how many rows, and where to go on. */
export const pageSchema = z.object({
	limit: z.coerce.number().int().min(1).max(200).default(50),
	cursor: z.string().max(400).optional()
});
export type PageInput = z.infer<typeof pageSchema>;

/** A page of a list; `next` is the cursor of the following page, null on the last one. */
export type Page<T> = { items: T[]; next: string | null };

type CursorValue = string | number | boolean | null | { date: string };

/** Packs the sort key of the last row into an opaque cursor. Dates keep their type. */
export const packCursor = (values: (string | number | boolean | null | Date)[]): string =>
	Buffer.from(
		JSON.stringify(values.map((value) => (value instanceof Date ? { date: value.toISOString() } : value)))
	).toString('base64url');

/** Unpacks a cursor of `length` values, or refuses it at the field `cursor`. */
export const unpackCursor = (cursor: string, length: number): (string | number | boolean | null | Date)[] => {
	try {
		const values = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as CursorValue[];
		if (!Array.isArray(values) || values.length !== length) throw new Error('length');
		return values.map((value) => {
			if (value !== null && typeof value === 'object') {
				const date = new Date(value.date);
				if (Number.isNaN(date.getTime())) throw new Error('date');
				return date;
			}
			return value;
		});
	} catch {
		throw invalidField('cursor', 'cursor');
	}
};

/** Unpacks a cursor made of a moment and an id, the key of lists sorted by time. */
export const unpackTimeCursor = (cursor: string): { at: Date; id: string } => {
	const [at, id] = unpackCursor(cursor, 2);
	if (!(at instanceof Date) || typeof id !== 'string') throw invalidField('cursor', 'cursor');
	return { at, id };
};
