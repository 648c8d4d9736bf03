import type { Handle } from '@sveltejs/kit';
import { paraglideMiddleware } from '#lib/i18n/generated/server.js';
import { readPreferences } from '#lib/ui/layout/preferences/preferences.ts';

const dataTheme = { auto: 'auto', light: 'miaopu', dark: 'miaopu-dark' } as const;

/**
 * Settles how this visitor reads: language, light or dark, text size. All three come from plain cookies, so a page is
 * right in its first byte and without JavaScript. Fills `event.locals.preferences` and the `%lang%`, `%theme%` and
 * `%text%` marks of app.html.
 */
export const handlePreferences: Handle = ({ event, resolve }) =>
	paraglideMiddleware(event.request, ({ request, locale }) => {
		event.request = request;
		const preferences = readPreferences((name) => event.cookies.get(name), locale);
		event.locals.preferences = preferences;
		let marked = false;
		return resolve(event, {
			transformPageChunk: ({ html }) => {
				// Only the first chunk holds app.html's marks; later ones may hold a visitor's words that look like them.
				if (marked) return html;
				marked = true;
				return html
					.replace('%lang%', preferences.locale)
					.replace('%text%', preferences.text)
					.replace('%theme%', dataTheme[preferences.theme]);
			}
		});
	});
