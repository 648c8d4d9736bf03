import { BSONRegExp, int32, typeName } from '../../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../../bson/values.ts';
import { storeError } from '../../errors.ts';
import { capturesOf, compileRegex } from '../../predicates/regex.ts';
import { compileNamed, isNullish } from '../arguments.ts';
import type { Operator, OperatorTable } from '../env.ts';

type Use = (text: string, pattern: RegExp) => Value;

function patternOperator(use: Use, absent: () => Value): Operator {
	return (operand, env, name) => {
		const { input, regex, options } = compileNamed(operand, env, name, ['input', 'regex'], ['options']);
		let last: { key: string; compiled: RegExp } | undefined;
		const compiled = (pattern: string, flags: string) => {
			const key = `${flags}/${pattern}`;
			if (last?.key !== key) last = { key, compiled: compileRegex(pattern, flags, 'g') };
			last.compiled.lastIndex = 0;
			return last.compiled;
		};
		return (root) => {
			const text = input(root);
			const pattern = regex(root);
			const flags = options?.(root);
			if (!isNullish(text) && typeof text !== 'string')
				throw storeError(51104, `${name} needs 'input' to be of type string`);
			const [source, given] = patternParts(pattern, flags, name);
			if (isNullish(text) || source === null) return absent();
			return use(text, compiled(source, given));
		};
	};
}

function patternParts(pattern: Maybe, flags: Maybe, name: string): [string | null, string] {
	if (!isNullish(flags) && typeof flags !== 'string')
		throw storeError(51106, `${name} needs 'options' to be of type string`);
	if (isNullish(pattern)) return [null, ''];
	if (typeof pattern === 'string') return [pattern, flags ?? ''];
	if (!(pattern instanceof BSONRegExp)) {
		throw storeError(51105, `${name} needs 'regex' to be of type string or regex, not ${typeName(pattern)}`);
	}
	if (flags && pattern.options)
		throw storeError(51107, `${name} found regex option(s) specified in both 'regex' and 'option' fields`);
	return [pattern.pattern, flags || pattern.options];
}

function found(match: RegExpExecArray, pattern: RegExp): Doc {
	const index = [...match.input.slice(0, match.index)].length;
	const captures = capturesOf(pattern, match).map((capture) => capture ?? null);
	return new Map<string, Value>([
		['match', match[0]],
		['idx', int32(index)],
		['captures', captures]
	]);
}

export const PATTERNS: OperatorTable = {
	$regexMatch: patternOperator(
		(text, pattern) => pattern.test(text),
		() => false
	),
	$regexFind: patternOperator(
		(text, pattern) => {
			const match = pattern.exec(text);
			return match ? found(match, pattern) : null;
		},
		() => null
	),
	$regexFindAll: patternOperator(
		(text, pattern) => Array.from(text.matchAll(pattern), (match) => found(match, pattern)),
		() => []
	)
};
