/** One column of a data table. */
export type Column<Row> = {
	key: string;
	/** Heading, and the label beside the value on phones. */
	label: string;
	/** Numbers and money go to the end, with `figures`. */
	align?: 'start' | 'end';
	/** The value as text; a snippet of the same key in `cells` draws anything else. */
	text?: (row: Row) => string;
	/** Makes the text a link to the record. */
	href?: (row: Row) => string | undefined;
	/** The row's own name: the heading of its card on phones. Exactly one column. */
	main?: boolean;
	/** Left out on phones, where the record's page has it. */
	wideOnly?: boolean;
	/** From `sortColumn`. */
	sortHref?: string;
	sorted?: 'up' | 'down';
};

/**
 * The sort link of a column. The order is in the query as `sort=key` (lowest first) or `sort=-key`; following the link
 * starts from the first page again.
 * @param url - the page's address
 */
export function sortColumn(url: URL, key: string): { sortHref: string; sorted: 'up' | 'down' | undefined } {
	const current = url.searchParams.get('sort');
	const sorted = current === key ? 'up' : current === `-${key}` ? 'down' : undefined;
	const query = new URLSearchParams(url.searchParams);
	query.set('sort', sorted === 'up' ? `-${key}` : key);
	query.delete('cursor');
	return { sortHref: `?${query}`, sorted };
}
