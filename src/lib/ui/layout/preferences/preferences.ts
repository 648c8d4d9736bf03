/** How one visitor reads the site. Kept in cookies, never in an account: a phone and a desktop differ. */
export type Preferences = {
	locale: 'zh-CN' | 'en';
	theme: 'auto' | 'light' | 'dark';
	text: 'normal' | 'large';
};

/** The cookies' names; the first is also known to Paraglide (vite.config.ts). */
export const preferenceCookies = { locale: 'miaopu_locale', theme: 'miaopu_theme', text: 'miaopu_text' } as const;

const choices = {
	locale: ['zh-CN', 'en'],
	theme: ['auto', 'light', 'dark'],
	text: ['normal', 'large']
} as const satisfies { [Key in keyof Preferences]: readonly Preferences[Key][] };

/** The name of one preference. */
export type PreferenceName = keyof typeof choices;

/** The preference's values, in the order they are offered. */
export function preferenceChoices<Name extends PreferenceName>(name: Name): (typeof choices)[Name] {
	return choices[name];
}

function oneOf<Value extends string>(allowed: readonly Value[], value: unknown, fallback: Value): Value {
	return allowed.find((choice) => choice === value) ?? fallback;
}

/**
 * Reads the preferences from cookies; anything unknown counts as not chosen.
 * @param cookie - reads one cookie by name
 * @param locale - the language already negotiated for the request
 */
export function readPreferences(cookie: (name: string) => string | undefined, locale: string): Preferences {
	return {
		locale: oneOf(choices.locale, locale, 'zh-CN'),
		theme: oneOf(choices.theme, cookie(preferenceCookies.theme), 'auto'),
		text: oneOf(choices.text, cookie(preferenceCookies.text), 'normal')
	};
}

/**
 * Takes the preferences a form sent; fields it did not send stay as they are.
 * @param form - the fields `locale`, `theme`, `text`
 * @returns only the fields with a known value
 */
export function chosenPreferences(form: FormData): Partial<Preferences> {
	const chosen: Partial<Preferences> = {};
	const locale = choices.locale.find((choice) => choice === form.get('locale'));
	const theme = choices.theme.find((choice) => choice === form.get('theme'));
	const text = choices.text.find((choice) => choice === form.get('text'));
	if (locale) chosen.locale = locale;
	if (theme) chosen.theme = theme;
	if (text) chosen.text = text;
	return chosen;
}

/**
 * The address to go back to after a choice: a path of this site, nothing that a browser could read as another host.
 * @param value - what the form sent as `return`
 */
export function returnPath(value: unknown): string {
	if (typeof value !== 'string' || !/^\/(?![/\\])[^\\\s]*$/.test(value)) return '/';
	return value;
}
