import type { FormValue } from '#lib/server/http/form-data.ts';

/** The form takes the needs one a line; the schema takes a list. */
export const postedInterview = (values: Record<string, FormValue>): Record<string, unknown> => ({
	...values,
	needs:
		typeof values.needs === 'string'
			? values.needs
					.split(/\r?\n|[；;]/)
					.map((line) => line.trim())
					.filter((line) => line !== '')
			: []
});
