import sharp from 'sharp';

/** Longest side kept, pixels. */
const maxSide = 2400;
/** Refuses decompression bombs: pixels of the picture as sent. */
const maxPixels = 50_000_000;

/**
 * Encodes a picture anew: upright, at most 2400 px a side, without EXIF. Null when it cannot be decoded or is
 * larger than 50 megapixels.
 */
export const reencodeImage = async (
	bytes: Uint8Array
): Promise<{ bytes: Uint8Array; type: 'image/jpeg' | 'image/png' } | null> => {
	try {
		const image = sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error' }).rotate();
		const { format, hasAlpha } = await image.metadata();
		const small = image.resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true });
		if (format === 'png' && hasAlpha) return { bytes: await small.png().toBuffer(), type: 'image/png' };
		return { bytes: await small.jpeg({ quality: 82, mozjpeg: true }).toBuffer(), type: 'image/jpeg' };
	} catch {
		return null;
	}
};
