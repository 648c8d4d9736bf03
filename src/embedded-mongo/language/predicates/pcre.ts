/**
 * Rewrites a PCRE2 pattern as a JavaScript one for the `u` flag; what JavaScript cannot express is refused.
 *
 * Possessive quantifiers and atomic groups become a lookahead that captures and a reference to what it captured; flags
 * that change inside a pattern are worked into the letters. So the groups of the result are not those of the pattern:
 * `captures` tells which is which.
 */
import { compileClass, escapedSet } from './pcre-class.ts';
import { invalid, readPoint, SYNTAX } from './pcre-escapes.ts';
import { caseVariants, showRanges } from './pcre-sets.ts';

export interface Flags {
	i: boolean;
	m: boolean;
	s: boolean;
	x: boolean;
}

export interface Translated {
	source: string;
	/** Whether the JavaScript pattern needs the `i` flag. */
	ignoreCase: boolean;
	/** For each group of the pattern its number in the translation. */
	captures: number[];
	/** The pattern may take very long on some texts. */
	risky: boolean;
}

/** From this many open-ended repetitions on, even without nesting, matching may take long. */
const MANY_REPETITIONS = 3;

interface Atom {
	source: string;
	/** JavaScript takes no quantifier after an assertion. */
	assertion?: boolean;
	/** Holds an open-ended repetition or alternatives. */
	branching?: boolean;
}

export function translate(pattern: string, options: Flags): Translated {
	const start = /^\(\*UTF8?\)/.exec(pattern)?.[0].length ?? 0;
	return parse(pattern, start, { ...options }, false) ?? (parse(pattern, start, { ...options }, true) as Translated);
}

