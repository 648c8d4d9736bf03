/** CRC-32C (Castagnoli), the checksum an OP_MSG may carry; reflected polynomial 0x82f63b78. */
const TABLE = new Uint32Array(256);
for (let n = 0; n < 256; n++) {
	let c = n;
	for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
	TABLE[n] = c >>> 0;
}

export function crc32c(bytes: Uint8Array): number {
	let crc = 0xffffffff;
	for (let i = 0; i < bytes.length; i++) {
		crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number);
	}
	return (crc ^ 0xffffffff) >>> 0;
}
