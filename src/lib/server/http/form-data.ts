import { AppError, invalidField } from '#lib/server/platform/errors.ts';

/** The value of a form: text, or nested records and lists of it. */
export type FormValue = string | FormValue[] | { [key: string]: FormValue };

/** The form of a request; one that does not keep to its own format is refused (422), one that is too large too (413). */
export const readForm = (request: Request): Promise<FormData> =>
	request.formData().catch((error: unknown) => {
		const tooLarge = typeof error === 'object' && error !== null && 'status' in error && error.status === 413;
		throw tooLarge ? new AppError('too_large', 'body_too_large') : new AppError('invalid', 'form_broken');
	});

const maxFields = 2000;
const namePattern = /^[A-Za-z_][A-Za-z0-9_-]*(?:\[\d{1,3}\]|\.[0-9a-f]{24}|\.\d{1,3}|\.[A-Za-z_][A-Za-z0-9_-]*)*(?:\[\])?$/;

/**
 * Reads the names of a plain HTML form as nested data, so that forms with lists work without JavaScript:
 * `budget[0].item` (or `budget.0.item`) and `answers.need` nest, `attendees[]` collects a list, a name that stands twice keeps the last.
 * A record may be keyed by ids, `scores.<id>.need`. List positions only give the order; gaps close. Names of other shapes, and too many fields, are refused.
 * Files are left out.
 */
export const readFormData = (form: FormData): Record<string, FormValue> => {
	const root = Object.create(null) as Record<string, unknown>;
	let count = 0;
	for (const [name, value] of form) {
		if (typeof value !== 'string') continue;
		count += 1;
		if (count > maxFields || name.length > 200 || !namePattern.test(name) || /(?:^|\.)(?:__proto__|constructor|prototype)(?:$|[.[])/.test(name))
			throw invalidField(name.slice(0, 60), 'unknown_field', { field: name.slice(0, 60) });
		const collects = name.endsWith('[]');
		const parts = (collects ? name.slice(0, -2) : name).split(/\.|\[|\]\.?/).filter((part) => part !== '');
		put(root, parts, value, collects);
	}
	return settle(root) as Record<string, FormValue>;
};

const put = (root: Record<string, unknown>, parts: readonly string[], value: string, collects: boolean): void => {
	let node = root;
	for (const part of parts.slice(0, -1)) {
		const next = node[part];
		if (typeof next === 'object' && next !== null && !Array.isArray(next)) node = next as Record<string, unknown>;
		else {
			const made = Object.create(null) as Record<string, unknown>;
			node[part] = made;
			node = made;
		}
	}
	const key = parts.at(-1) ?? '';
	if (!collects) node[key] = value;
	else node[key] = Array.isArray(node[key]) ? [...(node[key] as string[]), value] : [value];
};

/** Records whose keys are all positions become lists in that order. */
const settle = (value: unknown): unknown => {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
	const entries = Object.entries(value);
	if (entries.length > 0 && entries.every(([key]) => /^\d{1,3}$/.test(key)))
		return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => settle(item));
	return Object.fromEntries(entries.map(([key, item]) => [key, settle(item)]));
};
