import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { changeForBrowsers } from './browser.ts';

/** A place in the framework's sources that is built differently for the server. */
type Change = { file: RegExp; find: string; put: string };

const ours = fileURLToPath(new URL('.', import.meta.url));

/**
 * An accessor defined on an object (`Object.defineProperty` with a `get`) is kept by the engine in the description of
 * the object's shape, and that is old memory from its first day. Whatever the accessor's closure holds (here: a whole
 * page in the making, the request) therefore survives until the next full collection, and is copied and copied until
 * then. Classes with accessors on their prototype hold nothing: of one answer with the station's page, 26 kB instead of
 * 345 grow old.
 */
const changes: Change[] = [
	{
		file: /[\\/]svelte[\\/]src[\\/]legacy[\\/]legacy-server\.js$/,
		find: 'export function asClassComponent(component) {',
		put: `export { asClassComponent } from '${ours}class-component.ts';\nfunction unused(component) {`
	},
	{
		file: /[\\/]@sveltejs[\\/]kit[\\/]src[\\/]utils[\\/]url\.js$/,
		find: 'export function make_trackable(',
		put: `export { makeTrackable as make_trackable } from '${ours}tracked-url.ts';\nfunction unused(`
	},
	{
		// Pages of people signed in may not be stored by anybody, and for strangers the page cache makes one.
		file: /[\\/]@sveltejs[\\/]kit[\\/]src[\\/]runtime[\\/]server[\\/]page[\\/]render\.js$/,
		find: "headers.set('etag', `\"${hash(transformed)}\"`);",
		put: ''
	}
];

const isRoot = /[\\/]generated[\\/]root\.svelte$/;
/** The page's own component in the generated root, where no layout goes around it any more. */
const leaf = /<Pyramid_\d bind:this=\{components\[\d\]\} data=\{data_\d\} \{form\} params=\{page\.params\} \/>/g;

/** Makes the framework cheaper where it costs most. A version in which a place is gone does not build. */
export const leanFramework = (): Plugin => ({
	name: 'lean-framework',
	enforce: 'pre',
	transform(code, id, options) {
		const file = id.split('?')[0] ?? '';
		const gone = (): never => this.error(`${id} has changed: look at src/cli/lean-framework again.`);
		if (id.includes('type=style')) return null;
		if (!options?.ssr) return changeForBrowsers(file, code, gone);
		if (isRoot.test(file)) {
			// Where the page begins inside the layouts: that is what a live page's script takes over.
			const marked = code.replace(leaf, '<div class="contents" data-live>$&</div>');
			return { code: marked === code ? gone() : marked, map: null };
		}
		const change = changes.find((candidate) => candidate.file.test(file));
		if (!change) return null;
		if (code.split(change.find).length !== 2) gone();
		return { code: code.replace(change.find, () => change.put), map: null };
	}
});
