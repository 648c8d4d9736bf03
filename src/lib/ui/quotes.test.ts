import { expect, test } from 'vitest';
import { nestQuotes } from './quotes.ts';

test('quotes within quotes are single', () => {
	expect(nestQuotes('““年关邻里情”高桥街道微创投”还有 3 份待评')).toBe('“‘年关邻里情’高桥街道微创投”还有 3 份待评');
	expect(nestQuotes('“高桥“年关”与“元宵””有两处')).toBe('“高桥‘年关’与‘元宵’”有两处');
});

test('quotes side by side stay, and so does what does not pair up', () => {
	for (const text of ['“甲”和“乙”', '没有引号', '““只开不关”', '”反着“来“的”']) expect(nestQuotes(text)).toBe(text);
});
