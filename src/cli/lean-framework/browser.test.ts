import { expect, test } from 'vitest';
import { changeForBrowsers } from './browser.ts';

const gone = (): never => {
	throw new Error('gone');
};

test('a layout keeps its style sheets and what is in it, and nothing else', () => {
	const layout = "<script lang=\"ts\">\n\timport '../app.css';\n\timport { AppShell } from '#lib/ui/layout/app-shell/index.ts';\n\tlet { children } = $props();\n</script>\n<AppShell>{@render children()}</AppShell>";
	const { code } = changeForBrowsers('/here/src/routes/(app)/+layout.svelte', layout, gone) ?? { code: '' };
	expect(code).toContain("import '../app.css';");
	expect(code).toContain('{@render children()}');
	expect(code).not.toContain('AppShell');
});

test('a layout with styles of its own stays as it is', () => {
	const layout = '{@render children()}<style>p { color: red; }</style>';
	expect(changeForBrowsers('/here/src/routes/(print)/+layout.svelte', layout, gone)?.code).toBe(layout);
});

test('other files stay as they are', () => {
	expect(changeForBrowsers('/here/src/routes/+page.svelte', '<p></p>', gone)).toBeNull();
});

test('a framework in which a place is gone is not built', () => {
	expect(() => changeForBrowsers('/here/node_modules/@sveltejs/kit/src/runtime/client/client.js', 'export const start = 1;', gone)).toThrow('gone');
});
