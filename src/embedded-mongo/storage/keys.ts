/** How record and index ids are laid out as LMDB keys. */

/** Record ids are whole numbers below 2^53, written as eight bytes so that they sort. */
export function writeRecordId(target: Buffer, id: number, at: number): void {
	target.writeUInt32BE(Math.floor(id / 0x100000000), at);
	target.writeUInt32BE(id % 0x100000000, at + 4);
}

export function readRecordId(source: Buffer, at: number): number {
	return source.readUInt32BE(at) * 0x100000000 + source.readUInt32BE(at + 4);
}

export const RECORD_ID_BYTES = 8;
export const PREFIX_BYTES = 4;

export function documentKey(collection: number, record: number): Buffer {
	const key = Buffer.allocUnsafe(PREFIX_BYTES + RECORD_ID_BYTES);
	key.writeUInt32BE(collection, 0);
	writeRecordId(key, record, PREFIX_BYTES);
	return key;
}

/** The four bytes all keys of a collection or index begin with. */
export function prefix(id: number): Buffer {
	const key = Buffer.allocUnsafe(PREFIX_BYTES);
	key.writeUInt32BE(id, 0);
	return key;
}

export function recordIdBytes(record: number): Buffer {
	const bytes = Buffer.allocUnsafe(RECORD_ID_BYTES);
	writeRecordId(bytes, record, 0);
	return bytes;
}

/** The smallest key above every key that begins with these bytes. */
export function after(bytes: Buffer): Buffer {
	const next = Buffer.from(bytes);
	for (let i = next.length - 1; i >= 0; i--) {
		if (next[i] !== 0xff) {
			next[i] = (next[i] as number) + 1;
			return next.subarray(0, i + 1);
		}
	}
	return Buffer.concat([bytes, Buffer.alloc(16, 0xff)]);
}
