import { BSONSymbol, dateFromMillis, dateMillis, FarDate, int32, Timestamp, typeName } from '../../../bson/values.ts';
import type { Maybe, Value } from '../../../bson/values.ts';
import { compareStrings } from '../../compare.ts';
import { storeError } from '../../errors.ts';
import { isNumeric, toDouble } from '../../numbers.ts';
import { show } from '../../show.ts';
import { numberText } from '../../number-text.ts';
import { binary, compileNamed, isNullish, requireInteger, requireString, unary, variadic } from '../arguments.ts';
import type { Operator, OperatorTable } from '../env.ts';

/** What string operators accept for a string: numbers and dates are written out, null is empty. */
export function coerceString(value: Maybe, code = 16007): string {
	if (typeof value === 'string') return value;
	if (isNullish(value)) return '';
	if (isNumeric(value)) return numberText(value);
	if (value instanceof BSONSymbol) return value.value;
	if (value instanceof Date) return value.toISOString();
	if (value instanceof FarDate) return String(dateMillis(value));
	if (value instanceof Timestamp) return (dateFromMillis(BigInt(value.t) * 1000n) as Date).toISOString();
	throw storeError(code, `can't convert from BSON type ${typeName(value)} to String`);
}

const utf8 = (text: string) => Buffer.from(text, 'utf8');

function substringBytes(values: Maybe[], _env: unknown, name: string): Value {
	const [text, first, count] = values;
	const bytes = utf8(coerceString(text));
	if (!isNumeric(first))
		throw storeError(16034, `${name}: starting index must be a numeric type (is BSON type ${typeName(first)})`);
	if (!isNumeric(count))
		throw storeError(16035, `${name}: length must be a numeric type (is BSON type ${typeName(count)})`);
	const start = Math.trunc(toDouble(first));
	const length = Math.trunc(toDouble(count));
	if (start < 0) throw storeError(50752, `${name}: starting index must be non-negative (got: ${start})`);
	if (start >= bytes.length) return '';
	const end = length < 0 ? bytes.length : Math.min(bytes.length, start + length);
	const continues = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;
	if (continues(bytes[start]))
		throw storeError(28656, `${name}: Invalid range, starting index is a UTF-8 continuation byte.`);
	if (continues(bytes[end]))
		throw storeError(28657, `${name}: Invalid range, ending index is in the middle of a UTF-8 character.`);
	return bytes.toString('utf8', start, end);
}

/** `$indexOfBytes` and `$indexOfCP`, over bytes or code points. */
function indexOf(units: (text: string) => ArrayLike<unknown>): Operator {
	return variadic(
		(values, _env, name) => {
			const [text, wanted, from, to] = values;
			if (isNullish(text)) return null;
			const haystack = units(
				requireString(text, name === '$indexOfCP' ? 40093 : 40091, `${name} requires a string as the first argument, found:`)
			);
			const needle = units(
				requireString(wanted, name === '$indexOfCP' ? 40094 : 40092, `${name} requires a string as the second argument, found:`)
			);
			const bound = (value: Maybe, fallback: number) => {
				if (value === undefined) return fallback;
				const index = requireInteger(value, 40096, `${name} index`);
				if (index < 0) throw storeError(40097, `${name} requires a nonnegative starting index, found: ${index}`);
				return index;
			};
			const start = bound(from, 0);
			const end = Math.min(bound(to, haystack.length), haystack.length);
			for (let at = start; at + needle.length <= end; at++) {
				let same = 0;
				while (same < needle.length && haystack[at + same] === needle[same]) same++;
				if (same === needle.length) return int32(at);
			}
			return int32(-1);
		},
		2,
		4
	);
}

const WHITESPACE = '\0 \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a';

function requireText(value: Maybe, code: number, refusal: string): string {
	if (typeof value !== 'string') throw storeError(code, refusal);
	return value;
}

const instead = (value: Maybe) => `${show(value)} (of type ${typeName(value)}) instead.`;

