const marked = new WeakSet<object>();

/**
 * Marks part of a load's data as for the server's eyes only. SvelteKit prepares all data of a page for its scripts, also
 * where the page has none; for a long list that takes longer than drawing it. Only for pages with `csr = false`. When
 * a script somewhere else asks for the data (it goes to this page without reloading), it gets them.
 */
export const unsent = <T extends object>(event: { isDataRequest: boolean }, value: T): T => {
	if (!event.isDataRequest) marked.add(value);
	return value;
};

/** Whether a value needs no preparing for a script. */
export const isUnsent = (value: unknown): boolean => typeof value === 'object' && value !== null && marked.has(value);
