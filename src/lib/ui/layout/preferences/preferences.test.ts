import { describe, expect, it } from 'vitest';
import { chosenPreferences, readPreferences, returnPath } from './preferences.ts';

function form(fields: Record<string, string>): FormData {
	const data = new FormData();
	for (const [name, value] of Object.entries(fields)) data.set(name, value);
	return data;
}

describe('readPreferences', () => {
	it('takes known values and nothing else', () => {
		const jar: Record<string, string> = { miaopu_theme: 'dark', miaopu_text: '"><script>' };
		expect(readPreferences((name) => jar[name], 'en')).toEqual({ locale: 'en', theme: 'dark', text: 'normal' });
		expect(readPreferences(() => undefined, 'fr')).toEqual({ locale: 'zh-CN', theme: 'auto', text: 'normal' });
	});
});

describe('chosenPreferences', () => {
	it('keeps only what the form chose', () => {
		expect(chosenPreferences(form({ text: 'large' }))).toEqual({ text: 'large' });
		expect(chosenPreferences(form({ text: 'huge', theme: 'light', locale: 'de' }))).toEqual({ theme: 'light' });
	});
});

describe('returnPath', () => {
	it.each(['/', '/app/organizations?stage=c&q=%E6%B2%B3', '/competitions/spring'])('goes back to %s', (path) => {
		expect(returnPath(path)).toBe(path);
	});
	it.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', '/a\nb', '/a\\b', null, 3])(
		'refuses %j',
		(path) => expect(returnPath(path)).toBe('/')
	);
});
