/**
 * One thing a person has to do next. Modules answer lists of these; the home page joins and sorts them.
 * `code` names the sentence (`work_<code>`) that `params` fill.
 */
export type WorkItem = {
	code: string;
	params: Record<string, string | number>;
	href: string;
	/** When it should be done; overdue ones come first. Null: no date. */
	due: string | null;
	/** 1 now, 2 soon, 3 when there is time. */
	urgency: 1 | 2 | 3;
	/** How many things of this kind stand behind the link. */
	count?: number;
};
