import { expect, it } from 'vitest';
import { sortColumn } from './column.ts';

it('sorts upwards first, turns on the second press and starts from the first page', () => {
	const list = new URL('https://miaopu.example/app/organizations?stage=c&cursor=abc');
	expect(sortColumn(list, 'name')).toEqual({ sortHref: '?stage=c&sort=name', sorted: undefined });
	list.searchParams.set('sort', 'name');
	expect(sortColumn(list, 'name')).toEqual({ sortHref: '?stage=c&sort=-name', sorted: 'up' });
	list.searchParams.set('sort', '-name');
	expect(sortColumn(list, 'name')).toEqual({ sortHref: '?stage=c&sort=name', sorted: 'down' });
});
