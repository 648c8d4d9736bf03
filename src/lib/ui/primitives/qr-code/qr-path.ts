import { encode } from 'uqr';

/** A QR code ready to draw: `size` modules a side (quiet zone included) and one path of unit squares. */
export type QrPath = { size: number; path: string };

/**
 * Draws the QR code of a text. Call it in a load function: the encoder then stays on the server and the page only
 * carries the path.
 * @param text - usually an absolute address
 */
export function qrPath(text: string): QrPath {
	const code = encode(text, { border: 2, ecc: 'M' });
	let path = '';
	code.data.forEach((row, y) => {
		let x = 0;
		while (x < row.length) {
			const start = x;
			while (x < row.length && row[x]) x += 1;
			if (x > start) path += `M${start} ${y}h${x - start}v1h-${x - start}z`;
			else x += 1;
		}
	});
	return { size: code.size, path };
}
