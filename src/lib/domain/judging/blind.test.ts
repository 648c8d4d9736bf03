import { describe, expect, test } from 'vitest';
import { isBlind, withoutName } from '#lib/domain/judging/blind.ts';

describe('a blind round', () => {
	test('is one of documents that says so', () => {
		expect(isBlind({ kind: 'document', blind: true })).toBe(true);
		expect(isBlind({ kind: 'document', blind: false })).toBe(false);
		expect(isBlind({ kind: 'pitch', blind: true })).toBe(false);
		expect(isBlind({ kind: 'public_jury', blind: true })).toBe(false);
	});

	test.each([
		['我们梅园互助队每周去。', '梅园互助队', '我们□每周去。'],
		['梅园 互助队（梅园互助队）', '梅园互助队', '□（□）'],
		['The GREEN Team, green team', 'Green Team', 'The □, □'],
		['a+b (c) [d]', 'a+b (c)', '□ [d]'],
		['没有提到', '梅园互助队', '没有提到'],
		['一个字', '一', '一个字'],
		['空名', '  ', '空名']
	])('blots a name out of %j', (text, name, expected) => {
		expect(withoutName(text, name, '□')).toBe(expected);
	});
});
