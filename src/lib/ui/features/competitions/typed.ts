/**
 * Reads what was typed into a form that came back, by field name (`tracks[0].label`), or the given value where the
 * form is fresh.
 */
export const typed =
	(values: unknown) =>
	(name: string, fresh = ''): string => {
		if (values === undefined || values === null) return fresh;
		let value: unknown = values;
		for (const part of name.split(/[.[\]]+/).filter(Boolean))
			value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;
		return typeof value === 'string' ? value : '';
	};
