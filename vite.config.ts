import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { leanFramework } from './src/cli/lean-framework/plugin.ts';
import { shortMessages } from './src/cli/short-messages.ts';

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
		shortMessages(),
		leanFramework(),
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
