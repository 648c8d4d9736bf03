import { expect, test } from 'vitest';
import { found, pageHref, sliced } from './in-list.ts';

test('finds whatever the width, the case and the spaces', () => {
	expect(found('ＷＩＮＴＥＲ－005', 'winter-005')).toBe(true);
	expect(found('张 三', '李四', '张三丰')).toBe(true);
	expect(found('', '什么都行')).toBe(true);
	expect(found('王五', '李四')).toBe(false);
});

test('pages stay within the list', () => {
	const rows = Array.from({ length: 25 }, (_, n) => n);
	expect(sliced(rows, '3', 10)).toEqual({ items: [20, 21, 22, 23, 24], total: 25, page: 3, pages: 3 });
	for (const odd of ['99', 'x', '-1', null, 'Infinity']) expect(sliced(rows, odd, 10).items.length).toBeGreaterThan(0);
	const last = sliced(rows, 3, 10);
	expect(pageHref(new URLSearchParams('search=a'), 'page', last, 1)).toBeUndefined();
	expect(pageHref(new URLSearchParams('search=a'), 'page', last, -1, '#list')).toBe('?search=a&page=2#list');
});
