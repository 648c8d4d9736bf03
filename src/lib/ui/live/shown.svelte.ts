/** The data of a page as its `load` functions gave them, one record for the page and all its layouts. */
export type PageData = Record<string, unknown>;

class Shown {
	data = $state.raw<PageData>({});
	form = $state.raw<unknown>(null);
	params = $state.raw<Record<string, string>>({});
}

/** The properties of the page's component. One page lives in a window and none on the server, where this stays empty. */
export const shown = new Shown();
