import { Decimal128 } from 'bson';

/** A finite decimal: ±coefficient × 10^exponent, the sign kept apart for -0. */
export type Finite = { negative: boolean; coefficient: bigint; exponent: number };
export type Decimal = Finite | 'NaN' | 'Infinity' | '-Infinity';

const MAX_COEFFICIENT = 10n ** 34n - 1n;
const MIN_EXPONENT = -6176;
const MAX_EXPONENT = 6111;
const LONGEST_NUMERAL = 10_000;
const FAR_EXPONENT = 20_000;
const POWERS: bigint[] = Array.from({ length: 80 }, (_, n) => 10n ** BigInt(n));

export function power10(n: number): bigint {
	return POWERS[n] ?? 10n ** BigInt(n);
}

/** Reads the 16 bytes of an IEEE 754-2008 decimal128 in its binary integer encoding. */
export function readDecimal(value: Decimal128): Decimal {
	const view = new DataView(value.bytes.buffer, value.bytes.byteOffset, 16);
	const high = view.getBigUint64(8, true);
	const negative = high >> 63n === 1n;
	const combination = (high >> 58n) & 31n;
	if (combination === 31n) return 'NaN';
	if (combination === 30n) return negative ? '-Infinity' : 'Infinity';
	// Coefficients written in the large form are above 10^34 and therefore count as zero.
	if (combination >> 3n === 3n) {
		return { negative, coefficient: 0n, exponent: Number((high >> 47n) & 0x3fffn) + MIN_EXPONENT };
	}
	const coefficient = ((high & 0x1ffffffffffffn) << 64n) | view.getBigUint64(0, true);
	return {
		negative,
		coefficient: coefficient > MAX_COEFFICIENT ? 0n : coefficient,
		exponent: Number((high >> 49n) & 0x3fffn) + MIN_EXPONENT
	};
}

