import { BSONRegExp, BSONSymbol } from '../../bson/values.ts';
import type { Value } from '../../bson/values.ts';
import { compareValues } from '../compare.ts';
import { storeError } from '../errors.ts';
import type { Test } from '../paths.ts';

const POSIX: Record<string, string> = {
	alpha: 'a-zA-Z',
	digit: '0-9',
	alnum: 'a-zA-Z0-9',
	upper: 'A-Z',
	lower: 'a-z',
	space: '\\s',
	blank: ' \\t',
	punct: '!-\\/:-@\\[-`\\{-~',
	xdigit: '0-9A-Fa-f',
	word: '\\w',
	cntrl: '\\x00-\\x1f\\x7f',
	print: '\\x20-\\x7e',
	graph: '\\x21-\\x7e'
};

/** PCRE escapes that JavaScript lacks, outside and inside a character class. */
const ESCAPES: Record<string, [outside: string, inside: string | null]> = {
	A: ['(?<![\\s\\S])', null],
	z: ['(?![\\s\\S])', null],
	Z: ['(?=\\n?(?![\\s\\S]))', null],
	h: ['[ \\t\\u00a0\\u2000-\\u200a\\u202f\\u205f\\u3000]', ' \\t\\u00a0\\u2000-\\u200a\\u202f\\u205f\\u3000'],
	H: ['[^ \\t\\u00a0\\u2000-\\u200a\\u202f\\u205f\\u3000]', null],
	R: ['(?:\\r\\n|[\\n\\v\\f\\r\\u0085\\u2028\\u2029])', null],
	N: ['[^\\n]', null],
	a: ['\\x07', '\\x07'],
	e: ['\\x1b', '\\x1b']
};

const KEPT_ESCAPE = /[dDwWsSbBnrtfvpPkux0-9c]/;
const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;

const invalid = (reason: string) => storeError(51091, `Regular expression is invalid: ${reason}`);

type Flags = { i: boolean; m: boolean; s: boolean; x: boolean };

/** Rewrites a PCRE pattern as a JavaScript one for the `u` flag. Refuses what JavaScript cannot express. */
function translate(pattern: string, flags: Flags): string {
	let out = '';
	const inline = /^(?:\(\?[imsxu]+\))+/.exec(pattern)?.[0] ?? '';
	for (const letter of inline) if (letter in flags) flags[letter as keyof Flags] = true;
	let at = inline.length;
	while (at < pattern.length) {
		const char = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
		at += char.length;
		if (char === '\\') {
			const escaped = String.fromCodePoint(pattern.codePointAt(at) ?? 0x5c);
			if (at >= pattern.length) throw invalid('\\ at end of pattern');
			at += escaped.length;
			if (escaped === 'Q') {
				const stop = pattern.indexOf('\\E', at);
				const literal = pattern.slice(at, stop < 0 ? undefined : stop);
				out += literal.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');
				at = stop < 0 ? pattern.length : stop + 2;
			} else if (escaped !== 'E') out += escape(escaped, pattern.slice(at), false);
			if (escaped === 'x' && pattern[at] === '{') {
				const stop = pattern.indexOf('}', at);
				out = `${out.slice(0, -2)}\\u${pattern.slice(at, stop + 1)}`;
				at = stop + 1;
			}
		} else if (char === '[') {
			const [translated, end] = translateClass(pattern, at);
			out += translated;
			at = end;
		} else if (char === '.') out += flags.s ? '[\\s\\S]' : '[^\\n]';
		else if (char === '$') out += flags.m ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))';
		else if (char === '^') out += flags.m ? '(?<=\\n|(?<![\\s\\S]))' : '^';
		else if (flags.x && /\s/.test(char)) continue;
		else if (flags.x && char === '#') {
			const stop = pattern.indexOf('\n', at);
			at = stop < 0 ? pattern.length : stop + 1;
		} else if (char === '(' && pattern[at] === '?') {
			const opening = /^\?(?:P?<(?![=!])|[:=!]|<[=!]|#)/.exec(pattern.slice(at))?.[0];
			if (!opening) throw invalid(`unsupported group (${pattern.slice(at, at + 3)}`);
			if (opening === '?#') at = pattern.indexOf(')', at) + 1 || pattern.length;
			else {
				out += `(${opening.replace('P<', '<')}`;
				at += opening.length;
			}
		} else if (char === '{') {
			const counted = /^\d+(?:,\d*)?\}/.exec(pattern.slice(at))?.[0];
			out += counted ? `{${counted}` : '\\{';
			at += counted?.length ?? 0;
		} else if (char === '}' || char === ']') out += `\\${char}`;
		else {
			if (char === '+' && /[*+?}]$/.test(out) && !/\\[*+?}]$/.test(out))
				throw invalid('possessive quantifiers are unsupported');
			out += char;
		}
	}
	return out;
}

function escape(char: string, rest: string, inClass: boolean): string {
	const special = ESCAPES[char]?.[inClass ? 1 : 0];
	if (special) return special;
	if ((char === 'p' || char === 'P') && !rest.startsWith('{')) throw invalid(`\\${char} needs braces`);
	if (KEPT_ESCAPE.test(char) || SYNTAX.test(char) || (inClass && char === '-')) return `\\${char}`;
	if (/[a-zA-Z]/.test(char)) throw invalid(`unrecognized character follows \\: ${char}`);
	return char;
}

/** Translates a character class whose opening bracket lies before `from`; returns it and where it ends. */
function translateClass(pattern: string, from: number): [string, number] {
	let at = from;
	let out = '[';
	if (pattern[at] === '^') {
		out += '^';
		at++;
	}
	for (let first = true; ; first = false) {
		const char = pattern[at];
		if (char === undefined) throw invalid('missing terminating ] for character class');
		at++;
		if (char === ']' && !first) return [`${out}]`, at];
		const posix = char === '[' ? /^:(\^?)(\w+):\]/.exec(pattern.slice(at)) : null;
		if (posix) {
			const set = POSIX[posix[2] ?? ''];
			if (set === undefined || posix[1]) throw invalid(`unknown POSIX class name [${posix[0]}`);
			out += set;
			at += posix[0].length;
		} else if (char === '\\') {
			const escaped = pattern[at] ?? '\\';
			at++;
			out += escape(escaped, pattern.slice(at), true);
		} else if (char === '[' || char === ']') out += `\\${char}`;
		else out += char;
	}
}

/** A JavaScript regular expression for MongoDB's pattern and options (`i`, `m`, `s`, `x`, `u`). */
export function compileRegex(pattern: string, options: string, extra = ''): RegExp {
	const flags: Flags = { i: false, m: false, s: false, x: false };
	for (const option of options) {
		if (option in flags) flags[option as keyof Flags] = true;
		else if (option !== 'u') throw storeError(51108, `invalid flag in regex options: ${option}`);
	}
	if (pattern.includes('\0')) throw storeError(51109, 'Regular expression cannot contain an embedded null byte');
	const source = translate(pattern, flags);
	try {
		return new RegExp(source, `u${flags.i ? 'i' : ''}${extra}`);
	} catch (error) {
		throw invalid(error instanceof Error ? error.message : 'unknown reason');
	}
}

/** Matches strings by pattern, and the same regular expression stored as a value. */
export function regexTest(operand: Value): Test {
	const { pattern, options } = operand as BSONRegExp;
	const compiled = compileRegex(pattern, options);
	return (value) => {
		if (typeof value === 'string') return compiled.test(value);
		if (value instanceof BSONSymbol) return compiled.test(value.value);
		return value instanceof BSONRegExp && compareValues(value, operand) === 0;
	};
}
