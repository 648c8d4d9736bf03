/**
 * Exact rational arithmetic on bigint, for scores that decide who is funded: a mean of thirds has no finite decimal, and
 * a float rounded twice can move a rank. Only the last step, printing, rounds.
 */

/** An exact fraction `n / d` in lowest terms with `d > 0`. */
export interface Ratio {
	readonly n: bigint;
	readonly d: bigint;
}

export const ZERO: Ratio = { n: 0n, d: 1n };

function gcd(a: bigint, b: bigint): bigint {
	let x = a < 0n ? -a : a;
	let y = b < 0n ? -b : b;
	while (y !== 0n) [x, y] = [y, x % y];
	return x;
}

/**
 * The fraction `n / d`, reduced.
 * @param n integer; a number must be a safe integer
 * @throws RangeError when `d` is 0 or a number is not a safe integer
 */
export function ratio(n: bigint | number, d: bigint | number = 1n): Ratio {
	const top = toBigInt(n);
	const bottom = toBigInt(d);
	if (bottom === 0n) throw new RangeError('division by zero');
	const divisor = gcd(top, bottom) * (bottom < 0n ? -1n : 1n);
	return { n: top / divisor, d: bottom / divisor };
}

function toBigInt(value: bigint | number): bigint {
	if (typeof value === 'bigint') return value;
	if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe integer: ${value}`);
	return BigInt(value);
}

/** Points from integer hundredths of a point: `fromHundredths(8550)` is 85.5. */
export function fromHundredths(hundredths: number): Ratio {
	return ratio(hundredths, 100n);
}

export function add(a: Ratio, b: Ratio): Ratio {
	return ratio(a.n * b.d + b.n * a.d, a.d * b.d);
}

export function subtract(a: Ratio, b: Ratio): Ratio {
	return ratio(a.n * b.d - b.n * a.d, a.d * b.d);
}

export function multiply(a: Ratio, b: Ratio): Ratio {
	return ratio(a.n * b.n, a.d * b.d);
}

/** @throws RangeError when `b` is zero */
export function divide(a: Ratio, b: Ratio): Ratio {
	return ratio(a.n * b.d, a.d * b.n);
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
export function compare(a: Ratio, b: Ratio): number {
	const difference = a.n * b.d - b.n * a.d;
	return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function minimum(a: Ratio, b: Ratio): Ratio {
	return compare(a, b) <= 0 ? a : b;
}

export function sum(values: readonly Ratio[]): Ratio {
	return values.reduce(add, ZERO);
}

/** @throws RangeError for an empty list: it has no mean */
export function mean(values: readonly Ratio[]): Ratio {
	return divide(sum(values), ratio(values.length));
}

/** Σ weight × value. */
export function weightedSum(terms: readonly { weight: Ratio; value: Ratio }[]): Ratio {
	return sum(terms.map((term) => multiply(term.weight, term.value)));
}

/** Integer nearest to `n / d`; a half goes away from zero, as schools and accountants round (85.125 → 85.13). */
function roundHalfUp(n: bigint, d: bigint): bigint {
	const magnitude = ((n < 0n ? -n : n) * 2n + d) / (2n * d);
	return n < 0n ? -magnitude : magnitude;
}

/** Decimal text with exactly `digits` decimals, a half rounded up (away from zero): `formatHalfUp(ratio(2, 3))` is `0.67`. */
export function formatHalfUp(value: Ratio, digits = 2): string {
	const scaled = roundHalfUp(value.n * 10n ** BigInt(digits), value.d);
	const text = (scaled < 0n ? -scaled : scaled).toString().padStart(digits + 1, '0');
	const cut = text.length - digits;
	return (scaled < 0n ? '-' : '') + text.slice(0, cut) + (digits > 0 ? `.${text.slice(cut)}` : '');
}

/**
 * Integer hundredths, a half rounded up (away from zero).
 * @throws RangeError when the result is not a safe integer
 */
export function toHundredths(value: Ratio): number {
	const hundredths = Number(roundHalfUp(value.n * 100n, value.d));
	if (!Number.isSafeInteger(hundredths)) throw new RangeError('score out of range');
	return hundredths;
}

/** Nearest float, for charts and JSON only; never compare or add these. */
export function toNumber(value: Ratio): number {
	const n = Number(value.n);
	const d = Number(value.d);
	if (Number.isSafeInteger(n) && Number.isSafeInteger(d)) return n / d;
	const whole = value.n / value.d;
	const rest = value.n % value.d;
	// 18 further decimals are more than a float keeps beside any whole part.
	return Number(whole) + Number((rest * 10n ** 18n) / value.d) / 1e18;
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** The exact value of decimal text such as `85`, `85.5`, `.5` or `1e-3`; null when it is no finite decimal number. */
export function parseDecimal(text: string): Ratio | null {
	const match = DECIMAL.exec(text.trim());
	if (!match) return null;
	const [, sign, whole = '', decimals = '', exponent = '0'] = match;
	if (whole === '' && decimals === '') return null;
	const digits = BigInt(whole + decimals) * (sign === '-' ? -1n : 1n);
	const power = Number(exponent) - decimals.length;
	return power >= 0 ? ratio(digits * 10n ** BigInt(power)) : ratio(digits, 10n ** BigInt(-power));
}
