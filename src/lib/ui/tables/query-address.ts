/**
 * The present list with some conditions changed: null takes one away, and empty fields of a posted form are left out.
 * @param url - the page's address
 */
export const queryAddress = (url: URL, changes: Readonly<Record<string, string | null>>): string => {
	const query = new URLSearchParams([...url.searchParams].filter(([, value]) => value !== ''));
	for (const [key, value] of Object.entries(changes)) {
		if (value === null) query.delete(key);
		else query.set(key, value);
	}
	return query.size > 0 ? `?${query}` : url.pathname;
};
