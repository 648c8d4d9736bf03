/** Letters and digits nobody mistakes for another: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V. */
const alphabet = '34679ACDEFGHJKMNPQRTWXY';

/** Characters of a code: 23⁸ ≈ 8 × 10¹⁰ of them, against a few hundred that are out. */
export const codeLength = 8;

/**
 * A one-time code from random bytes; bytes that would favour a character are passed over.
 * @param bytes at least four times as many as the code is long
 * @throws RangeError when the bytes do not suffice
 */
export const codeFrom = (bytes: Uint8Array): string => {
	const limit = 256 - (256 % alphabet.length);
	let code = '';
	for (const byte of bytes) {
		if (byte < limit) code += alphabet[byte % alphabet.length] ?? '';
		if (code.length === codeLength) return code;
	}
	throw new RangeError('not enough random bytes for a code');
};

/** A code as typed on a phone: any case, full-width characters, spaces and dashes between. */
export const readCode = (typed: string): string => typed.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();

/** As printed: in two groups of four. */
export const printedCode = (code: string): string => `${code.slice(0, 4)} ${code.slice(4)}`;