/** With `spelled`, case is worked into the letters; without it, nothing is returned if that turns out to be needed. */
function parse(pattern: string, start: number, flags: Flags, spelled: boolean): Translated | undefined {
	let at = start;
	let groups = 0;
	let atomic = 0;
	let repetitions = 0;
	let risky = false;
	let mixed = false;
	const names = new Map<string, number>();
	const total = countGroups(pattern, names);

	const rest = (): string => pattern.slice(at);
	/** Takes what the expression matches here. */
	function take(expression: RegExp): RegExpExecArray | null {
		expression.lastIndex = at;
		const found = expression.exec(pattern);
		if (found) at += found[0].length;
		return found;
	}

	function literal(char: string, scope: Flags): string {
		const point = char.codePointAt(0) as number;
		if (spelled && scope.i) {
			const variants = caseVariants(point);
			if (variants.length > 1) return `[${showRanges(variants.map((each) => [each, each]))}]`;
		}
		return SYNTAX.test(char) ? `\\${char}` : char;
	}

	function reference(group: number, scope: Flags): Atom {
		if (group < 1 || group > total) throw invalid('reference to non-existent subpattern');
		if (spelled && scope.i) throw invalid('back references with changing case are not offered');
		return { source: `(?:\0u${group}\0)` };
	}

	function named(name: string, scope: Flags): Atom {
		const group = names.get(name);
		if (group === undefined) throw invalid('reference to non-existent subpattern');
		return reference(group, scope);
	}

	function escaped(scope: Flags): Atom {
		const set = escapedSet(pattern, at);
		if (set) {
			at = set.end;
			return { source: set.source };
		}
		const link = take(/k(?:<(\w+)>|\{(\w+)\}|'(\w+)')|g\{([A-Za-z_]\w*)\}/y);
		if (link) return named(link[1] ?? link[2] ?? link[3] ?? link[4] ?? '', scope);
		const numbered = take(/g\{?(-?\d+)\}?/y);
		if (numbered) {
			const group = Number(numbered[1]);
			return reference(group < 0 ? groups + 1 + group : group, scope);
		}
		const digits = /^[1-9]\d*/.exec(rest())?.[0];
		if (digits && (digits.length === 1 || Number(digits) <= total || /^[89]/.test(digits))) {
			at += digits.length;
			return reference(Number(digits), scope);
		}
		const point = escapedPoint();
		if (point !== undefined) return { source: literal(String.fromCodePoint(point), scope) };
		const char = String.fromCodePoint(pattern.codePointAt(at) ?? 0x5c);
		at += char.length;
		const assertion = { A: '(?<![\\s\\S])', z: '(?![\\s\\S])', Z: '(?=\\n?(?![\\s\\S]))', b: '\\b', B: '\\B' }[char];
		if (assertion) return { source: assertion, assertion: true };
		if (/[A-Za-z0-9]/.test(char)) throw invalid(`unrecognized character follows \\: ${char}`);
		return { source: literal(char, scope) };
	}

	function escapedPoint(): number | undefined {
		const found = readPoint(pattern, at);
		if (found) at = found.end;
		return found?.point;
	}

	function group(scope: Flags): Atom | undefined {
		if (take(/\?#[^)]*\)/y)) return undefined;
		if (take(/\*/y)) throw invalid('(*VERB) not recognized or malformed');
		const set = take(/\?([imsx]*)(?:-([imsx]*))?([:)])/y);
		if (set) {
			const inner = set[3] === ':' ? { ...scope } : scope;
			const before = scope.i;
			for (const letter of set[1] ?? '') inner[letter as keyof Flags] = true;
			for (const letter of set[2] ?? '') inner[letter as keyof Flags] = false;
			// Set at the very beginning it holds for all.
			if (inner.i !== before && at !== set[0].length + 1 + start) mixed = true;
			else if (inner.i !== before && set[3] === ':') mixed = true;
			else if (inner.i !== before) flags.i = inner.i;
			return set[3] === ':' ? close('(?:', inner) : undefined;
		}
		const look = take(/\?(?:[=!]|<[=!])/y);
		if (look) return { ...close(`(${look[0]}`, { ...scope }), assertion: true };
		if (take(/\?>/y)) return atomicGroup(close('(?:', { ...scope }));
		const back = take(/\?P=(\w+)\)/y);
		if (back) return named(back[1] ?? '', scope);
		const name = take(/\?P?<([A-Za-z_]\w*)>|\?'([A-Za-z_]\w*)'/y);
		if (!name && pattern[at] === '?') throw invalid(`unrecognized character after (? or (?-: ${rest().slice(1, 4)}`);
		return close(`\0(u${++groups}\0`, { ...scope });
	}

	function close(open: string, scope: Flags): Atom {
		const inner = alternatives(scope);
		if (pattern[at] !== ')') throw invalid('missing closing parenthesis');
		at++;
		return { ...inner, source: `${open}${inner.source})` };
	}

	function atomicGroup(inner: Atom): Atom {
		const id = ++atomic;
		return { source: `(?:(?=\0(a${id}\0${inner.source}))\0a${id}\0)` };
	}

	function atom(scope: Flags): Atom | undefined {
		const char = String.fromCodePoint(pattern.codePointAt(at) as number);
		at += char.length;
		switch (char) {
			case '\\': {
				const quoted = take(/Q([\s\S]*?)(?:\\E|$)/y);
				if (quoted) {
					const text = [...(quoted[1] ?? '')].map((each) => literal(each, scope)).join('');
					return text === '' ? undefined : { source: text };
				}
				if (take(/E/y)) return undefined;
				if (at >= pattern.length) throw invalid('\\ at end of pattern');
				return escaped(scope);
			}
			case '[': {
				const found = compileClass(pattern, at, spelled && scope.i);
				at = found.end;
				return { source: found.source };
			}
			case '(':
				return group(scope);
			case '.':
				return { source: scope.s ? '[\\s\\S]' : '[^\\n]' };
			case '^':
				return { source: scope.m ? '(?<=\\n|(?<![\\s\\S]))' : '(?<![\\s\\S])', assertion: true };
			case '$':
				return { source: scope.m ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))', assertion: true };
			case '*':
			case '+':
			case '?':
				throw invalid('quantifier does not follow a repeatable item');
			default:
				return { source: literal(char, scope) };
		}
	}

	function quantified(first: Atom): Atom {
		let made = first;
		for (;;) {
			const found = take(/([*+?]|\{\d+(?:,\d*)?\})([?+]?)/y);
			if (!found) return made;
			const [, quantifier = '', mode] = found;
			const [least, most] = /^\{(\d+)(?:,(\d*))?/.exec(quantifier)?.slice(1) ?? [];
			if (Number(least ?? 0) > 65535 || Number(most ?? 0) > 65535) throw invalid('number too big in {} quantifier');
			const open = quantifier === '*' || quantifier === '+' || most === '';
			if (open) {
				repetitions++;
				if (made.branching) risky = true;
			} else if (made.branching && Number(most ?? least) > 8) risky = true;
			const wrapped = made.assertion || made !== first ? `(?:${made.source})` : made.source;
			made = { source: `${wrapped}${quantifier}${mode === '?' ? '?' : ''}`, branching: open || made.branching };
			if (mode === '+') made = atomicGroup(made);
		}
	}

	function alternatives(scope: Flags): Atom {
		let source = '';
		let branching = false;
		while (at < pattern.length && pattern[at] !== ')') {
			if (pattern[at] === '|') {
				at++;
				source += '|';
				branching = true;
				continue;
			}
			if (scope.x && take(/\s|#[^\n]*(?:\n|$)/y)) continue;
			const next = atom(scope);
			if (!next) continue;
			if (scope.x) while (take(/\s|#[^\n]*(?:\n|$)/y));
			const full = quantified(next);
			branching ||= full.branching ?? false;
			source += full.source;
		}
		return { source, branching };
	}

	const whole = alternatives(flags);
	if (at < pattern.length) throw invalid('unmatched closing parenthesis');
	if (mixed && !spelled) return undefined;
	return {
		...number(whole.source, groups),
		ignoreCase: flags.i && !spelled,
		risky: risky || repetitions >= MANY_REPETITIONS
	};
}

/** Gives the groups their numbers, now that all are known. */
function number(source: string, groups: number): Pick<Translated, 'source' | 'captures'> {
	const numbers = new Map<string, number>();
	for (const [, name = ''] of source.matchAll(/\0\((\w+)\0/g)) numbers.set(name, numbers.size + 1);
	const numbered = source
		.replace(/\0\(\w+\0/g, '(')
		.replace(/\0(\w+)\0/g, (_, name: string) => `\\${numbers.get(name) ?? 0}`);
	return { source: numbered, captures: Array.from({ length: groups }, (_, i) => numbers.get(`u${i + 1}`) ?? 0) };
}

/** How many capturing groups there are, and what their names stand for. */
function countGroups(pattern: string, names: Map<string, number>): number {
	let count = 0;
	const tokens = /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]|\((?:\?P?<([A-Za-z_]\w*)>|\?'([A-Za-z_]\w*)'|(?!\?|\*))/g;
	for (const [token, first, second] of pattern.matchAll(tokens)) {
		if (!token.startsWith('(')) continue;
		count++;
		const name = first ?? second;
		if (name === undefined) continue;
		if (names.has(name)) throw invalid('two named subpatterns have the same name');
		names.set(name, count);
	}
	return count;
}
