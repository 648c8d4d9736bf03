import { describe, expect, test } from 'vitest';
import { readFormData } from './form-data.ts';

const read = (...fields: [string, string][]) => {
	const form = new FormData();
	for (const [name, value] of fields) form.append(name, value);
	return readFormData(form);
};

describe('names of a form', () => {
	test('nest by words, by positions and by ids', () => {
		const [one, two] = ['6b02b965a031230a48898925', 'e802b965a031230a48898925'];
		expect(read([`scores.${one}.content`, '31'], [`scores.${two}.content`, '8'], [`scores.${one}.voice`, '4'])).toEqual({
			scores: { [one]: { content: '31', voice: '4' }, [two]: { content: '8' } }
		});
		expect(read(['budget[0].item', '横幅'], ['budget.2.item', '茶水'])).toEqual({ budget: [{ item: '横幅' }, { item: '茶水' }] });
	});

	test('an id of digits alone is no position', () => {
		expect(read([`scores.${'1'.repeat(24)}.content`, '5'])).toEqual({ scores: { ['1'.repeat(24)]: { content: '5' } } });
	});

	test('of other shapes are refused', () => {
		for (const name of ['a b', 'scores.6b02.content', 'a..b', '9a', 'a.__proto__.b', 'a[1234].b'])
			expect(() => read([name, ''])).toThrow(expect.objectContaining({ code: 'unknown_field' }));
	});
});
