import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	add,
	compare,
	divide,
	formatHalfUp,
	fromHundredths,
	mean,
	multiply,
	parseDecimal,
	ratio,
	subtract,
	toHundredths,
	toNumber,
	weightedSum,
	ZERO
} from '#lib/domain/judging/exact.ts';

const fraction = fc
	.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 10n ** 12n }))
	.map(([n, d]) => ratio(n, d));

describe('arithmetic', () => {
	it('keeps fractions in lowest terms with a positive denominator', () => {
		expect(ratio(6, -4)).toEqual({ n: -3n, d: 2n });
		expect(ratio(0, 7)).toEqual(ZERO);
		expect(() => ratio(1, 0)).toThrow(RangeError);
		expect(() => ratio(0.5)).toThrow(RangeError);
	});

	it('obeys the laws of a field', () => {
		fc.assert(
			fc.property(fraction, fraction, fraction, (a, b, c) => {
				expect(add(a, b)).toEqual(add(b, a));
				expect(multiply(a, add(b, c))).toEqual(add(multiply(a, b), multiply(a, c)));
				expect(subtract(add(a, b), b)).toEqual(a);
				if (b.n !== 0n) expect(multiply(divide(a, b), b)).toEqual(a);
				expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) + 0);
			})
		);
	});

	it('has a mean that does not depend on order and is exact', () => {
		expect(mean([ratio(85), ratio(86), ratio(86)])).toEqual(ratio(257, 3));
		expect(() => mean([])).toThrow(RangeError);
		fc.assert(
			fc.property(fc.array(fraction, { minLength: 1, maxLength: 12 }), (values) => {
				expect(mean([...values].reverse())).toEqual(mean(values));
				expect(multiply(mean(values), ratio(values.length))).toEqual(values.reduce(add, ZERO));
			})
		);
	});

	it('weights rounds exactly', () => {
		const terms = [
			{ weight: ratio(15, 100), value: fromHundredths(8133) },
			{ weight: ratio(25, 100), value: fromHundredths(9000) },
			{ weight: ratio(60, 100), value: ratio(257, 3) }
		];
		expect(weightedSum(terms)).toEqual(ratio(8133n * 15n + 9000n * 25n + 514000n, 10000n));
	});
});

describe('rounding', () => {
	it.each([
		['85.125', '85.13'],
		['85.1249999', '85.12'],
		['1.005', '1.01'],
		['0.005', '0.01'],
		['-0.004', '0.00'],
		['-0.005', '-0.01'],
		['99.995', '100.00'],
		['7', '7.00']
	])('%s prints as %s', (text, printed) => {
		expect(formatHalfUp(parseDecimal(text) ?? ZERO)).toBe(printed);
	});

	it('prints any number of decimals', () => {
		expect(formatHalfUp(ratio(2, 3), 0)).toBe('1');
		expect(formatHalfUp(ratio(2, 3), 5)).toBe('0.66667');
	});

	it('agrees with an integer reference', () => {
		fc.assert(
			fc.property(fraction, (value) => {
				const nonNegative = value.n < 0n ? { n: -value.n, d: value.d } : value;
				const reference = (nonNegative.n * 1000n) / nonNegative.d;
				const rounded = reference % 10n >= 5n ? reference / 10n + 1n : reference / 10n;
				expect(formatHalfUp(nonNegative)).toBe(
					`${rounded / 100n}.${(rounded % 100n).toString().padStart(2, '0')}`
				);
			})
		);
	});

	it('gives hundredths that parse back to what is printed', () => {
		fc.assert(
			fc.property(fc.integer({ min: -10_000_000, max: 10_000_000 }), fc.integer({ min: 1, max: 99 }), (n, d) => {
				const value = ratio(n, d);
				expect(parseDecimal(formatHalfUp(value))).toEqual(fromHundredths(toHundredths(value)));
			})
		);
	});
});

describe('text and floats', () => {
	it.each(['', '.', '-', 'abc', 'NaN', 'Infinity', '1,5', '0x10', '1 2', '1e9999', '１２'])('refuses %j', (text) => {
		expect(parseDecimal(text)).toBeNull();
	});

	it('reads what a float prints as the same float', () => {
		fc.assert(
			fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }), (x) => {
				const parsed = parseDecimal(String(x));
				expect(parsed).not.toBeNull();
				if (parsed && Math.abs(x) > 1e-6) expect(toNumber(parsed) / x).toBeCloseTo(1, 12);
			})
		);
	});
});