function divideHalfEven(value: bigint, divisor: bigint): bigint {
	const quotient = value / divisor;
	const twice = (value % divisor) * 2n;
	return twice > divisor || (twice === divisor && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

/** Rounds to 34 digits, half to even, and packs; overflow gives infinity. */
export function writeDecimal(value: Decimal): Decimal128 {
	const bytes = new Uint8Array(16);
	const view = new DataView(bytes.buffer);
	if (typeof value === 'string') {
		view.setBigUint64(8, value === 'NaN' ? 0x7cn << 56n : value === 'Infinity' ? 0x78n << 56n : 0xf8n << 56n, true);
		return new Decimal128(bytes);
	}
	let { coefficient, exponent } = value;
	const excess = Math.max(digitCount(coefficient) - 34, MIN_EXPONENT - exponent, 0);
	if (excess > 0) {
		coefficient = divideHalfEven(coefficient, power10(excess));
		exponent += excess;
		if (coefficient > MAX_COEFFICIENT) {
			coefficient /= 10n;
			exponent += 1;
		}
	}
	if (coefficient === 0n) exponent = Math.min(exponent, MAX_EXPONENT);
	while (exponent > MAX_EXPONENT && coefficient * 10n <= MAX_COEFFICIENT) {
		coefficient *= 10n;
		exponent -= 1;
	}
	if (exponent > MAX_EXPONENT) return writeDecimal(value.negative ? '-Infinity' : 'Infinity');
	const sign = value.negative ? 1n << 63n : 0n;
	view.setBigUint64(0, coefficient & 0xffffffffffffffffn, true);
	view.setBigUint64(8, sign | (BigInt(exponent - MIN_EXPONENT) << 49n) | (coefficient >> 64n), true);
	return new Decimal128(bytes);
}

export function digitCount(coefficient: bigint): number {
	return coefficient === 0n ? 1 : coefficient.toString().length;
}

const NUMERAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Reads a decimal numeral; `null` if it is none. */
export function parseDecimal(text: string): Decimal | null {
	const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
	if (special) return special[2]?.toLowerCase() === 'nan' ? 'NaN' : special[1] === '-' ? '-Infinity' : 'Infinity';
	const parts = NUMERAL.exec(text);
	if (!parts) return null;
	const fraction = parts[3] ?? '';
	const digits = `${parts[2] ?? ''}${fraction}`;
	if (digits === '' || digits.length > LONGEST_NUMERAL) return null;
	const negative = parts[1] === '-';
	const exponent = Number(parts[4] ?? 0) - fraction.length;
	// Far outside the range of decimals only the direction matters, and computing with such exponents would take forever.
	if (exponent > FAR_EXPONENT && /[1-9]/.test(digits)) return negative ? '-Infinity' : 'Infinity';
	if (Math.abs(exponent) > FAR_EXPONENT)
		return { negative, coefficient: 0n, exponent: Math.sign(exponent) * FAR_EXPONENT };
	return { negative, coefficient: BigInt(digits), exponent };
}

export function decimalFromBigInt(value: bigint): Finite {
	return { negative: value < 0n, coefficient: value < 0n ? -value : value, exponent: 0 };
}

/** Doubles become decimals with 15 significant digits, as MongoDB converts them. */
export function decimalFromDouble(value: number): Decimal {
	if (Number.isNaN(value)) return 'NaN';
	if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
	if (value === 0) return { negative: Object.is(value, -0), coefficient: 0n, exponent: 0 };
	if (Number.isInteger(value) && Math.abs(value) < 1e15) return decimalFromBigInt(BigInt(value));
	return parseDecimal(value.toPrecision(15)) ?? 'NaN';
}

/** The exact value of a double, for comparison. */
export function exactFromDouble(value: number): Decimal {
	if (Number.isNaN(value)) return 'NaN';
	if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
	if (Number.isInteger(value)) return decimalFromBigInt(BigInt(value));
	const negative = value < 0;
	let mantissa = Math.abs(value);
	let halvings = 0;
	while (!Number.isInteger(mantissa)) {
		mantissa *= 2;
		halvings++;
	}
	// m / 2^h = m × 5^h / 10^h
	return { negative, coefficient: BigInt(mantissa) * 5n ** BigInt(halvings), exponent: -halvings };
}

export function decimalToDouble(value: Decimal): number {
	if (typeof value === 'string') return Number(value);
	return Number(`${value.negative ? '-' : ''}${value.coefficient}e${value.exponent}`);
}

function signed(value: Finite): bigint {
	return value.negative ? -value.coefficient : value.coefficient;
}

/** -1, 0 or 1; NaN is the smallest and equals itself. */
export function compareDecimals(a: Decimal, b: Decimal): number {
	if (typeof a === 'string' || typeof b === 'string') {
		const rank = (v: Decimal) => (typeof v !== 'string' ? 2 : v === 'NaN' ? 0 : v === 'Infinity' ? 3 : 1);
		return Math.sign(rank(a) - rank(b));
	}
	const x = signed(a);
	const y = signed(b);
	if (x === 0n || y === 0n || x < 0n !== y < 0n) return x < y ? -1 : x > y ? 1 : 0;
	// Magnitudes first: aligning 1E+6000 with 1E-6000 digit by digit would cost far too much.
	const magnitude = digitCount(a.coefficient) + a.exponent - digitCount(b.coefficient) - b.exponent;
	if (magnitude !== 0) return magnitude > 0 !== a.negative ? 1 : -1;
	const [p, q] = align(a, b);
	return p < q ? -1 : p > q ? 1 : 0;
}

function align(a: Finite, b: Finite): [bigint, bigint, number] {
	const exponent = Math.min(a.exponent, b.exponent);
	return [signed(a) * power10(a.exponent - exponent), signed(b) * power10(b.exponent - exponent), exponent];
}

export function negate(value: Decimal): Decimal {
	if (typeof value === 'string') return value === 'NaN' ? value : value === 'Infinity' ? '-Infinity' : 'Infinity';
	return { ...value, negative: !value.negative };
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
	if (typeof a === 'string' || typeof b === 'string') {
		if (a === 'NaN' || b === 'NaN') return 'NaN';
		if (typeof a === 'string' && typeof b === 'string') return a === b ? a : 'NaN';
		return typeof a === 'string' ? a : b;
	}
	// Beyond this gap the smaller operand cannot reach the 34 digits of the result.
	const gap = a.exponent + digitCount(a.coefficient) - b.exponent - digitCount(b.coefficient);
	if (gap > 72 && a.coefficient !== 0n) return a;
	if (gap < -72 && b.coefficient !== 0n) return b;
	if (a.coefficient === 0n && b.coefficient === 0n) {
		return { negative: a.negative && b.negative, coefficient: 0n, exponent: Math.min(a.exponent, b.exponent) };
	}
	if (Math.abs(a.exponent - b.exponent) > 200) return a.coefficient === 0n ? b : a;
	const [x, y, exponent] = align(a, b);
	const sum = x + y;
	return { negative: sum < 0n, coefficient: sum < 0n ? -sum : sum, exponent };
}

export function isZero(value: Decimal): boolean {
	return typeof value !== 'string' && value.coefficient === 0n;
}

function isNegative(value: Decimal): boolean {
	return typeof value === 'string' ? value === '-Infinity' : value.negative;
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
	if (a === 'NaN' || b === 'NaN') return 'NaN';
	const negative = isNegative(a) !== isNegative(b);
	if (typeof a === 'string' || typeof b === 'string') {
		return isZero(a) || isZero(b) ? 'NaN' : negative ? '-Infinity' : 'Infinity';
	}
	return { negative, coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent };
}

/** The quotient to 34 digits; the caller refuses division by zero. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal {
	if (a === 'NaN' || b === 'NaN' || (typeof a === 'string' && typeof b === 'string')) return 'NaN';
	const negative = isNegative(a) !== isNegative(b);
	if (typeof a === 'string') return negative ? '-Infinity' : 'Infinity';
	if (typeof b === 'string') return { negative, coefficient: 0n, exponent: MIN_EXPONENT };
	if (b.coefficient === 0n) return a.coefficient === 0n ? 'NaN' : negative ? '-Infinity' : 'Infinity';
	const shift = Math.max(0, 36 + digitCount(b.coefficient) - digitCount(a.coefficient));
	const scaled = a.coefficient * power10(shift);
	let coefficient = scaled / b.coefficient;
	let exponent = a.exponent - b.exponent - shift;
	if (scaled % b.coefficient !== 0n) {
		// A sticky digit keeps the later rounding honest.
		coefficient = coefficient * 10n + 1n;
		exponent -= 1;
	} else {
		const ideal = a.exponent - b.exponent;
		while (exponent < ideal && coefficient % 10n === 0n && coefficient !== 0n) {
			coefficient /= 10n;
			exponent += 1;
		}
		if (coefficient === 0n) exponent = ideal;
	}
	return { negative, coefficient, exponent };
}

/** The square root to 34 digits, shorter where it is exact; the caller refuses negative values. */
export function sqrtDecimal(value: Decimal): Decimal {
	if (typeof value === 'string') return value;
	// Halving rounds down, for odd negative exponents too.
	const ideal = value.exponent >> 1;
	if (value.coefficient === 0n) return { ...value, exponent: ideal };
	const shift = (value.exponent - 2 * ideal) + 2 * Math.max(0, 36 - (digitCount(value.coefficient) >> 1));
	const scaled = value.coefficient * power10(shift);
	let coefficient = integerRoot(scaled);
	let exponent = (value.exponent - shift) / 2;
	if (coefficient * coefficient !== scaled) {
		return { negative: false, coefficient: coefficient * 10n + 1n, exponent: exponent - 1 };
	}
	while (exponent < ideal && coefficient % 10n === 0n) {
		coefficient /= 10n;
		exponent += 1;
	}
	return { negative: false, coefficient, exponent };
}

/** The largest integer whose square is not above the value (Newton's iteration). */
function integerRoot(value: bigint): bigint {
	let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
	for (;;) {
		const next = (root + value / root) >> 1n;
		if (next >= root) return root;
		root = next;
	}
}

/** The whole number below or above, written with exponent 0; NaN where that takes more than 34 digits, as for infinity. */
export function wholeDecimal(value: Decimal, rounding: 'floor' | 'ceil'): Decimal {
	const rounded = roundDecimal(value, 0, rounding);
	if (typeof rounded === 'string') return 'NaN';
	if (rounded.exponent <= 0) return rounded;
	if (digitCount(rounded.coefficient) + rounded.exponent > 34 && rounded.coefficient !== 0n) return 'NaN';
	return { ...rounded, coefficient: rounded.coefficient * power10(rounded.exponent), exponent: 0 };
}

export type Rounding = 'trunc' | 'floor' | 'ceil' | 'half-even';

/** Rounds to `places` digits after the point (negative places round before it). */
export function roundDecimal(value: Decimal, places: number, rounding: Rounding): Decimal {
	if (typeof value === 'string' || -value.exponent <= places) return value;
	const divisor = power10(Math.min(-value.exponent - places, 6200));
	const quotient = value.coefficient / divisor;
	const rest = value.coefficient % divisor !== 0n;
	let coefficient = quotient;
	if (rounding === 'half-even') coefficient = divideHalfEven(value.coefficient, divisor);
	else if (rest && ((rounding === 'floor' && value.negative) || (rounding === 'ceil' && !value.negative))) {
		coefficient += 1n;
	}
	return { negative: value.negative, coefficient, exponent: -places };
}

/** The integer a decimal holds after dropping its fraction, or `null` for NaN and the infinities. */
export function decimalToBigInt(value: Decimal): bigint | null {
	const whole = roundDecimal(value, 0, 'trunc');
	if (typeof whole === 'string') return null;
	return signed(whole) * power10(whole.exponent);
}
