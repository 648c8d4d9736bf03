import { expect, test } from 'vitest';
import fc from 'fast-check';
import { diffContent, diffText } from './diff.ts';

test('sentences that changed are told from those that stayed', () => {
	expect(diffText('老人取药难。路远。', '老人取药难。路远，天黑更难。每周两次。')).toEqual([
		{ kind: 'same', text: '老人取药难。' },
		{ kind: 'removed', text: '路远。' },
		{ kind: 'added', text: '路远，天黑更难。每周两次。' }
	]);
});

test('a comparison loses and invents nothing', () => {
	const text = fc.array(fc.constantFrom('甲。', '乙\n', '丙！', '\n', 'ab. ', '尾')).map((parts) => parts.join(''));
	fc.assert(
		fc.property(text, text, (before, after) => {
			const parts = diffText(before, after);
			const without = (kind: string) => parts.filter((part) => part.kind !== kind).map((part) => part.text).join('');
			return without('added') === before && without('removed') === after;
		})
	);
});

test('only changed fields are listed', () => {
	expect(diffContent({ title: 'A', requested: 1, answers: { why: 'x' } }, { title: 'A', requested: 2, answers: { why: 'x', how: 'y' } }).map(({ field }) => field)).toEqual(['requested', 'answers.how']);
});
