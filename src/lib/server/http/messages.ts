import type { z } from 'zod';
import type { Issue } from '#lib/domain/shared/issues.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { spokenParams } from './spoken-params.ts';

type Message = (params: Record<string, string | number>) => string;
const catalogue = m as unknown as Record<string, Message | undefined>;

/** The words of a code in the language of the request; a code nobody wrote words for says so in general terms. */
export const wordsFor = (code: string, params: Record<string, string | number> = {}): string =>
	(catalogue[`err_${code}`] ?? findingWords(code) ?? catalogue.err_invalid ?? (() => code))(spokenParams(params, catalogue));

// Findings of the budget and of eligibility are shown on pages as well, so their words carry no `err_`.
const findingWords = (code: string): Message | undefined => (/^(?:budget|elig)_/.test(code) ? catalogue[code] : undefined);

const codeOf = (issue: z.core.$ZodIssue): { code: string; params?: Record<string, string | number> } => {
	// Schemas name their own messages (`error: 'required'`); those are codes without spaces.
	if (/^[a-z][a-z0-9_]*$/.test(issue.message)) return { code: issue.message };
	switch (issue.code) {
		case 'invalid_type':
			return { code: issue.input === undefined || issue.input === null ? 'required' : `type_${issue.expected}` };
		case 'too_big':
			return issue.origin === 'string'
				? { code: 'too_long', params: { max: Number(issue.maximum) } }
				: issue.origin === 'array'
					? { code: 'too_many', params: { max: Number(issue.maximum) } }
					: { code: 'too_big', params: { max: Number(issue.maximum) } };
		case 'too_small':
			return issue.origin === 'string'
				? { code: Number(issue.minimum) <= 1 ? 'required' : 'too_short', params: { min: Number(issue.minimum) } }
				: { code: issue.origin === 'array' ? 'too_few' : 'too_small', params: { min: Number(issue.minimum) } };
		case 'invalid_value':
			return { code: 'choose_one' };
		case 'invalid_format':
			return { code: issue.format === 'email' ? 'email' : issue.format === 'date' ? 'date' : issue.format === 'datetime' ? 'moment' : 'format' };
		case 'unrecognized_keys':
			return { code: 'unknown_field', params: { field: issue.keys.join(', ') } };
		default:
			return { code: 'invalid' };
	}
};

/** `['budget', 2, 'unitPrice']` → `budget[2].unitPrice`. */
export const pathText = (path: readonly PropertyKey[]): string =>
	path.reduce<string>(
		(text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`),
		''
	);

/** Turns zod's findings into issues with codes. */
export const issuesOf = (error: z.ZodError): Issue[] =>
	error.issues.map((issue) => ({ path: pathText(issue.path), ...codeOf(issue) }));

/** Issues in words, as the API gives them. */
export const problemErrors = (issues: readonly Issue[]): { path: string; message: string }[] =>
	issues.map((issue) => ({ path: issue.path, message: wordsFor(issue.code, issue.params) }));

/** Issues in words by field, as forms show them; the first finding of a field wins. */
export const fieldErrors = (issues: readonly Issue[]): Record<string, string> => {
	const errors: Record<string, string> = {};
	for (const issue of issues) errors[issue.path] ??= wordsFor(issue.code, issue.params);
	return errors;
};