function trim(left: boolean, right: boolean): Operator {
	return (operand, env, name) => {
		const { input, chars } = compileNamed(operand, env, name, ['input'], ['chars']);
		return (root) => {
			const text = input(root);
			if (isNullish(text)) return null;
			const letters = [...requireText(text, 50699, `${name} requires its input to be a string, got ${instead(text)}`)];
			const given = chars ? chars(root) : WHITESPACE;
			if (isNullish(given)) return null;
			const unwanted = new Set(requireText(given, 50700, `${name} requires 'chars' to be a string, got ${instead(given)}`));
			let start = 0;
			let end = letters.length;
			while (left && start < end && unwanted.has(letters[start] as string)) start++;
			while (right && end > start && unwanted.has(letters[end - 1] as string)) end--;
			return letters.slice(start, end).join('');
		};
	};
}

function replace(all: boolean): Operator {
	return (operand, env, name) => {
		const { input, find, replacement } = compileNamed(operand, env, name, ['input', 'find', 'replacement']);
		return (root) => {
			const values: [Maybe, number, string][] = [
				[input(root), 51746, 'input'],
				[find(root), 51745, 'find'],
				[replacement(root), 51744, 'replacement']
			];
			const [text, from, to] = values.map(([value, code, what]) =>
				isNullish(value) ? null : requireText(value, code, `${name} requires that '${what}' be a string, found: ${show(value)}`)
			) as [string | null, string | null, string | null];
			if (text === null || from === null || to === null) return null;
			return all ? text.replaceAll(from, () => to) : text.replace(from, () => to);
		};
	};
}

/** Only ASCII letters change case, as in MongoDB. */
function caseOf(from: RegExp, change: (letter: string) => string): Operator {
	return unary((value) => coerceString(value).replace(from, change));
}

export const STRINGS: OperatorTable = {
	$concat: variadic((values) => {
		let joined = '';
		for (const value of values) {
			if (isNullish(value)) return null;
			if (typeof value !== 'string') throw storeError(16702, `$concat only supports strings, not ${typeName(value)}`);
			joined += value;
		}
		return joined;
	}),
	$toLower: caseOf(/[A-Z]+/g, (letters) => letters.toLowerCase()),
	$toUpper: caseOf(/[a-z]+/g, (letters) => letters.toUpperCase()),
	$strcasecmp: binary((a, b) => {
		const upper = (value: Maybe) => coerceString(value).replace(/[a-z]+/g, (letters) => letters.toUpperCase());
		return int32(compareStrings(upper(a), upper(b)));
	}),
	$substr: variadic(substringBytes, 3, 3),
	$substrBytes: variadic(substringBytes, 3, 3),
	$substrCP: variadic(
		(values) => {
			const [text, first, count] = values;
			const letters = [...coerceString(text)];
			if (!isNumeric(first))
				throw storeError(34450, `$substrCP: starting index must be a numeric type (is BSON type ${typeName(first)})`);
			if (!isNumeric(count))
				throw storeError(34452, `$substrCP: length must be a numeric type (is BSON type ${typeName(count)})`);
			const start = requireInteger(first, 34451, '$substrCP: starting index');
			const length = requireInteger(count, 34453, '$substrCP: length');
			if (start < 0) throw storeError(34455, `$substrCP: the starting index must be nonnegative integer.`);
			if (length < 0) throw storeError(34454, '$substrCP: length must be a nonnegative integer.');
			return letters.slice(start, start + length).join('');
		},
		3,
		3
	),
	$strLenBytes: unary((value) =>
		int32(utf8(requireString(value, 34473, '$strLenBytes requires a string argument, found:')).length)
	),
	$strLenCP: unary((value) =>
		int32([...requireString(value, 34471, '$strLenCP requires a string argument, found:')].length)
	),
	$split: binary((text, separator) => {
		if (isNullish(text) || isNullish(separator)) return null;
		const needs = '$split requires an expression that evaluates to a string as a';
		const input = requireString(text, 40085, `${needs} first argument, found:`);
		const by = requireString(separator, 40086, `${needs} second argument, found:`);
		if (by === '') throw storeError(40087, '$split requires a non-empty separator');
		return input.split(by);
	}),
	$indexOfBytes: indexOf(utf8),
	$indexOfCP: indexOf((text) => [...text]),
	$trim: trim(true, true),
	$ltrim: trim(true, false),
	$rtrim: trim(false, true),
	$replaceOne: replace(false),
	$replaceAll: replace(true)
};
