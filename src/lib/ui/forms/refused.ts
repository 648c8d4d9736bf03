/** What a refused form got back: everything typed, and what is wrong by field. */
export type Refused = {
	values: Readonly<Record<string, unknown>>;
	errors: Readonly<Record<string, string>>;
	message: string;
	code: string;
};

/** The refusal among the things a page's forms may answer, or null. */
export const refusedOf = (form: unknown): Refused | null =>
	typeof form === 'object' && form !== null && 'errors' in form && typeof form.errors === 'object' ? (form as Refused) : null;

/** For the error summary: the fields that are wrong; a refusal about no field stands for the form as a whole. */
export const summaryOf = (refused: Refused | null, path = ''): Record<string, string> => {
	if (!refused) return {};
	return Object.keys(refused.errors).length > 0 ? { ...refused.errors } : { [path]: refused.message };
};
