/** Character classes and the escapes that stand for sets of characters. */
import { invalid, readPoint, SYNTAX } from './pcre-escapes.ts';
import { caseRanges, complement, HORIZONTAL, POSIX, showRanges, SPACE, VERTICAL } from './pcre-sets.ts';
import type { Range } from './pcre-sets.ts';

const SETS: Record<string, Range[]> = {
	s: SPACE,
	S: complement(SPACE),
	h: HORIZONTAL,
	H: complement(HORIZONTAL),
	v: VERTICAL,
	V: complement(VERTICAL)
};

interface Piece {
	source: string;
	end: number;
}

/** `\d`, `\s`, `\p{…}` and the like, as they stand in a class; `at` is after the backslash. */
function setInClass(pattern: string, at: number): Piece | undefined {
	const char = pattern[at] ?? '';
	if (/[dDwW]/.test(char)) return { source: `\\${char}`, end: at + 1 };
	const set = SETS[char];
	if (set) return { source: showRanges(set), end: at + 1 };
	if (char !== 'p' && char !== 'P') return undefined;
	const found = /^[pP](?:\{(\^?)([\w& ]+)\}|([A-Z]))/.exec(pattern.slice(at, at + 60));
	if (!found) throw invalid('malformed \\P or \\p sequence');
	const negated = (char === 'P') !== (found[1] === '^');
	return { source: property(found[2] ?? found[3] ?? '', negated), end: at + found[0].length };
}

function property(name: string, negated: boolean): string {
	const known = name === 'L&' ? 'LC' : name;
	for (const candidate of [known, `Script=${known}`]) {
		const source = `\\${negated ? 'P' : 'p'}{${candidate}}`;
		try {
			void new RegExp(source, 'u');
			return source;
		} catch {
			// Not a general category: perhaps a script.
		}
	}
	throw invalid('unknown property name after \\P or \\p');
}

/** The same outside a class, with those that have no meaning inside one. */
export function escapedSet(pattern: string, at: number): Piece | undefined {
	const char = pattern[at];
	if (char === 'R') return { source: `(?:\\r\\n|[${showRanges(VERTICAL)}])`, end: at + 1 };
	if (char === 'N') return { source: '[^\\n]', end: at + 1 };
	const found = setInClass(pattern, at);
	return found && { source: `[${found.source}]`, end: found.end };
}

/** Compiles a class whose opening bracket lies before `from`. */
export function compileClass(pattern: string, from: number, spelled: boolean): Piece {
	let at = from;
	let source = '[';
	if (pattern[at] === '^') {
		source += '^';
		at++;
	}
	/** A single character at `at`, or nothing if a set stands there. */
	function single(): number | undefined {
		if (pattern[at] !== '\\') {
			const point = pattern.codePointAt(at);
			if (point === undefined) throw invalid('missing terminating ] for character class');
			at += point > 0xffff ? 2 : 1;
			return point;
		}
		if (pattern[at + 1] === 'b') {
			at += 2;
			return 8;
		}
		const written = readPoint(pattern, at + 1);
		if (written) {
			at = written.end;
			return written.point;
		}
		const set = setInClass(pattern, at + 1);
		if (set) {
			source += set.source;
			at = set.end;
			return undefined;
		}
		const point = pattern.codePointAt(at + 1);
		if (point === undefined) throw invalid('\\ at end of pattern');
		const char = String.fromCodePoint(point);
		if (/[A-Za-z0-9]/.test(char)) throw invalid(`unrecognized character follows \\: ${char}`);
		at += 1 + char.length;
		return point;
	}
	for (let first = true; ; first = false) {
		if (pattern[at] === ']' && !first) return { source: `${source}]`, end: at + 1 };
		const posix = /^\[:(\^?)(\w+):\]/.exec(pattern.slice(at, at + 16));
		if (posix) {
			const set = POSIX[posix[2] ?? ''];
			if (!set) throw invalid('unknown POSIX class name');
			const ranges = posix[1] ? complement(set) : set;
			source += showRanges(spelled ? ranges.flatMap(caseRanges) : ranges);
			at += posix[0].length;
			continue;
		}
		const low = single();
		if (low === undefined) {
			// After a set a hyphen is a hyphen.
			if (pattern[at] === '-' && pattern[at + 1] !== ']') {
				source += '\\-';
				at++;
			}
			continue;
		}
		const isRange = pattern[at] === '-' && pattern[at + 1] !== ']' && pattern[at + 1] !== undefined;
		if (isRange && !/^-(?:\\[dDwWsShHvVpP]|\[:)/.test(pattern.slice(at, at + 3))) {
			at++;
			const high = single() as number;
			if (high < low) throw invalid('range out of order in character class');
			source += showRanges(spelled ? caseRanges([low, high]) : [[low, high]]);
		} else if (spelled) source += showRanges(caseRanges([low, low]));
		else {
			const char = String.fromCodePoint(low);
			source += char === '-' || SYNTAX.test(char) ? `\\${char}` : char;
		}
	}
}
