import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { messageOptions } from './src/cli/compile-messages.js';
import { leanFramework } from './src/cli/lean-framework/plugin.ts';
import { nestedQuotes } from './src/cli/nested-quotes.ts';
import { shortMessages } from './src/cli/short-messages.ts';

export default defineConfig(({ command }) => ({
	plugins: [
		tailwindcss(),
		// The development server makes the message functions anew when a message changes; for a build they are there.
		...(command === 'serve' ? [paraglideVitePlugin(messageOptions)] : []),
		nestedQuotes(),
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
}));
