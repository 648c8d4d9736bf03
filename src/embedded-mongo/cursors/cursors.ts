/** Open cursors: what is left of a result after its first batch. */
import { randomBytes } from 'node:crypto';
import { Long } from '../bson/values.ts';
import { storeError } from '../language/errors.ts';
import type { Limits } from '../limits.ts';

/** Idle time after which a cursor is closed, as in MongoDB. */
const IDLE_MS = 600_000;

/** A result that is taken batch by batch. */
export interface BatchSource {
	/** At most `documents` and about `bytes`; `done` when nothing follows. Answers at once if it needs no second slice. */
	take(documents: number, bytes: number, limits?: Limits): Batch | Promise<Batch>;
	close(): void;
}

export interface Batch {
	documents: Uint8Array[];
	done: boolean;
}

export interface OpenCursor {
	id: bigint;
	namespace: string;
	source: BatchSource;
	noTimeout: boolean;
	lastUsed: number;
	busy: boolean;
	killed: boolean;
}

export interface Cursors {
	open(namespace: string, source: BatchSource, noTimeout: boolean): Long;
	/** Throws CursorNotFound unless the cursor is open on this namespace. */
	get(id: bigint, namespace: string): OpenCursor;
	close(id: bigint): boolean;
	/** Ends the cursors of a collection that was dropped or renamed; their next getMore says so. */
	killNamespace(namespace: string, reason: string): void;
	readonly size: number;
	stop(): void;
}

export function openCursors(): Cursors {
	const cursors = new Map<bigint, OpenCursor>();
	const sweep = setInterval(() => {
		const now = Date.now();
		for (const cursor of cursors.values()) {
			if (!cursor.noTimeout && !cursor.busy && now - cursor.lastUsed > IDLE_MS) close(cursor.id);
		}
	}, 30_000);
	sweep.unref();

	function close(id: bigint): boolean {
		const cursor = cursors.get(id);
		if (!cursor) return false;
		cursor.killed = true;
		cursors.delete(id);
		cursor.source.close();
		return true;
	}

	return {
		open(namespace, source, noTimeout) {
			const id = (randomBytes(8).readBigUInt64LE() & 0x7fffffffffffffffn) | 1n;
			cursors.set(id, { id, namespace, source, noTimeout, lastUsed: Date.now(), busy: false, killed: false });
			return Long.fromBigInt(id);
		},
		get(id, namespace) {
			const cursor = cursors.get(id);
			if (!cursor) throw storeError('CursorNotFound', `cursor id ${id} not found`);
			if (cursor.namespace !== namespace) {
				throw storeError(
					13,
					`Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`
				);
			}
			cursor.lastUsed = Date.now();
			return cursor;
		},
		close,
		killNamespace(namespace, reason) {
			for (const cursor of cursors.values()) {
				if (cursor.namespace !== namespace) continue;
				cursor.source.close();
				cursor.source = {
					take: () => Promise.reject(storeError('QueryPlanKilled', reason)),
					close() {}
				};
			}
		},
		get size() {
			return cursors.size;
		},
		stop() {
			clearInterval(sweep);
			for (const id of [...cursors.keys()]) close(id);
		}
	};
}
