import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Plugin } from 'vite';

const isMessage = /[\\/]i18n[\\/]generated[\\/]messages[\\/][a-z0-9_]+\.js$/;
const isRegistry = /[\\/]i18n[\\/]generated[\\/]registry\.js$/;

/** The one sentence of a language in a compiled message; none where there are several. */
const chineseText = /const zh_cn\w* = [^\n]*\{\s*return [^`\n]*(`[^`]*`)\)\s*\};/;
const englishText = /const en_\w* = [^\n]*\{\s*return [^`\n]*(`[^`]*`)\)\s*\};/;

/**
 * Says compiled messages more briefly, for browsers and for the server alike: a sentence without plurals is one
 * function that chooses between two strings (as compiled it is three, with a choice of language by argument that
 * nobody makes), and the rules of plurals are made once, not with each sentence.
 */
export const shortMessages = (): Plugin => ({
	name: 'short-messages',
	transform: (code, id) => {
		if (isRegistry.test(id))
			return `const rules = {};\n${code.replace(
				'new Intl.PluralRules(locale, options).select',
				'(rules[locale + JSON.stringify(options)] ??= new Intl.PluralRules(locale, options)).select'
			)}`;
		const key = isMessage.test(id) ? /export const (\w+) =/.exec(code)?.[1] : undefined;
		const chinese = chineseText.exec(code)?.[1];
		const english = englishText.exec(code)?.[1];
		if (!key || !chinese || !english || code.includes('registry')) return null;
		return `import { getLocale } from '../runtime.js';\nexport const ${key} = (i) => getLocale() === 'zh-CN' ? ${chinese} : ${english};\n`;
	}
});

const routes = resolve('src/routes');
const messages = resolve('src/lib/i18n/generated/messages');

const filesBelow = (folder: string): string[] =>
	readdirSync(folder).flatMap((name) => {
		const path = join(folder, name);
		return statSync(path).isDirectory() ? filesBelow(path) : [path];
	});

/** The components a page draws itself with: its own, and every layout and error page above it. */
const drawnBy = (page: string): string[] => {
	const drawn = [page];
	for (let folder = dirname(page); folder.startsWith(routes); folder = dirname(folder))
		drawn.push(join(folder, '+layout.svelte'), join(folder, '+error.svelte'));
	return drawn.filter((file) => existsSync(file));
};

const importsOf = (file: string, text: string): string[] =>
	[...text.matchAll(/(?:from|import)\s+'(#lib\/|\.{1,2}\/)([^']+)'/g)].flatMap(([, base, rest = '']) => {
		const path = base === '#lib/' ? resolve('src/lib', rest) : resolve(dirname(file), `${base}${rest}`);
		return existsSync(path) && !path.includes('/i18n/') ? [path] : [];
	});

/** Every source file behind some others, and every message they say. */
const behind = (starts: readonly string[]): Set<string> => {
	const found = new Set<string>();
	const visit = (file: string): void => {
		if (found.has(file)) return;
		found.add(file);
		const text = readFileSync(file, 'utf8');
		for (const [, key = ''] of text.matchAll(/\bm\.([a-z0-9_]+)/g)) found.add(join(messages, `${key}.js`));
		for (const next of importsOf(file, text)) visit(next);
	};
	for (const start of starts) visit(start);
	return found;
};

/**
 * Puts what the few pages with scripts share into few files. Left to itself the bundler cuts along what every page
 * uses, most of which send no script at all: fifty crumbs, which compress a quarter worse than one piece.
 */
export const scriptedChunks = (): Plugin => ({
	name: 'scripted-chunks',
	config: (_config, { isSsrBuild, command }) => {
		if (isSsrBuild || command !== 'build') return;
		const pages = filesBelow(routes)
			.filter((file) => file.endsWith('+page.ts') && /\bcsr = true\b/.test(readFileSync(file, 'utf8')))
			.sort()
			.map((file) => behind(drawnBy(file.replace(/\.ts$/, '.svelte'))));
		const groupOf = (id: string): string | null => {
			const [file = ''] = id.split('?');
			const users = pages.flatMap((used, at) => (used.has(file) ? [at] : []));
			return users.length === 0 || file.startsWith(routes) ? null : `scripted-${users.join('')}`;
		};
		return {
			build: {
				rolldownOptions: {
					output: {
						codeSplitting: {
							groups: [
								{ name: 'framework', test: /[\\/]node_modules[\\/](?:svelte|@sveltejs|esm-env|clsx|devalue)[\\/]/, priority: 2 },
								{ name: groupOf, priority: 1 }
							]
						}
					}
				}
			}
		};
	}
});
