import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeFrom, codeLength, printedCode, readCode } from '#lib/domain/judging/jury-code.ts';

describe('codes of the public jury', () => {
	it('are read as people type them', () => {
		const code = codeFrom(randomBytes(64));
		expect(code).toHaveLength(codeLength);
		expect(readCode(printedCode(code).toLowerCase())).toBe(code);
		expect(readCode('ａｃｄｅ－３４６７')).toBe('ACDE3467');
	});

	it('favour no character', () => {
		const counts = new Map<string, number>();
		for (let n = 0; n < 4000; n += 1) for (const char of codeFrom(randomBytes(64))) counts.set(char, (counts.get(char) ?? 0) + 1);
		const mean = (4000 * codeLength) / 23;
		expect(counts.size).toBe(23);
		// Five standard deviations of a binomial count.
		for (const n of counts.values()) expect(Math.abs(n - mean)).toBeLessThan(5 * Math.sqrt(mean));
	});

	it('need enough randomness', () => {
		expect(() => codeFrom(new Uint8Array(7))).toThrow(RangeError);
	});
});
