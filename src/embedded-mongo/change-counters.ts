/**
 * Counters of change in a small file, for processes that keep answers made from what they read here: as long as the
 * counters of all they read are the same, so is the answer.
 *
 * There is a counter for each collection, for each `_id`, and for each value of the fields somebody asked to have
 * counted, all shared out among a fixed number of places by a hash: two that share a place only cost an answer. Place 0
 * stands for everything. They are raised after the commit and before the writer hears of it. Who reads the counters
 * first and the data afterwards therefore never takes old data for new ones.
 */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { MANY, rawPath, readPath } from './bson/read-path.ts';
import type { RawPath } from './bson/read-path.ts';
import { changeFileBytes, changePlaces, placeOf } from './changes.ts';

export interface ChangeOptions {
	/** The file; made anew. */
	file: string;
	/** Further fields whose values have counters of their own, by namespace. */
	fields: Readonly<Record<string, readonly string[]>>;
}

export interface ChangeCounters {
	/** Notes a document that is put in (`after` alone), replaced (both) or taken out (`before` alone). */
	note(namespace: string, before: Uint8Array | undefined, after: Uint8Array | undefined): void;
	/** Notes a change of what is there at all: a collection dropped or renamed. */
	noteEverything(): void;
	/** Raises the counters of all that was noted. */
	raise(): void;
	close(): void;
}

/** A field that is counted, and its path in the bytes. */
interface Counted {
	name: string;
	path: RawPath;
}

/** A value's text in the counters' terms; undefined for none; null for one that has no counter of its own. */
function textOf(value: unknown): string | null | undefined {
	if (typeof value === 'string') return value;
	if (value === undefined || value === null) return undefined;
	if (typeof value === 'object' && '_bsontype' in value && value._bsontype === 'ObjectId') return String(value);
	return null;
}

export function openChangeCounters({ file, fields }: ChangeOptions): ChangeCounters {
	const counters = new Uint32Array(changePlaces);
	const bytes = new Uint8Array(counters.buffer);
	writeFileSync(file, bytes, { mode: 0o600 });
	const handle = openSync(file, 'r+');
	const noted = new Set<number>();
	const countedIn = new Map<string, Counted[]>();

	function countedFields(namespace: string): Counted[] {
		let counted = countedIn.get(namespace);
		if (!counted) {
			counted = ['_id', ...(fields[namespace] ?? [])].map((name) => ({ name, path: rawPath(name) }));
			countedIn.set(namespace, counted);
		}
		return counted;
	}

	function noteValues(namespace: string, document: Uint8Array): void {
		for (const { name, path } of countedFields(namespace)) {
			const value = readPath(document, path);
			const text = value === MANY ? null : textOf(value);
			if (typeof text === 'string') noted.add(placeOf(namespace, name, text));
			// Somebody may look for one item of an array: he would find it, but not under this value.
			else if (text === null && name !== '_id') noted.add(0);
		}
	}

	return {
		note(namespace, before, after) {
			noted.add(placeOf(namespace));
			if (before) noteValues(namespace, before);
			if (after) noteValues(namespace, after);
		},
		noteEverything: () => void noted.add(0),
		raise() {
			for (const place of noted) {
				counters[place] = ((counters[place] as number) + 1) >>> 0;
				if (noted.size <= 64) writeSync(handle, bytes, place * 4, 4, place * 4);
			}
			if (noted.size > 64) writeSync(handle, bytes, 0, changeFileBytes, 0);
			noted.clear();
		},
		close: () => closeSync(handle)
	};
}
