/**
 * What a process that keeps answers made from this store's data needs to know of its counters of change: where each
 * stands, and how to read them. `change-counters.ts` raises them.
 */
import { openSync, readSync } from 'node:fs';

/** How many counters of change there are; the file has four bytes for each. */
export const changePlaces = 4096;
export const changeFileBytes = changePlaces * 4;

/**
 * The place of a collection's counter, or of one value of one of its fields: FNV-1a of the names, 32 bits
 * (Fowler, Noll, Vo: http://www.isthe.com/chongo/tech/comp/fnv/), folded to 1 … `changePlaces` − 1.
 */
export function placeOf(namespace: string, field = '', value = ''): number {
	let hash = 0x811c9dc5;
	for (const text of [namespace, field, value]) {
		for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
		hash = Math.imul(hash ^ 0, 0x01000193);
	}
	return 1 + ((hash >>> 0) % (changePlaces - 1));
}

/** The counters as another process sees them. */
export interface ChangeReader {
	/** By place, as they were at the last look. */
	counters: Uint32Array;
	look(): void;
}

export function readChangeCounters(file: string): ChangeReader {
	const handle = openSync(file, 'r');
	const counters = new Uint32Array(changePlaces);
	const bytes = new Uint8Array(counters.buffer);
	const look = (): void => void readSync(handle, bytes, 0, changeFileBytes, 0);
	look();
	return { counters, look };
}
