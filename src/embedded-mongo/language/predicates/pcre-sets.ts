/** Sets of characters as PCRE2 knows them, for character classes of JavaScript's `u` mode. */

export type Range = readonly [low: number, high: number];

const LAST = 0x10ffff;

/** `\s`, `\h` and `\v`: without PCRE's UCP option, white space is ASCII. */
export const SPACE: Range[] = [[0x09, 0x0d], [0x20, 0x20]];
export const HORIZONTAL: Range[] = [
	[0x09, 0x09],
	[0x20, 0x20],
	[0xa0, 0xa0],
	[0x1680, 0x1680],
	[0x180e, 0x180e],
	[0x2000, 0x200a],
	[0x202f, 0x202f],
	[0x205f, 0x205f],
	[0x3000, 0x3000]
];
export const VERTICAL: Range[] = [[0x0a, 0x0d], [0x85, 0x85], [0x2028, 0x2029]];

export const POSIX: Record<string, Range[]> = {
	alpha: [[0x41, 0x5a], [0x61, 0x7a]],
	digit: [[0x30, 0x39]],
	alnum: [[0x30, 0x39], [0x41, 0x5a], [0x61, 0x7a]],
	upper: [[0x41, 0x5a]],
	lower: [[0x61, 0x7a]],
	space: SPACE,
	blank: [[0x09, 0x09], [0x20, 0x20]],
	punct: [[0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]],
	xdigit: [[0x30, 0x39], [0x41, 0x46], [0x61, 0x66]],
	word: [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]],
	cntrl: [[0x00, 0x1f], [0x7f, 0x7f]],
	print: [[0x20, 0x7e]],
	graph: [[0x21, 0x7e]],
	ascii: [[0x00, 0x7f]]
};

/** What a set lacks; its ranges are in order. */
export function complement(ranges: readonly Range[]): Range[] {
	const rest: Range[] = [];
	let next = 0;
	for (const [low, high] of ranges) {
		if (low > next) rest.push([next, low - 1]);
		next = high + 1;
	}
	if (next <= LAST) rest.push([next, LAST]);
	return rest;
}

const code = (point: number): string => `\\u{${point.toString(16)}}`;

/** The inside of a class. */
export function showRanges(ranges: readonly Range[]): string {
	return ranges.map(([low, high]) => (low === high ? code(low) : `${code(low)}-${code(high)}`)).join('');
}

/** The code points that equal one but for case, itself among them. */
export function caseVariants(point: number): number[] {
	const char = String.fromCodePoint(point);
	const found = new Set([point]);
	for (const other of [char.toLowerCase(), char.toUpperCase()]) {
		const [only, ...more] = other;
		if (only !== undefined && more.length === 0) found.add(only.codePointAt(0) ?? point);
	}
	// The Kelvin sign and the long s fold to k and s.
	if (found.has(0x6b)) found.add(0x212a);
	if (found.has(0x73)) found.add(0x17f);
	return [...found];
}

/** A range with what equals its members but for case; long ones only where they touch ASCII letters. */
export function caseRanges([low, high]: Range): Range[] {
	const ranges: Range[] = [[low, high]];
	const add = (from: number, to: number): void => {
		for (let point = Math.max(low, from); point <= Math.min(high, to); point++) {
			for (const other of caseVariants(point)) if (other < low || other > high) ranges.push([other, other]);
		}
	};
	if (high - low < 0x500) add(low, high);
	else add(0x41, 0x7a);
	return ranges;
}
