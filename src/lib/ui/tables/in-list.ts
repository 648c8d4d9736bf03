/** How many rows of a list there are on a page, and where the page after it and before it are. */
export type Slice<Row> = { items: Row[]; total: number; page: number; pages: number };

/** What is typed to find something: width, case and spaces do not tell texts apart. */
export const searchable = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');

/** Whether any of the texts holds what was typed; nothing typed is in everything. */
export const found = (typed: string, ...texts: readonly string[]): boolean => {
	const wanted = searchable(typed);
	return wanted === '' || texts.some((text) => searchable(text).includes(wanted));
};

/** One page of a list that is held as a whole; `page` counts from 1 and is brought back into range. */
export const sliced = <Row>(rows: readonly Row[], page: unknown, size: number): Slice<Row> => {
	const pages = Math.max(1, Math.ceil(rows.length / size));
	const at = Math.min(pages, Math.max(1, Math.floor(Number(page)) || 1));
	return { items: rows.slice((at - 1) * size, at * size), total: rows.length, page: at, pages };
};

/** The address of another page of a list, other conditions kept; nothing outside the list. */
export const pageHref = (query: URLSearchParams, name: string, { page, pages }: Slice<unknown>, step: 1 | -1, anchor = ''): string | undefined => {
	const to = page + step;
	if (to < 1 || to > pages) return undefined;
	const next = new URLSearchParams(query);
	next.set(name, String(to));
	return `?${next}${anchor}`;
};
