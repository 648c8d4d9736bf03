import { z } from 'zod';

/** A document id as 24 lower-case hexadecimal digits. */
export const idSchema = z
	.string()
	.trim()
	.regex(/^[0-9a-f]{24}$/, { error: 'id' });

/**
 * Signs nobody sees that come along when something is copied, a telephone's contacts wrap every number in two of them:
 * marks of writing direction (Unicode Standard Annex 9, 2.1–2.6), which can also make a name read as another one, and
 * spaces without width. Those that join emoji stay.
 */
const unseen = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** A text without what nobody sees in it. */
export const withoutUnseen = (text: string): string => text.replaceAll(unseen, '');

/** One line of text: trimmed, inner white space kept, no control characters, nothing unseen. */
export const lineSchema = (max: number) =>
	z
		.string()
		.overwrite(withoutUnseen)
		.trim()
		.max(max)
		// eslint-disable-next-line no-control-regex
		.regex(/^[^\u0000-\u001f\u007f]*$/, { error: 'control_characters' });

/** One line of text that must not be empty. */
export const requiredLineSchema = (max: number) => lineSchema(max).min(1, { error: 'required' });

const cleaned = (text: string): string => withoutUnseen(text).replaceAll('\r\n', '\n').trim();

/** Text of several lines; CRLF from browsers becomes LF. */
export const textSchema = (max: number) => z.string().transform(cleaned).pipe(z.string().max(max));

/** Text of several lines that must not be empty. */
export const requiredTextSchema = (max: number) =>
	z
		.string()
		.transform(cleaned)
		.pipe(z.string().min(1, { error: 'required' }).max(max));

/** Money in integer fen (分), never negative. */
export const fenSchema = z.int().min(0).max(1_000_000_000_00);

/** A calendar day, `YYYY-MM-DD`, in the platform's zone (Asia/Shanghai). */
export const daySchema = z.iso.date();

/** A moment, ISO 8601 with zone, as the API takes and gives it. */
export const momentSchema = z.iso.datetime({ offset: true });

/** A mainland mobile number; spaces and hyphens are forgiven. */
export const phoneSchema = z
	.string()
	.transform((text) => withoutUnseen(text).replace(/[\s-]/g, '').replace(/^\+?86(?=1\d{10}$)/, ''))
	.pipe(z.string().regex(/^1[3-9]\d{9}$/, { error: 'phone' }));

/** The part of an address that names a thing: `summer`, `gaoqiao-street`. */
export const slugSchema = z
	.string()
	.trim()
	.min(1, { error: 'required' })
	.regex(/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/, { error: 'slug' });

/** The version a change was based on; a stale one gets a conflict answer. */
export const versionSchema = z.coerce.number().int().min(0);
