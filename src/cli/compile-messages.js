// Makes the message functions from the messages, once for everything that reads them: checks, tests and builds.
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '@inlang/paraglide-js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What the functions are made of and how they find the language. The development server makes them with the same. */
export const messageOptions = {
	project: './src/lib/i18n/project.inlang',
	outdir: './src/lib/i18n/generated',
	strategy: /** @type {['cookie', 'preferredLanguage', 'baseLocale']} */ (['cookie', 'preferredLanguage', 'baseLocale']),
	cookieName: 'miaopu_locale',
	emitTsDeclarations: true
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	process.chdir(root);
	// The mark is there when the functions are whole. Whoever makes them in another way clears the folder, and it with them.
	const mark = join(root, messageOptions.outdir, '.whole');
	rmSync(mark, { force: true });
	await compile({ ...messageOptions, outputStructure: 'message-modules', isServer: "import.meta.env?.SSR ?? typeof window === 'undefined'" });
	writeFileSync(mark, '');
}
