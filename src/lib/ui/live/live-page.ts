import { shown, type PageData } from './shown.svelte.ts';

/** What the framework does for the page: its `page` object, and reading what the server wrote. */
type Framework = {
	update: (page: object) => void;
	/** Reads the framework's own form of data. It is needed after a request only, so it comes with the first one. */
	reader: () => Promise<(flat: unknown, decoders: Decoders) => unknown>;
};
/** How values of kinds of our own are read, by kind. */
export type Decoders = Record<string, (value: unknown) => unknown>;

type DataNode = { type: 'data'; data: unknown } | { type: 'skip' } | { type: 'error'; status?: number } | null;
type DataAnswer = { type: 'data'; nodes: DataNode[] } | { type: 'redirect'; location: string };

let framework: (Framework & { decoders: Decoders }) | undefined;
let asked = 0;

/** Begins with what came with the page. */
export const begin = (kit: Framework, decoders: Decoders, first: { data: PageData; form: unknown; params: Record<string, string> }): void => {
	framework = { ...kit, decoders };
	Object.assign(shown, first);
};

/** Shows the answer to a form. */
export const showAnswer = (form: unknown, status: number): void => {
	shown.form = form;
	framework?.update({ form, status });
};

/** Reads data the way the framework writes them. */
export const readFlat = async (flat: unknown): Promise<unknown> => (await framework?.reader())?.(flat, framework?.decoders ?? {});

/** Goes to a page by loading it. */
export const visit = (address: string): void => {
	const to = new URL(address, location.href);
	// An address that differs by its mark only would be scrolled to, not loaded.
	if (to.pathname + to.search === location.pathname + location.search) location.reload();
	else location.assign(to);
};

const anew = (): false => {
	location.reload();
	return false;
};

/** One record of the nodes' data: what is further in counts. */
export const merged = (nodes: readonly unknown[]): PageData => Object.assign({}, ...nodes) as PageData;

/**
 * Asks the server for the page's data anew and shows them; whatever is being typed stays.
 * @returns whether the page now shows what the server has. Without a network it stays as it was.
 */
export const refresh = async (): Promise<boolean> => {
	const mine = (asked += 1);
	const address = new URL(location.href);
	address.hash = '';
	address.pathname = `${address.pathname.replace(/\/$/, '')}/__data.json`;
	let response: Response;
	let answer: DataAnswer;
	try {
		response = await fetch(address);
		// Gone, or not this person's any more: the page itself says so.
		if ([401, 403, 404].includes(response.status)) return anew();
		answer = (await response.json()) as DataAnswer;
	} catch {
		return false;
	}
	if (!response.ok || mine !== asked) return false;
	if (answer.type === 'redirect') {
		visit(answer.location);
		return false;
	}
	if (answer.nodes.some((node) => node?.type === 'error')) return anew();
	// A newer version of the program may have taken away the file that reads: the page is newer then, too.
	const parts = await Promise.all(answer.nodes.map((node) => (node?.type === 'data' ? readFlat(node.data) : null))).catch(() => null);
	if (!parts) return anew();
	if (mine !== asked) return false;
	const data = merged(parts);
	shown.data = data;
	framework?.update({ data });
	return true;
};
