import type { Component } from 'svelte';
import { render } from 'svelte/server';

type Options = Omit<NonNullable<Parameters<typeof render>[1]>, 'props'>;
type Result = ReturnType<typeof render>;

/** A page as the framework asks for it: in the words of Svelte 4. */
class RenderedPage {
	readonly #result: Result;
	readonly css = { code: '', map: null };

	constructor(result: Result) {
		this.#result = result;
	}

	get head(): string {
		return this.#result.head;
	}

	get html(): string {
		return this.#result.body;
	}

	then<Kept, Failed = never>(
		kept: (page: { css: RenderedPage['css']; head: string; html: string; hashes: unknown }) => Kept,
		failed?: (reason: unknown) => Failed
	): Promise<Kept | Failed> {
		return Promise.resolve(this.#result).then(({ head, body, hashes }) => kept({ css: this.css, head, html: body, hashes }), failed);
	}
}

/** What the framework wraps the root of all pages in, on the server. */
export const asClassComponent = (component: Component<Record<string, unknown>>) => ({
	render: (props: Record<string, unknown>, options: Options = {}): RenderedPage => new RenderedPage(render(component, { ...options, props }))
});
