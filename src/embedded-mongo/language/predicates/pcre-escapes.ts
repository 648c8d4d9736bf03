/** Characters written as escapes, and what the parts of the translation share. */
import { storeError } from '../errors.ts';

export const invalid = (reason: string) => storeError(51091, `Regular expression is invalid: ${reason}`);

/** What must be escaped to stand for itself. */
export const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;

const SIMPLE: Record<string, number> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };

/** A character written as an escape; `at` is after the backslash. */
export function readPoint(pattern: string, at: number): { point: number; end: number } | undefined {
	const here = pattern.slice(at, at + 12);
	const simple = SIMPLE[here[0] ?? ''];
	if (simple !== undefined) return { point: simple, end: at + 1 };
	const forms: [RegExp, number][] = [
		[/^x\{([0-9A-Fa-f]+)\}/, 16],
		[/^x([0-9A-Fa-f]{0,2})/, 16],
		[/^o\{([0-7]+)\}/, 8],
		[/^([0-7]{1,3})/, 8]
	];
	for (const [form, base] of forms) {
		const found = form.exec(here);
		if (!found) continue;
		const point = found[1] ? Number.parseInt(found[1], base) : 0;
		if (point > 0x10ffff) throw invalid('character code point value in \\x{} or \\o{} is too large');
		return { point, end: at + found[0].length };
	}
	const control = /^c([ -~])/.exec(here)?.[1];
	if (control !== undefined) return { point: control.toUpperCase().charCodeAt(0) ^ 0x40, end: at + 2 };
	return undefined;
}
