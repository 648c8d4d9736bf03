/** Regular expressions: PCRE patterns on JavaScript's engine, stopped when they take too long. */
import { createContext, Script } from 'node:vm';
import { BSONRegExp, BSONSymbol } from '../../bson/values.ts';
import type { Value } from '../../bson/values.ts';
import { compareValues } from '../compare.ts';
import { storeError } from '../errors.ts';
import type { Test } from '../paths.ts';
import { translate } from './pcre.ts';
import type { Flags } from './pcre.ts';
import { invalid } from './pcre-escapes.ts';

/** Matching one text may take this long, where PCRE has a limit of steps. */
const MATCH_MS = 250;
/** On texts of so few characters nothing takes long. */
const SHORT = 20;

const box = createContext({ run: () => undefined as unknown });
const RUN = new Script('run()');

/** A pattern that may run away on some text. */
class GuardedRegExp extends RegExp {
	override exec(text: string): RegExpExecArray | null {
		if (text.length <= SHORT) return super.exec(text);
		box['run'] = () => super.exec(text);
		try {
			return RUN.runInContext(box, { timeout: MATCH_MS }) as RegExpExecArray | null;
		} catch (error) {
			// It comes from another realm, whose Error is not ours.
			if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
			throw storeError(51156, 'Error occurred while executing the regular expression: match limit exceeded');
		}
	}
}

const captures = new WeakMap<RegExp, number[]>();

/** What the groups of the pattern captured, in their order. */
export function capturesOf(regex: RegExp, match: RegExpExecArray): (string | undefined)[] {
	return (captures.get(regex) ?? []).map((group) => match[group]);
}

/** A JavaScript regular expression for MongoDB's pattern and options (`i`, `m`, `s`, `x`, `u`). */
export function compileRegex(pattern: string, options: string, extra = ''): RegExp {
	const flags: Flags = { i: false, m: false, s: false, x: false };
	for (const option of options) {
		if (option in flags) flags[option as keyof Flags] = true;
		else if (option !== 'u') throw storeError(51108, `invalid flag in regex options: ${option}`);
	}
	if (pattern.includes('\0')) throw storeError(51109, 'Regular expression cannot contain an embedded null byte');
	const translated = translate(pattern, flags);
	const jsFlags = `u${translated.ignoreCase ? 'i' : ''}${extra}`;
	try {
		const made = translated.risky
			? new GuardedRegExp(translated.source, jsFlags)
			: new RegExp(translated.source, jsFlags);
		captures.set(made, translated.captures);
		return made;
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
