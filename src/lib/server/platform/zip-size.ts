import { inflateRawSync } from 'node:zlib';

/** A file that is no readable zip archive, or unpacks to more than allowed. */
export class ZipRefused extends Error {}

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const localHeader = 0x04034b50;

/**
 * Unpacks every entry of a zip archive and throws the result away, so that a small file that unpacks to gigabytes is
 * refused before a library without such a limit opens it. What an archive says about its own sizes is not believed.
 * Layout: PKWARE APPNOTE 6.3.
 * @param limit most bytes all entries together may unpack to
 * @throws ZipRefused
 */
export const refuseLargeZip = (bytes: Uint8Array, limit: number): void => {
	const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	try {
		let left = limit;
		for (const { method, packed } of entriesOf(file)) {
			if (method === 0) left -= packed.length;
			else if (method === 8) left -= inflateRawSync(packed, { maxOutputLength: Math.max(1, left) }).length;
			else throw new ZipRefused('A zip entry is packed in an unknown way.');
			if (left < 0) throw new ZipRefused('The archive unpacks to too much.');
		}
	} catch (error) {
		throw error instanceof ZipRefused ? error : new ZipRefused('The archive is broken or unpacks to too much.');
	}
};

const entriesOf = function* (file: Buffer): Generator<{ method: number; packed: Buffer }> {
	let end = file.length - 22;
	const earliest = Math.max(0, end - 65_535);
	while (end >= earliest && file.readUInt32LE(end) !== endOfDirectory) end -= 1;
	if (end < earliest) throw new ZipRefused('This is no zip archive.');
	const count = file.readUInt16LE(end + 10);
	let at = file.readUInt32LE(end + 16);
	for (let entry = 0; entry < count; entry += 1) {
		if (file.readUInt32LE(at) !== directoryEntry) throw new ZipRefused('The directory of the archive is broken.');
		const method = file.readUInt16LE(at + 10);
		const size = file.readUInt32LE(at + 20);
		const local = file.readUInt32LE(at + 42);
		if (file.readUInt32LE(local) !== localHeader) throw new ZipRefused('An entry of the archive is broken.');
		const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
		if (start + size > file.length) throw new ZipRefused('The archive is cut off.');
		yield { method, packed: file.subarray(start, start + size) };
		at += 46 + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
	}
};
