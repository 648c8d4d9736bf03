/** Fills replies with batches: from raw records, or from documents made on the way. */
import { encode } from '../bson/codec.ts';
import type { Long } from '../bson/values.ts';
import type { Doc } from '../bson/values.ts';
import { storeError } from '../language/errors.ts';
import { TICK } from '../language/slices.ts';
import { checkLimits, giveWay } from '../limits.ts';
import type { Limits } from '../limits.ts';
import type { Results } from '../planner/query.ts';
import type { Batch, BatchSource } from './cursors.ts';

/** MongoDB's size of a first batch when the client names none. */
export const DEFAULT_BATCH = 101;
export const MAX_BATCH_BYTES = 16 * 1024 * 1024;

/** Something that gives BSON documents, with places to give way between them. */
export interface ByteSource {
	items: Iterator<Uint8Array | typeof TICK>;
	pause(): void;
}

/** Sends what storage holds as it is, or through a projection. */
export function recordSource(results: Results, project?: (bytes: Buffer, record: number) => Uint8Array): ByteSource {
	const { items } = results;
	const next = (): IteratorResult<Uint8Array | typeof TICK> => {
		const step = items.next();
		if (step.done) return { done: true, value: undefined };
		if (step.value === TICK) return { done: false, value: TICK };
		return { done: false, value: project ? project(step.value.bytes, step.value.record) : step.value.bytes };
	};
	return { items: { next, return: () => (items.return?.(), { done: true, value: undefined }) }, pause: results.pause };
}

export function documentSource(documents: Iterable<Doc | typeof TICK>, pause: () => void = () => {}): ByteSource {
	const iterator = documents[Symbol.iterator]();
	const next = (): IteratorResult<Uint8Array | typeof TICK> => {
		const step = iterator.next();
		if (step.done) return { done: true, value: undefined };
		return { done: false, value: step.value === TICK ? TICK : encode(step.value) };
	};
	return { items: { next, return: () => (iterator.return?.(), { done: true, value: undefined }) }, pause };
}

/** The time a cursor's commands may take together is that of the command that opened it. */
export function batchSource(source: ByteSource): BatchSource {
	/** Read already, but did not fit into the last batch. */
	let held: Uint8Array | undefined;
	/** What is left of maxTimeMS, in milliseconds. */
	let left: number | undefined;

	return {
		take(wanted: number, bytes: number, limits: Limits = {}): Batch | Promise<Batch> {
			const documents: Uint8Array[] = [];
			const bounds = limits.until === undefined && left !== undefined ? { ...limits, until: Date.now() + left } : limits;
			let size = 0;
			const add = (item: Uint8Array): boolean => {
				if (documents.length > 0 && size + item.length > bytes) return false;
				documents.push(item);
				size += item.length;
				return true;
			};
			if (held && wanted > 0) {
				add(held);
				held = undefined;
			}
			const finish = (done: boolean): Batch => {
				if (bounds.until !== undefined) left = Math.max(0, bounds.until - Date.now());
				if (!done) source.pause();
				return { documents, done };
			};
			/** Goes on until the batch is full; nothing is returned where others should have their turn. */
			const fill = (): Batch | undefined => {
				// At a full batch nobody looks whether anything follows; MongoDB does not either.
				while (documents.length < wanted && size < bytes) {
					const step = source.items.next();
					if (step.done) return finish(true);
					if (step.value === TICK) return undefined;
					if (!add(step.value)) {
						held = step.value;
						break;
					}
				}
				return finish(false);
			};
			const goOn = async (): Promise<Batch> => {
				for (;;) {
					checkLimits(bounds);
					await giveWay();
					checkLimits(bounds);
					const batch = fill();
					if (batch) return batch;
				}
			};
			return fill() ?? goOn();
		},
		close: () => void source.items.return?.()
	};
}

const HEAD_FIRST = field('firstBatch');
const HEAD_NEXT = field('nextBatch');

function field(name: string): Buffer {
	return Buffer.concat([Buffer.of(0x04), Buffer.from(`${name}\0`)]);
}

const INDEXES: Buffer[] = Array.from({ length: 1024 }, (_, i) => Buffer.from(`\x03${i}\0`, 'latin1'));

/** `{cursor: {firstBatch|nextBatch: […], id, ns}, ok: 1}` without copying the documents. */
export function cursorReply(
	which: 'firstBatch' | 'nextBatch',
	documents: Uint8Array[],
	id: Long,
	namespace: string
): Uint8Array[] {
	const parts: Uint8Array[] = [];
	let arrayBytes = 5;
	for (let i = 0; i < documents.length; i++) {
		const item = documents[i] as Uint8Array;
		if (item.length > MAX_BATCH_BYTES + 16 * 1024) {
			throw storeError(
				'BSONObjectTooLarge',
				`BSONObj size: ${item.length} is invalid. Size must be between 0 and 16793600(16MB)`
			);
		}
		const name = INDEXES[i] ?? Buffer.from(`\x03${i}\0`, 'latin1');
		parts.push(name, item);
		arrayBytes += name.length + item.length;
	}
	const head = which === 'firstBatch' ? HEAD_FIRST : HEAD_NEXT;
	const tail = Buffer.allocUnsafe(1 + 1 + 3 + 8 + 1 + 3 + 4 + Buffer.byteLength(namespace) + 1 + 1 + 1 + 3 + 8 + 1);
	let at = 0;
	tail[at++] = 0; // end of the array
	at += tail.write('\x12id\0', at, 'latin1');
	tail.writeInt32LE(id.low, at);
	tail.writeInt32LE(id.high, at + 4);
	at += 8;
	at += tail.write('\x02ns\0', at, 'latin1');
	tail.writeInt32LE(Buffer.byteLength(namespace) + 1, at);
	at += 4;
	at += tail.write(`${namespace}\0`, at);
	tail[at++] = 0; // end of cursor
	at += tail.write('\x01ok\0', at, 'latin1');
	tail.writeDoubleLE(1, at);
	at += 8;
	tail[at++] = 0;
	const cursorTail = at - 1 - (1 + 3 + 8 + 1);
	const cursorBytes = 4 + head.length + (arrayBytes - 1) + cursorTail + 1;
	const front = Buffer.allocUnsafe(4 + 8 + 4 + head.length + 4);
	front.writeInt32LE(4 + 8 + cursorBytes + (1 + 3 + 8 + 1), 0);
	front.write('\x03cursor\0', 4, 'latin1');
	front.writeInt32LE(cursorBytes, 12);
	head.copy(front, 16);
	front.writeInt32LE(arrayBytes, 16 + head.length);
	return [front, ...parts, tail.subarray(0, at)];
}
