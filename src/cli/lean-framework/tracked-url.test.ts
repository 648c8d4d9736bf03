import { describe, expect, it } from 'vitest';
import { makeTrackable } from './tracked-url.ts';

const read = (look: (url: URL) => unknown) => {
	const heard: string[] = [];
	const url = makeTrackable(new URL('https://miaopu.example/app/list?q=太极&page=2'), () => heard.push('all'), (name) => heard.push(name));
	return { value: look(url), heard };
};

describe('the address given to a load', () => {
	it.each<[string, (url: URL) => unknown, unknown]>([
		['pathname', (url) => url.pathname, '/app/list'],
		['href', (url) => url.href, 'https://miaopu.example/app/list?q=%E5%A4%AA%E6%9E%81&page=2'],
		['text', (url) => `${url}`, 'https://miaopu.example/app/list?q=%E5%A4%AA%E6%9E%81&page=2'],
		['json', (url) => JSON.stringify(url), '"https://miaopu.example/app/list?q=%E5%A4%AA%E6%9E%81&page=2"'],
		['search', (url) => url.search, '?q=%E5%A4%AA%E6%9E%81&page=2'],
		['all parameters', (url) => [...url.searchParams.keys()], ['q', 'page']],
		['how many parameters', (url) => url.searchParams.size, 2],
		['parameters as text', (url) => url.searchParams.toString(), 'q=%E5%A4%AA%E6%9E%81&page=2']
	])('notes that all of it was read: %s', (_name, look, value) => {
		const seen = read(look);
		expect(seen.value).toEqual(value);
		expect(new Set(seen.heard)).toEqual(new Set(['all']));
	});

	it('notes a parameter by itself', () => {
		expect(read((url) => [url.searchParams.get('q'), url.searchParams.has('page'), url.searchParams.getAll('none')])).toEqual({
			value: ['太极', true, []],
			heard: ['q', 'page', 'none']
		});
	});

	it('notes nothing of what never changes under a visitor', () => {
		expect(read((url) => [url.origin, url.host, url.protocol])).toEqual({
			value: ['https://miaopu.example', 'miaopu.example', 'https:'],
			heard: []
		});
	});

	it('is an address like others for whoever makes another of it', () => {
		expect(read((url) => new URL('../next', url).href).value).toBe('https://miaopu.example/next');
		expect(read((url) => url instanceof URL).value).toBe(true);
	});

	it('has no part behind #', () => {
		expect(() => read((url) => url.hash)).toThrow('browser');
	});
});
