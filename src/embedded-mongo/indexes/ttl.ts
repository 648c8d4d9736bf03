/** Removes documents whose time is up: a pass over all TTL indexes each minute. */
import { decode } from '../bson/codec.ts';
import { FarDate } from '../bson/values.ts';
import type { Value } from '../bson/values.ts';
import type { Catalog, Collection } from '../storage/catalog.ts';
import type { Environment } from '../storage/environment.ts';
import type { Records } from '../storage/records.ts';
import { readRecordId } from '../storage/keys.ts';
import type { Index } from './description.ts';
import { encodePart } from './key-encoding.ts';
import { extractKeys } from './key-extraction.ts';

/** What the monitor needs of an open store. */
export interface SweptStore {
	environment: Environment;
	catalog: Catalog;
	records: Records;
	settings: { ttlMonitorEnabled: boolean; ttlMonitorSleepSecs: number };
	/** Told when settings change. */
	onSettings: (() => void)[];
}

/** Entries looked at in one step. */
const STEP = 100;

export function startTtlMonitor(store: SweptStore): { stop(): void } {
	let timer: NodeJS.Timeout | undefined;
	let stopped = false;

	function plan(): void {
		clearTimeout(timer);
		if (stopped) return;
		timer = setTimeout(() => {
			void pass().finally(plan);
		}, store.settings.ttlMonitorSleepSecs * 1000);
		timer.unref();
	}

	async function pass(): Promise<void> {
		if (!store.settings.ttlMonitorEnabled) return;
		try {
			await sweepExpired(store);
		} catch (error) {
			if (!stopped) process.emitWarning(error instanceof Error ? error : String(error));
		}
	}

	store.onSettings.push(plan);
	plan();
	return {
		stop() {
			stopped = true;
			clearTimeout(timer);
		}
	};
}

/** One pass; returns how many documents were removed. */
export async function sweepExpired(store: SweptStore): Promise<number> {
	let removed = 0;
	for (const collection of store.catalog.collections()) {
		for (const index of collection.indexes) {
			if (index.expireAfterSeconds === undefined || index.building || index.fields.length !== 1) continue;
			// Hashes do not tell what is old; MongoDB passes such an index over as well.
			if (index.hashed !== undefined) continue;
			removed += await sweepIndex(store, collection, index, index.expireAfterSeconds);
		}
	}
	return removed;
}

async function sweepIndex(store: SweptStore, collection: Collection, index: Index, seconds: number): Promise<number> {
	const limit = Date.now() - seconds * 1000;
	const direction = index.directions[0] as 1 | -1;
	const oldest = encodePart(new FarDate(-0x8000000000000000n), direction);
	const youngest = encodePart(new Date(Math.max(limit, -8.64e15)), direction);
	const [low, high] = direction > 0 ? [oldest, youngest] : [youngest, oldest];
	const end = Buffer.concat([index.prefix, high, Buffer.of(0xff)]);
	return store.environment.write(function* () {
		let removed = 0;
		let from = Buffer.concat([index.prefix, low]);
		for (;;) {
			if (collection.dropped || index.dropped) return removed;
			const entries = store.environment.entries.range({ from, to: end, limit: STEP });
			const last = entries.at(-1);
			if (!last) return removed;
			for (const { key, value } of entries) {
				const record = index.unique ? readRecordId(value, 0) : readRecordId(key, key.length - 8);
				const bytes = store.records.read(collection, record);
				// An array expires with its earliest date, which is the one whose key is met.
				if (bytes && isExpired(extractKeys(decode(bytes), index.paths).rows, limit)) {
					store.records.remove(collection, record, bytes);
					removed++;
				}
			}
			from = Buffer.concat([last.key, Buffer.of(0)]);
			yield;
		}
	});
}

function isExpired(rows: Value[][], limit: number): boolean {
	return rows.some(([value]) => value instanceof Date && value.getTime() <= limit);
}
