type Values = Readonly<Record<string, unknown>>;

const at = (values: Values, path: string): unknown =>
	path.split('.').reduce<unknown>((value, part) => (typeof value === 'object' && value !== null && Object.hasOwn(value, part) ? (value as Values)[part] : undefined), values);

/** What was typed into the field of this path; '' when nothing was. */
export const textAt = (values: Values, path: string): string => {
	const value = at(values, path);
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

/** What was ticked under this path. */
export const listAt = (values: Values, path: string): string[] => {
	const value = at(values, path);
	return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : typeof value === 'string' && value !== '' ? [value] : [];
};
