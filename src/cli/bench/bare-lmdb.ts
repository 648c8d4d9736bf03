/** lmdb alone on the same disk, with the same sync: what storage gives before anything speaks MongoDB. */
import { open } from 'lmdb';
import type { Rates } from './rates.ts';

export type BareWorkload = { kind: 'get' | 'put'; path: string; writers: number; seconds: number };

const VALUE_BYTES = 1000;
const KEYS = 10_000;

const keyOf = (number: number): Buffer => {
	const key = Buffer.alloc(12);
	key.writeUInt32BE(number, 8);
	return key;
};

const rates = (operations: number, began: number): Rates => {
	const seconds = (performance.now() - began) / 1000;
	return { operations, perSecond: operations / seconds, p50: (seconds * 1000) / operations, p95: 0, failed: 0 };
};

/** Gets at random, or durable puts by so many writers, each waiting for its own before the next; they share commits. */
export const bareLmdb = async ({ kind, path, writers, seconds }: BareWorkload): Promise<Rates> => {
	const database = open<Buffer, Buffer>({ path, encoding: 'binary', keyEncoding: 'binary', overlappingSync: false });
	const value = Buffer.alloc(VALUE_BYTES, 'x');
	try {
		await database.transaction(() => {
			for (let number = 0; number < KEYS; number += 1) void database.put(keyOf(number), value);
		});
		const began = performance.now();
		const end = began + seconds * 1000;
		let operations = 0;
		if (kind === 'get') {
			for (; performance.now() < end; operations += 1) database.getBinary(keyOf(Math.floor(Math.random() * KEYS)));
			return rates(operations, began);
		}
		let next = KEYS;
		await Promise.all(
			Array.from({ length: writers }, async () => {
				for (; performance.now() < end; operations += 1) await database.put(keyOf(next++), value);
			})
		);
		return rates(operations, began);
	} finally {
		await database.close();
	}
};
