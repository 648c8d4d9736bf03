import { hydrate, type Component } from 'svelte';
import { clockContext } from '#lib/ui/primitives/time/clock.ts';
import { begin, merged, type Decoders } from './live-page.ts';
import { closeMenus } from './menus.ts';
import { shown, type PageData } from './shown.svelte.ts';

type PageNode = { component: Component<Record<string, unknown>>; universal?: { load?: unknown } };
type App = { decoders: Decoders };
/** What the framework writes into the page for whoever takes it over. */
type Handed = {
	node_ids: number[];
	data: ({ data: PageData } | null)[];
	form: unknown;
	error: unknown;
	status?: number;
	params?: Record<string, string>;
	server_route?: { id: string; nodes: Record<number, () => Promise<PageNode>> };
};

/**
 * Takes over a page the server has drawn. Only the page itself is alive, not the frames around it: those are HTML and
 * forms, as everywhere. There is no router either: a link loads the next page.
 */
export const takeOver =
	(framework: Parameters<typeof begin>[0]) =>
	async (app: App, element: HTMLElement, { node_ids: nodes, data, form, error, status = 200, params = {}, server_route: route }: Handed): Promise<void> => {
		closeMenus();
		const target = element.querySelector('[data-live]');
		const node = route?.nodes[nodes.at(-1) ?? 0];
		// A page that says what went wrong needs no script.
		if (error || !target || !node) return;
		const first = { data: merged(data.map((part) => part?.data)), form, params };
		begin(framework, app.decoders, first);
		framework.update({ ...first, error: null, route: { id: route.id }, state: {}, status, url: new URL(location.href) });
		const { component, universal } = await node();
		if (universal?.load) throw new Error('A live page has its data from the server alone: move `load` to +page.server.ts.');
		hydrate(component, { target, props: shown as unknown as Record<string, unknown>, context: clockContext(() => shown.data.now as string | undefined) });
	};
