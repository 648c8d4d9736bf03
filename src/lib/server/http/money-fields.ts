import type { Issue } from '#lib/domain/shared/issues.ts';
import { parseYuan } from '#lib/domain/shared/money.ts';
import { invalid } from '#lib/server/platform/errors.ts';
import type { FormValue } from './form-data.ts';

/**
 * Reads the amounts of a form, typed in yuan, into fen and gathers what is no amount: `done` refuses the form with
 * all of them at once (422 `money` at each path).
 */
export const moneyReader = () => {
	const issues: Issue[] = [];
	return {
		/** Fen; `empty` for a field left empty or not sent. */
		fen: <Empty>(path: string, value: FormValue | undefined, empty: Empty): number | Empty => {
			if (typeof value !== 'string' || value.trim() === '') return empty;
			const fen = parseYuan(value);
			if (fen === null) issues.push({ path, code: 'money' });
			return fen ?? 0;
		},
		done: (): void => {
			if (issues.length > 0) throw invalid(issues);
		}
	};
};

export const isRecord = (value: FormValue | undefined): value is Record<string, FormValue> =>
	typeof value === 'object' && !Array.isArray(value);

/** The records of a list in a form. */
export const recordsOf = (value: FormValue | undefined): Record<string, FormValue>[] =>
	Array.isArray(value) ? value.filter(isRecord) : [];

export const textOf = (value: FormValue | undefined): string => (typeof value === 'string' ? value : '');

/** Lines of a text field, without empty ones. */
export const linesOf = (value: FormValue | undefined): string[] =>
	textOf(value)
		.split('\n')
		.map((line) => line.trim())
		.filter(Boolean);
