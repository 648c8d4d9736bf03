import { readSync, writeSync } from 'node:fs';

/**
 * Which version of a document the application's processes on one machine wrote last: a hint for whoever remembers an
 * earlier one, so that he need not write on its ground to learn that it is no longer true.
 */
export type Latest = {
	/** Notes that this version has been written. `id`: 24 hexadecimal digits. */
	note: (id: string, version: number) => void;
	/** Whether another version than this is known to have been written last. False where nothing is known. */
	isOutdated: (id: string, version: number) => boolean;
};

const places = 1 << 16;

/** The part of the file it takes. */
export const latestBytes = places * 4;

/** From an ObjectId's last eight digits: a byte of chance of the process that made it, and that process's counter. */
const hashOf = (id: string): number => Math.imul(parseInt(id.slice(-8), 16), 0x9e3779b1) >>> 0;

/**
 * Documents share places by a hash (Fibonacci hashing: Knuth, The Art of Computer Programming 3, 6.4). A place holds the
 * other half of the hash of the one written last, and the low half of its version: who finds another document there, or
 * none, knows nothing.
 */
export const openLatest = (handle: number, offset: number): Latest => {
	const word = new Uint32Array(1);
	const bytes = new Uint8Array(word.buffer);
	const entryOf = (hash: number, version: number): number => (((hash & 0xffff) << 16) | (version & 0xffff)) >>> 0;
	const placeOf = (hash: number): number => offset + (hash >>> 16) * 4;
	return {
		note: (id, version) => {
			const hash = hashOf(id);
			word[0] = entryOf(hash, version);
			writeSync(handle, bytes, 0, 4, placeOf(hash));
		},
		isOutdated: (id, version) => {
			const hash = hashOf(id);
			readSync(handle, bytes, 0, 4, placeOf(hash));
			const [entry = 0] = word;
			return entry >>> 16 === (hash & 0xffff) && entry !== entryOf(hash, version);
		}
	};
};
