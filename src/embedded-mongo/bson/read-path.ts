import { Reader } from './decode.ts';
import { T } from './values.ts';
import type { Maybe } from './values.ts';

/** What `readPath` gives when an array lies on the way and the path may therefore lead to several values. */
export const MANY: unique symbol = Symbol('several values');

/** A dotted path prepared for `readPath`. */
export type RawPath = readonly Buffer[];

export function rawPath(path: string): RawPath {
	return path.split('.').map((part) => Buffer.from(part, 'utf8'));
}

/**
 * Reads the value at a path from BSON bytes without decoding the rest of the document.
 * Gives `undefined` where the path leads nowhere, `MANY` if an array lies before its last part.
 * An array at the end of the path is returned whole.
 */
export function readPath(bytes: Uint8Array, path: string | RawPath, offset = 0): Maybe | typeof MANY {
	const parts = typeof path === 'string' ? rawPath(path) : path;
	const reader = new Reader(bytes, offset);
	let limit = bytes.length;
	for (let depth = 0; ; depth++) {
		const part = parts[depth];
		if (part === undefined) return undefined;
		const end = reader.open(limit);
		const type = seek(reader, part, end);
		if (type === 0) return undefined;
		if (depth === parts.length - 1) return reader.value(type, end);
		if (type === T.array) return MANY;
		if (type !== T.object) return undefined;
		limit = end - 1;
	}
}

/** Moves to the value of the named element and returns its type, or 0 if there is none. */
function seek(reader: Reader, name: Buffer, end: number): number {
	const bytes = reader.bytes;
	for (;;) {
		const type = bytes[reader.position++] ?? 0;
		if (type === 0) return 0;
		const at = reader.position;
		let same = 0;
		while (same < name.length && bytes[at + same] === name[same]) same++;
		if (same === name.length && bytes[at + same] === 0) {
			reader.position = at + same + 1;
			return type;
		}
		reader.skipCString(end);
		reader.skip(type, end);
	}
}
