import { describe, expect, test } from 'vitest';
import { codeOf } from '../testing.ts';
import { capturesOf, compileRegex } from './regex.ts';

const found = (pattern: string, text: string, options = ''): string | undefined =>
	compileRegex(pattern, options).exec(text)?.[0];

describe('PCRE syntax', () => {
	test.each<[string, string, string, string | undefined, string?]>([
		['possessive quantifiers give nothing back', 'a++a', 'aaa', undefined],
		['possessive quantifiers match', 'a++b', 'aaab', 'aaab'],
		['possessive counts', '(?:ab){1,2}+a', 'ababa', 'ababa'],
		['possessive groups keep their captures apart', '(a)(b)++\\1', 'abba', 'abba'],
		['atomic groups', '(?>a+|ab)b', 'aab', 'aab'],
		['atomic groups do not go back', '(?>a|ab)c', 'abc', undefined],
		['flags at the start', '(?i)ab', 'xAB', 'AB'],
		['flags inside', 'a(?i)b', 'aB', 'aB'],
		['flags inside leave the rest alone', 'a(?i)b', 'AB', undefined],
		['flags of a group end with it', '(?i:a)b', 'Ab', 'Ab'],
		['flags of a group end with it (2)', '(?i:a)b', 'AB', undefined],
		['flags taken back', 'a(?-i)b', 'Ab', 'Ab', 'i'],
		['flags taken back (2)', 'a(?-i)b', 'AB', undefined, 'i'],
		['case in classes that change', 'x(?i)[b-d]', 'xC', 'xC'],
		['several flags', '(?sx) a . b', 'a\nb', 'a\nb'],
		['comments', 'a(?#no)b', 'ab', 'ab'],
		['named groups, three ways', "(?P<x>a)(?<y>b)(?'z'c)\\k<x>(?P=y)\\g{z}", 'abcabc', 'abcabc'],
		['relative references', '(a)(b)\\g{-1}', 'abb', 'abb'],
		['literal quotes', '\\Qa.b\\E+', 'a.b', 'a.b'],
		['white space is ASCII', 'a\\sb', 'a\u00a0b', undefined],
		['negated white space in a class', '[\\S]+', 'ab c', 'ab'],
		['horizontal and vertical white space', 'a\\h\\v', 'a\t\n', 'a\t\n'],
		['POSIX classes and their opposites', '[[:alpha:]]+[[:^digit:]]', 'ab-1', 'ab-'],
		['a closing bracket first', '[]a]+', ']a]', ']a]'],
		['a hyphen after a set', '[\\d-z]+', '1-z', '1-z'],
		['octal and hexadecimal', '\\101\\x42\\x{43}\\o{104}', 'ABCD', 'ABCD'],
		['properties', '\\pL\\p{Greek}\\P{L}', 'aβ1', 'aβ1'],
		['anchors', '\\Aa$', 'a\n', 'a'],
		['lines', '^b$', 'a\nb\nc', 'b', 'm'],
		['a quantified assertion', '(?:^)*a', 'a', 'a'],
		['braces that are none', 'a{x}', 'a{x}', 'a{x}'],
		['hyphens', '\\-[\\-a-]-+', '---', '---'],
		['lookbehind', '(?<=a)b', 'ab', 'b'],
		['characters beyond the BMP', '^.$', '😀', '😀'],
		['free spacing', 'a b # c', 'ab', 'ab', 'x'],
		['a UTF-8 mark', '(*UTF8)é', 'é', 'é']
	])('%s', (_, pattern, text, expected, options) => {
		expect(found(pattern, text, options)).toBe(expected);
	});
	test('captures are those of the pattern', () => {
		const regex = compileRegex('(?>(a)+)(b)++(c)?', '');
		const match = regex.exec('aabb');
		expect(match && capturesOf(regex, match)).toEqual(['a', 'b', undefined]);
	});
	test.each([
		'(?R)',
		'(?|a|b)',
		'(a)(?(1)b)',
		'\\K',
		'\\X',
		'(*COMMIT)a',
		'*a',
		'a(',
		'a)',
		'[b-a]',
		'[a',
		'\\2',
		'(?<a>x)(?<a>y)',
		'\\p{Nothing}',
		'(a)(?i)\\1'
	])('%s is refused', (pattern) => {
		expect(codeOf(() => compileRegex(pattern, ''))).toBe(51091);
	});
});

describe('patterns that run away', () => {
	test.each(['^(a+)+$', '^(a|aa)+$', '^(\\w+\\s?)*$', 'x*x*x*x*x*x*y'])('%s is stopped', (pattern) => {
		const long = /x/.test(pattern) ? 'x'.repeat(3000) : `${'a'.repeat(60)}!`;
		const started = process.cpuUsage();
		expect(codeOf(() => compileRegex(pattern, '').test(long))).toBe(51156);
		expect(process.cpuUsage(started).user, 'microseconds of processor time').toBeLessThan(5_000_000);
		expect(compileRegex(pattern, '').test('aaa xxy'.slice(0, 3))).toBe(!pattern.startsWith('x'));
	});
	test('those that match are not disturbed', () => {
		expect(compileRegex('^(?:a+b)+$', '').test('aab'.repeat(1000))).toBe(true);
	});
});
