/** Text to numbers as `$convert` reads it: what C's `strtod` takes for a double, digits alone for an integer. */
import { storeError } from '../errors.ts';

function refuse(text: string, reason: string): Error {
	return storeError(
		'ConversionFailure',
		`Failed to parse number '${text}' in $convert with no onError value: ${reason}`
	);
}

/** Only this one way of writing hexadecimal numbers is refused, as in MongoDB; `0X1f` and `-0x1f` pass for doubles. */
function refuseHex(text: string): void {
	if (!text.startsWith('0x')) return;
	throw storeError('ConversionFailure', `Illegal hexadecimal input in $convert with no onError value: ${text}`);
}

const HEX = /^([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?/i;
const DOUBLE = /^[+-]?(?:0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)(?:p[+-]?\d+)?|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)/i;
const SPECIAL = /^([+-]?)(inf|nan)/i;

function hexadecimal(text: string): number | undefined {
	const parts = HEX.exec(text);
	if (!parts) return undefined;
	const fraction = parts[3] ?? '';
	const mantissa = Number.parseInt(`${parts[2] ?? ''}${fraction}`, 16);
	return (parts[1] === '-' ? -mantissa : mantissa) * 2 ** (Number(parts[4] ?? 0) - 4 * fraction.length);
}

export function parseDouble(text: string): number {
	refuseHex(text);
	if (text === '') throw refuse(text, 'Empty string');
	if (/^\s/.test(text)) throw refuse(text, 'Leading whitespace');
	const consumed = DOUBLE.exec(text)?.[0];
	if (consumed === undefined) throw refuse(text, 'Did not consume any digits');
	if (consumed.length < text.length) throw refuse(text, 'Did not consume whole string.');
	const special = SPECIAL.exec(text);
	if (special) return special[2]?.toLowerCase() === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity;
	const number = hexadecimal(text) ?? Number(text);
	if (!Number.isFinite(number)) throw refuse(text, 'Out of range');
	return number;
}

/** A whole number within limits. */
export function parseInteger(text: string, least: bigint, most: bigint): bigint {
	refuseHex(text);
	if (!/^[+-]?\d+$/.test(text)) throw refuse(text, text === '' ? 'No digits' : 'Did not consume whole string.');
	if (text.length > 100) throw refuse(text, 'Overflow');
	const whole = BigInt(text);
	if (whole < least || whole > most) throw refuse(text, 'Overflow');
	return whole;
}
