import { expect, test } from 'vitest';
import { questionKinds, tableAnswer, tableRows } from './question-types.ts';
import type { Question } from './types.ts';

const question = (more: Partial<Question>): Question => ({
	...{ key: 'q', type: 'text', label: '题', hint: '', required: true, maxLength: 5, options: [], example: '', min: null, max: null, source: 'none' },
	...more
});
const fault = (more: Partial<Question>, answer: string) => questionKinds[more.type ?? 'text'].fault(question(more), answer)?.code ?? null;

test('a text counts its characters, not its code units', () => {
	expect(fault({ type: 'text' }, '一二三四五')).toBeNull();
	expect(fault({ type: 'line' }, '👩‍🌾一二')).toBeNull();
	expect(fault({ type: 'text' }, '一二三四五六')).toBe('too_long');
});

test('numbers keep their range, days exist, ticks are among the choices', () => {
	expect([fault({ type: 'number', min: 5 }, '4.99'), fault({ type: 'number', min: 5, max: 5 }, '5'), fault({ type: 'number', max: 5 }, '5.01'), fault({ type: 'number' }, '五')]).toEqual([
		'too_small',
		null,
		'too_big',
		'number'
	]);
	expect([fault({ type: 'date' }, '2028-02-29'), fault({ type: 'date' }, '2027-02-29'), fault({ type: 'date' }, '明天')]).toEqual([null, 'date', 'date']);
	const options = ['周一', '周三'];
	expect([fault({ type: 'multiple', options }, '周三\n周一'), fault({ type: 'multiple', options }, '周三\n周五'), fault({ type: 'choice', options }, '周一\n周三')]).toEqual([
		null,
		'choose_one',
		'choose_one'
	]);
});

test('a table is read back as it was written, without its empty rows', () => {
	const rows = [['三月', '开会'], ['', ''], ['四月', '清理 | 刷墙\n收尾']];
	const answer = tableAnswer(rows);
	expect(answer).toBe('三月 | 开会\n四月 | 清理   刷墙 收尾');
	expect(tableRows(answer, 2)).toEqual([['三月', '开会'], ['四月', '清理   刷墙 收尾']]);
	expect(tableRows('只有一格', 3)).toEqual([['只有一格', '', '']]);
	expect(tableRows('a | b | c', 2)).toEqual([['a', 'b | c']]);
	expect(tableAnswer([['', '后面']])).toBe(' | 后面');
	for (const saved of [' | 后面', '| 后面']) expect(tableRows(saved, 2)).toEqual([['', '后面']]);
	expect(tableRows('前面 |', 2)).toEqual([['前面', '']]);
});
