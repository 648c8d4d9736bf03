import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';

/** Making the rules of plurals takes longer than a whole row of a list; the compiled messages would make them anew each time. */
const pluralRulesOnce: Plugin = {
	name: 'plural-rules-once',
	transform: (code, id) =>
		id.endsWith('/i18n/generated/registry.js')
			? `const rules = {};\n${code.replace(
					'new Intl.PluralRules(locale, options).select',
					'(rules[locale + JSON.stringify(options)] ??= new Intl.PluralRules(locale, options)).select'
				)}`
			: null
};

export default defineConfig({
	plugins: [
		tailwindcss(),
		paraglideVitePlugin({
			project: './src/lib/i18n/project.inlang',
			outdir: './src/lib/i18n/generated',
			strategy: ['cookie', 'preferredLanguage', 'baseLocale'],
			cookieName: 'miaopu_locale',
			emitTsDeclarations: true
		}),
		pluralRulesOnce,
		sveltekit()
	],
	build: {
		// Messages are pure functions. Told so, the bundler gives each page the messages it uses instead of giving
		// every page all of them.
		rolldownOptions: {
			treeshake: { moduleSideEffects: [{ test: /i18n\/generated\//, sideEffects: false }] }
		}
	},
	server: { fs: { allow: ['src/embedded-mongo', 'seeds'] } }
});
