import type { Plugin } from 'vite';

const isMessage = /[\\/]i18n[\\/]generated[\\/]messages[\\/][a-z0-9_]+\.js$/;
const isRegistry = /[\\/]i18n[\\/]generated[\\/]registry\.js$/;

/** The one sentence of a language in a compiled message; none where there are several. */
const chineseText = /const zh_cn\w* = [^\n]*\{\s*return [^`\n]*?((?:nestQuotes\()?`[^`]*`\)?)\)\s*\};/;
const englishText = /const en_\w* = [^\n]*\{\s*return [^`\n]*?((?:nestQuotes\()?`[^`]*`\)?)\)\s*\};/;

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
		const quotes = /nestQuotes\(/.test(chinese + english) ? "import { nestQuotes } from '#lib/ui/quotes.ts';\n" : '';
		return `${quotes}import { getLocale } from '../runtime.js';\nexport const ${key} = (i) => getLocale() === 'zh-CN' ? ${chinese} : ${english};\n`;
	}
});
