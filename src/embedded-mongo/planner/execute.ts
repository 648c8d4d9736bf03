/**
 * Fetches the records of a plan, in order, a batch of keys at a time.
 *
 * An executor holds no LMDB transaction: it remembers the last key it delivered and seeks it again. So a cursor may
 * live for minutes without keeping old pages alive. The price is MongoDB's own: between two batches a cursor sees
 * later writes; a record that stays unchanged is delivered exactly once.
 */
import { storeError } from '../language/errors.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Environment, Table } from '../storage/environment.ts';
import { after, documentKey, readRecordId } from '../storage/keys.ts';
import type { Access, KeyRange } from './plan.ts';

export interface Found {
	record: number;
	bytes: Buffer;
}

export interface Counts {
	keysExamined: number;
	docsExamined: number;
}

export interface Executor {
	next(): Found | undefined;
	/** The next record id without reading the document. */
	nextRecord(): number | undefined;
	/** Forgets what was read ahead, so that the next call sees the present state. */
	pause(): void;
	counts: Counts;
}

const FIRST_BATCH = 8;
const LARGEST_BATCH = 256;
/** Batches of large documents are made smaller. */
const BATCH_BYTES = 128 * 1024;

interface Cursor<T> {
	next(): T | undefined;
	pause(): void;
}

/** Walks ranges of a table, reading ahead in batches that grow. */
function walk<T>(
	ranges: readonly KeyRange[],
	reverse: boolean,
	read: (range: KeyRange, limit: number) => T[],
	keyOf: (item: T) => Buffer,
	bytesOf: (item: T) => number = () => 0
): Cursor<T> {
	let rangeIndex = 0;
	let current: KeyRange | undefined = ranges[0];
	let batch: T[] = [];
	let position = 0;
	let size = FIRST_BATCH;
	let exhausted = false;
	let lastKey: Buffer | undefined;

	function narrow(): void {
		if (!lastKey || !current) return;
		current = reverse
			? { from: current.from, to: lastKey }
			: { from: Buffer.concat([lastKey, Buffer.of(0)]), to: current.to };
		lastKey = undefined;
	}

	return {
		next() {
			while (current) {
				const item = batch[position];
				if (item !== undefined) {
					position++;
					lastKey = keyOf(item);
					return item;
				}
				narrow();
				position = 0;
				batch = exhausted ? [] : read(current, size);
				// A short batch means that nothing is left in the range.
				exhausted = batch.length < size;
				if (batch.length === 0) {
					current = ranges[++rangeIndex];
					lastKey = undefined;
					exhausted = false;
					size = FIRST_BATCH;
				} else {
					let bytes = 0;
					for (const read of batch) bytes += bytesOf(read);
					size = bytes > BATCH_BYTES ? Math.max(1, size >> 2) : Math.min(size * 2, LARGEST_BATCH);
				}
			}
			return undefined;
		},
		pause() {
			narrow();
			batch = [];
			position = 0;
			exhausted = false;
		}
	};
}

function scanCollection(documents: Table, collection: Collection, reverse: boolean, counts: Counts): Executor {
	const whole = { from: collection.prefix, to: after(collection.prefix) };
	const cursor = walk(
		[whole],
		reverse,
		(range, limit) => documents.range({ ...range, reverse, limit }),
		(entry) => entry.key,
		(entry) => entry.value.length
	);
	return {
		counts,
		next() {
			const entry = cursor.next();
			if (!entry) return undefined;
			counts.docsExamined++;
			return { record: readRecordId(entry.key, 4), bytes: entry.value };
		},
		nextRecord() {
			const entry = cursor.next();
			return entry && readRecordId(entry.key, 4);
		},
		pause: cursor.pause
	};
}

function scanIndex(
	environment: Environment,
	collection: Collection,
	access: Extract<Access, { kind: 'index' }>,
	counts: Counts
): Executor {
	const { index, ranges, reverse } = access;
	const { documents, entries } = environment;
	// An array may put one record under several keys.
	const seen = index.multikey.includes(true) ? new Set<number>() : undefined;
	const nextRecordId = index.unique && ranges.every(isWholeKey) ? points(entries, ranges) : manyKeys();

	function manyKeys(): Cursor<number> {
		if (index.unique) {
			const cursor = walk(
				ranges,
				reverse,
				(range, limit) => entries.range({ ...range, reverse, limit }),
				(entry) => entry.key
			);
			return {
				next() {
					const entry = cursor.next();
					return entry && readRecordId(entry.value, 0);
				},
				pause: cursor.pause
			};
		}
		const cursor = walk(
			ranges,
			reverse,
			(range, limit) => entries.keys({ ...range, reverse, limit }),
			(key) => key
		);
		return {
			next() {
				const key = cursor.next();
				return key && readRecordId(key, key.length - 8);
			},
			pause: cursor.pause
		};
	}

	function nextRecord(): number | undefined {
		for (;;) {
			const record = nextRecordId.next();
			// The keys of a dropped index vanish bit by bit; a scan must not take that for the end.
			if (index.dropped) throw storeError('QueryPlanKilled', `index '${index.name}' dropped`);
			if (record === undefined) return undefined;
			counts.keysExamined++;
			if (seen) {
				if (seen.has(record)) continue;
				seen.add(record);
			}
			return record;
		}
	}

	return {
		counts,
		nextRecord,
		next() {
			for (;;) {
				const record = nextRecord();
				if (record === undefined) return undefined;
				const bytes = documents.get(documentKey(collection.id, record));
				if (!bytes) continue;
				counts.docsExamined++;
				return { record, bytes };
			}
		},
		pause: nextRecordId.pause
	};
}

/** True for a range made from a whole key: it can hold that key only. */
function isWholeKey({ from, to }: KeyRange): boolean {
	return to.length === from.length + 1 && to[from.length] === 0 && to.compare(from, 0, from.length, 0, from.length) === 0;
}

/** Looks single keys of a unique index up, one after the other. */
function points(entries: Table, ranges: readonly KeyRange[]): Cursor<number> {
	let at = 0;
	return {
		next() {
			for (let range = ranges[at++]; range; range = ranges[at++]) {
				const held = entries.get(range.from);
				if (held) return readRecordId(held, 0);
			}
			return undefined;
		},
		pause() {}
	};
}

function union(inputs: Executor[], counts: Counts): Executor {
	const seen = new Set<number>();
	let at = 0;
	function advance<T>(take: (input: Executor) => T | undefined, recordOf: (item: T) => number): T | undefined {
		for (;;) {
			const input = inputs[at];
			if (!input) return undefined;
			const item = take(input);
			if (item === undefined) at++;
			else if (!seen.has(recordOf(item))) {
				seen.add(recordOf(item));
				return item;
			}
		}
	}
	return {
		counts,
		next: () =>
			advance(
				(input) => input.next(),
				(found) => found.record
			),
		nextRecord: () =>
			advance(
				(input) => input.nextRecord(),
				(record) => record
			),
		pause: () => inputs[at]?.pause()
	};
}

export function execute(
	environment: Environment,
	collection: Collection,
	access: Access,
	counts: Counts = { keysExamined: 0, docsExamined: 0 }
): Executor {
	switch (access.kind) {
		case 'nothing':
			return { counts, next: () => undefined, nextRecord: () => undefined, pause() {} };
		case 'collection':
			return scanCollection(environment.documents, collection, access.reverse, counts);
		case 'index':
			return scanIndex(environment, collection, access, counts);
		case 'union':
			return union(
				access.inputs.map((input) => execute(environment, collection, input, counts)),
				counts
			);
	}
}
