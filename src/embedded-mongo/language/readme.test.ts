import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TABLES } from './expression/tables.ts';

test('the README lists every expression', () => {
	const text = readFileSync(new URL('README.md', import.meta.url), 'utf8');
	const names = TABLES.flatMap((table) => Object.keys(table));
	expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
	expect(new Set(names).size).toBe(names.length);
});
