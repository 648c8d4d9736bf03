import type { Plugin } from 'vite';

const isMessage = /[\\/]i18n[\\/]generated[\\/]messages[\\/][a-z0-9_]+\.js$/;

/** A sentence as compiled that puts something given between quotation marks. */
const quoting = /`[^`]*“[^”`]*\$\{[^`]*`/g;

/**
 * Titles bring quotation marks of their own into sentences that quote them. Every compiled message that quotes what it is
 * given turns the inner marks as they are printed, so that no caller has to think of it.
 */
export const nestedQuotes = (): Plugin => ({
	name: 'nested-quotes',
	transform: (code, id) => {
		if (!isMessage.test(id)) return null;
		const nested = code.replace(quoting, 'nestQuotes($&)');
		return nested === code ? null : `import { nestQuotes } from '#lib/ui/quotes.ts';\n${nested}`;
	}
});
