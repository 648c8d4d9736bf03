/** Works on the top-level fields of documents without decoding them. */
import { Reader } from './decode.ts';
import { encode } from './encode.ts';
import type { Doc } from './values.ts';

/** A document with only these top-level fields, in the order they have in the given one. */
export function pickFields(bytes: Uint8Array, names: ReadonlySet<string>): Buffer {
	const reader = new Reader(bytes, 0);
	const end = reader.open(bytes.length);
	const source = reader.bytes;
	const ranges: number[] = [];
	let total = 5;
	let missing = names.size;
	while (missing > 0) {
		const start = reader.position;
		const type = source[reader.position++] ?? 0;
		if (type === 0) break;
		const kept = names.has(reader.cstring(end));
		reader.skip(type, end);
		if (!kept) continue;
		missing--;
		total += reader.position - start;
		// Neighbours are copied together.
		if (ranges.at(-1) === start) ranges[ranges.length - 1] = reader.position;
		else ranges.push(start, reader.position);
	}
	const made = Buffer.allocUnsafe(total);
	made.writeInt32LE(total, 0);
	let at = 4;
	for (let i = 0; i < ranges.length; i += 2) at += source.copy(made, at, ranges[i] as number, ranges[i + 1] as number);
	made[at] = 0;
	return made;
}

/** Names of the top-level fields whose bytes differ between two documents, or that only one of them has. */
export function changedFields(before: Uint8Array, after: Uint8Array): Set<string> {
	const changed = new Set<string>();
	const old = new Reader(before, 0);
	const oldEnd = old.open(before.length);
	const fresh = new Reader(after, 0);
	const freshEnd = fresh.open(after.length);
	/** Fields met in one document and not yet in the other: where their bytes are. */
	const waiting = new Map<string, [Buffer, number, number]>();
	const meet = (reader: Reader, end: number): boolean => {
		const start = reader.position;
		const type = reader.bytes[start] ?? 0;
		if (type === 0) return false;
		reader.position++;
		const name = reader.cstring(end);
		reader.skip(type, end);
		const other = waiting.get(name);
		if (!other) waiting.set(name, [reader.bytes, start, reader.position]);
		else {
			waiting.delete(name);
			const [bytes, from, to] = other;
			if (reader.bytes.compare(bytes, from, to, start, reader.position) !== 0) changed.add(name);
		}
		return true;
	};
	for (;;) {
		const more = meet(old, oldEnd);
		if (!meet(fresh, freshEnd) && !more) break;
	}
	for (const name of waiting.keys()) changed.add(name);
	return changed;
}

/** Where the elements of a document are: start and end by name. */
function elementsOf(bytes: Buffer): Map<string, readonly [number, number]> {
	const reader = new Reader(bytes, 0);
	const end = reader.open(bytes.length);
	const found = new Map<string, readonly [number, number]>();
	for (;;) {
		const start = reader.position;
		const type = bytes[reader.position++] ?? 0;
		if (type === 0) return found;
		const name = reader.cstring(end);
		reader.skip(type, end);
		found.set(name, [start, reader.position]);
	}
}

/**
 * The document with these top-level fields set: each in its place, new ones at the end in their order, everything else the
 * bytes it was. Also the names of those that had another value before, or none.
 */
export function setFields(bytes: Uint8Array, fields: Doc): { bytes: Buffer; changed: Set<string> } {
	const reader = new Reader(bytes, 0);
	const end = reader.open(bytes.length);
	const source = reader.bytes;
	const encoded = encode(fields);
	const fresh = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.length);
	const places = elementsOf(fresh);
	const changed = new Set<string>();
	/** Pieces in order: whose bytes, from where, to where. */
	const pieces: [Buffer, number, number][] = [];
	let total = 5;
	const take = (from: Buffer, start: number, stop: number): void => {
		total += stop - start;
		const last = pieces.at(-1);
		// Neighbours are copied together.
		if (last && last[0] === from && last[2] === start) last[2] = stop;
		else pieces.push([from, start, stop]);
	};
	for (;;) {
		const start = reader.position;
		const type = source[reader.position++] ?? 0;
		if (type === 0) break;
		const name = reader.cstring(end);
		reader.skip(type, end);
		const place = places.get(name);
		if (place) places.delete(name);
		if (!place || source.compare(fresh, place[0], place[1], start, reader.position) === 0) take(source, start, reader.position);
		else {
			changed.add(name);
			take(fresh, place[0], place[1]);
		}
	}
	for (const [name, place] of places) {
		changed.add(name);
		take(fresh, place[0], place[1]);
	}
	const made = Buffer.allocUnsafe(total);
	made.writeInt32LE(total, 0);
	let at = 4;
	for (const [from, start, stop] of pieces) at += from.copy(made, at, start, stop);
	made[at] = 0;
	return { bytes: made, changed };
}
