import { expect, test } from 'vitest';
import { m } from '#lib/i18n/generated/messages.js';
import { nestQuotes } from './quotes.ts';

test('quotes within quotes are single', () => {
	expect(nestQuotes('““年关邻里情”高桥街道微创投”还有 3 份待评')).toBe('“‘年关邻里情’高桥街道微创投”还有 3 份待评');
	expect(nestQuotes('“高桥“年关”与“元宵””有两处')).toBe('“高桥‘年关’与‘元宵’”有两处');
});

test('quotes side by side stay, and so does what does not pair up', () => {
	for (const text of ['“甲”和“乙”', '没有引号', '““只开不关”', '”反着“来“的”']) expect(nestQuotes(text)).toBe(text);
});

test('a message that quotes what it is given turns the marks of that, in either language', () => {
	const title = '“年关邻里情”高桥街道微创投';
	expect(m.work_judging_to_score({ title, n: 3 }, { locale: 'zh-CN' })).toBe('“‘年关邻里情’高桥街道微创投”还有 3 份待评');
	expect(m.work_judging_to_score({ title, n: 3 }, { locale: 'en' })).toBe('3 scorecards to do in “‘年关邻里情’高桥街道微创投”');
	expect(m.recusal_asks({ name: '周“快手”', group: '甲队' }, { locale: 'zh-CN' })).toBe('周“快手”代表甲队提出');
});
