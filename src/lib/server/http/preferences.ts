import { getRequestEvent } from '$app/server';
import type { RequestEvent } from '@sveltejs/kit';
import { baseLocale, extractLocaleFromHeader, overwriteGetLocale, toLocale } from '#lib/i18n/generated/runtime.js';
import { preferenceCookies, readPreferences, type Preferences } from '#lib/ui/layout/preferences/preferences.ts';

const dataTheme = { auto: 'auto', light: 'miaopu', dark: 'miaopu-dark' } as const;

/** app.html's marks stand in its first line or two. */
const headLength = 200;

type Locale = Preferences['locale'];
let spoken: Locale | null = null;

// The framework keeps the request of each turn anyway; a second store of the same kind would cost every promise.
// A request that fails before it is known how its visitor reads is answered in the base language.
overwriteGetLocale(() => spoken ?? (getRequestEvent().locals as Partial<App.Locals>).preferences?.locale ?? baseLocale);

/** Makes words in a language where the framework has no request to tell it from. They must be made at once. */
export const speaking = <T>(locale: Locale, words: () => T): T => {
	spoken = locale;
	try {
		return words();
	} finally {
		spoken = null;
	}
};

/** The language a visitor asks for, by cookie, else by what the browser asks for. */
export const localeOf = (cookie: string | undefined, acceptLanguage: string | undefined): Locale => {
	const headers = new Headers(acceptLanguage === undefined ? {} : { 'accept-language': acceptLanguage });
	return toLocale(cookie) ?? extractLocaleFromHeader({ headers } as Request) ?? baseLocale;
};

/**
 * How this visitor reads: language, light or dark, text size. All three come from plain cookies (the language else from
 * what the browser asks for), so a page is right in its first byte and without JavaScript.
 */
export const preferencesOf = ({ cookies, request }: RequestEvent): Preferences => {
	const locale = localeOf(cookies.get(preferenceCookies.locale), request.headers.get('accept-language') ?? undefined);
	return readPreferences((name) => cookies.get(name), locale);
};

/**
 * Fills the `%lang%`, `%theme%` and `%text%` marks of app.html, at the head of a page's first chunk; what follows may
 * hold a visitor's words that look like them.
 */
export const markPage = (preferences: Preferences): ((input: { html: string }) => string) => {
	let marked = false;
	return ({ html }) => {
		if (marked) return html;
		marked = true;
		const head = html
			.slice(0, headLength)
			.replace('%lang%', preferences.locale)
			.replace('%text%', preferences.text)
			.replace('%theme%', dataTheme[preferences.theme]);
		return head + html.slice(headLength);
	};
};
