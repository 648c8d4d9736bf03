import type { FormValue } from './form-data.ts';

const record = (value: FormValue | undefined): Record<string, FormValue> =>
	typeof value === 'object' && !Array.isArray(value) ? value : {};

/** Points as typed: empty is undecided, full-width digits count, anything else is left for the schema to refuse. */
const points = (value: FormValue): unknown => {
	if (typeof value !== 'string') return value;
	const plain = value.normalize('NFKC').trim();
	return plain === '' ? null : Number(plain);
};

/** Shapes the fields of a scorecard's form (`scores.need`, `comments.need`) for `scorecardSaveSchema`. */
export const scorecardFields = (values: Record<string, FormValue>): unknown => ({
	scores: Object.fromEntries(Object.entries(record(values.scores)).map(([key, value]) => [key, points(value)])),
	comments: record(values.comments),
	overall: values.overall ?? '',
	version: values.version
});

