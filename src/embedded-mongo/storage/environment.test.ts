import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encode } from '../bson/codec.ts';
import { int32 } from '../bson/values.ts';
import { StoreError } from '../language/errors.ts';
import { openStore } from '../store.ts';
import type { Store } from '../store.ts';
import type { Collection } from './catalog.ts';
import { validateCollection } from './validate.ts';

let store: Store;
let dataDir: string;
beforeEach(() => {
	dataDir = mkdtempSync(join(tmpdir(), 'environment-'));
	store = openStore(dataDir);
});
afterEach(async () => {
	await store.stop();
	rmSync(dataDir, { recursive: true, force: true });
});

const bytes = (id: number): Buffer => Buffer.from(encode(new Map([['_id', int32(id)]])));
const collection = (): Collection => store.catalog.get('t.c') ?? store.catalog.create('t.c');

describe('write jobs', () => {
	it('that fail for reasons of ours take nobody with them and leave nothing behind', async () => {
		const results = await Promise.allSettled([
			store.environment.write(() => store.records.insert(collection(), bytes(1))),
			store.environment.write(() => {
				store.records.insert(collection(), bytes(2));
				store.catalog.create('t.other');
				throw new TypeError('a mistake');
			}),
			store.environment.write(function* () {
				store.records.insert(collection(), bytes(3));
				yield;
				store.records.insert(collection(), bytes(4));
			}),
			store.environment.write(() => {
				throw new StoreError(2, 'BadValue', 'refused');
			}),
			store.environment.write(() => store.records.insert(collection(), bytes(5)))
		]);
		expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
		expect(store.catalog.get('t.other')).toBeUndefined();
		expect(collection().documents).toBe(4);
		expect((await validateCollection(store, 't.c')).errors).toEqual([]);
	});

	it('that come before their transaction has begun share it', async () => {
		const seen: number[] = [];
		const note = (): void => void seen.push(store.environment.generation);
		const first = store.environment.write(note);
		// By now the first one has asked for its transaction.
		for (let i = 0; i < 5; i++) await Promise.resolve();
		await Promise.all([first, store.environment.write(note), store.environment.write(note)]);
		expect(seen).toHaveLength(3);
		expect(new Set(seen).size).toBe(1);
	});

	it('that take long let others in between', async () => {
		const order: string[] = [];
		const long = store.environment.write(function* () {
			for (let i = 0; i < 10; i++) {
				const until = performance.now() + 10;
				while (performance.now() < until);
				yield;
			}
			order.push('long');
		});
		await new Promise((done) => setTimeout(done, 5));
		await store.environment.write(() => order.push('short'));
		await long;
		expect(order).toEqual(['short', 'long']);
	});

	it('that come together with a long one need not wait for its end', async () => {
		const order: string[] = [];
		const long = store.environment.write(function* () {
			for (let i = 0; i < 10; i++) {
				const until = performance.now() + 30;
				while (performance.now() < until);
				yield;
			}
			order.push('long');
		});
		await Promise.all([long, store.environment.write(() => order.push('short'))]);
		expect(order).toEqual(['short', 'long']);
	});

	it('see what they wrote, and the removal of what was dropped goes on behind', async () => {
		await store.environment.write(() => {
			const target = collection();
			for (let i = 0; i < 2000; i++) store.records.insert(target, bytes(i));
			expect(store.records.read(target, 1999)).toBeDefined();
		});
		const { prefix, indexes } = collection();
		await store.environment.write(() => store.catalog.drop(collection()));
		store.reapSoon();
		const end = Buffer.from([...prefix.subarray(0, 3), (prefix[3] as number) + 1]);
		await expect.poll(() => store.environment.documents.count(prefix, end)).toBe(0);
		const [index] = indexes;
		await expect.poll(() => (index ? store.environment.entries.keys({ from: index.prefix, to: end, limit: 5 }) : [])).toHaveLength(0);
	});
});
