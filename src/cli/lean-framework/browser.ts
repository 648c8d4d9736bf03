import { fileURLToPath } from 'node:url';

const start = fileURLToPath(new URL('../../lib/ui/live/start.ts', import.meta.url));

/** The style sheets a component brings. */
const styles = (code: string): string => (code.match(/^\s*import '[^']+\.css';/gm) ?? []).join('');

type Change = {
	file: RegExp;
	/** What has to be in the file for the change to be right. */
	expected: RegExp;
	/** The file's code for browsers. */
	put: (code: string) => string;
};

/**
 * Most pages have no scripts, so there is no going from page to page inside a window, and the frames around the pages
 * are HTML. Live pages therefore need neither the framework's router nor its root nor the layouts, which together weigh
 * a third of what a phone would load: `lib/ui/live` starts the page alone.
 */
const changes: Change[] = [
	{
		file: /[\\/]@sveltejs[\\/]kit[\\/]src[\\/]runtime[\\/]client[\\/]client\.js$/,
		expected: /export async function start\(_app, _target, hydrate\)/,
		put: () => `
			import { takeOver } from '${start}';
			import { update } from './state.svelte.js';
			export const start = takeOver({ update, reader: () => import('devalue').then(({ unflatten }) => unflatten) });
			export const load_css = () => undefined;
			export const get_navigation_intent = async () => undefined;
			export const stores = { updated: { check: async () => false } };
		`
	},
	{
		file: /[\\/]generated[\\/]root\.js$/,
		expected: /export default asClassComponent\(Root\)/,
		put: () => 'export default null;'
	},
	{
		// Frames have their styles from files; those they import stay.
		file: /[\\/]src[\\/]routes[\\/](?:.*[\\/])?\+layout\.svelte$/,
		expected: /\{@render children\(\)\}/,
		put: (code) => (code.includes('<style') ? code : `<script>${styles(code)} const { children } = $props();</script>{@render children()}`)
	},
	{
		// The server settled the language and wrote it on the page. Read from there, and not from cookies again, it is
		// always that of the words the page came with.
		file: /[\\/]i18n[\\/]generated[\\/]runtime\.js$/,
		expected: /export let getLocale\b/,
		put: () => "export const getLocale = () => (document.documentElement.lang === 'en' ? 'en' : 'zh-CN');\nexport const experimentalStaticLocale = undefined;"
	}
];

/** A file as browsers get it; null where it is as it is. */
export const changeForBrowsers = (file: string, code: string, gone: () => never): { code: string; map: null } | null => {
	const change = changes.find((candidate) => candidate.file.test(file));
	if (!change) return null;
	return { code: change.expected.test(code) ? change.put(code) : gone(), map: null };
};
