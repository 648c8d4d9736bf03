import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemory } from './memory.ts';

/** A load whose moment of answering the test chooses. */
const held = (): { load: () => Promise<number>; answer: (value: number) => void; fail: () => void } => {
	let answer: (value: number) => void = () => {};
	let fail: () => void = () => {};
	const value = new Promise<number>((resolve, reject) => {
		answer = resolve;
		fail = () => reject(new Error('away'));
	});
	return { load: () => value, answer, fail };
};
const of = (value: number) => () => Promise.resolve(value);

describe('a memory', () => {
	beforeEach(() => vi.useFakeTimers());
	afterEach(() => vi.useRealTimers());

	it('keeps an answer as long as it is fresh, each under its key', async () => {
		const memory = createMemory<number>({ freshMs: 1000 });
		expect(await memory.read('x', of(1))).toBe(1);
		expect(await memory.read('y', of(2))).toBe(2);
		vi.advanceTimersByTime(999);
		expect(await memory.read('x', of(3))).toBe(1);
		vi.advanceTimersByTime(1);
		expect(await memory.read('x', of(3))).toBe(3);
	});

	it('forgets at once', async () => {
		const memory = createMemory<number>({ freshMs: 1000 });
		await memory.read('x', of(1));
		await memory.read('y', of(1));
		memory.forget('x');
		expect(await memory.read('x', of(2))).toBe(2);
		expect(await memory.read('y', of(2))).toBe(1);
		memory.forget();
		expect(await memory.read('y', of(3))).toBe(3);
	});

	it('never keeps what was being read while it was forgotten', async () => {
		const memory = createMemory<number>({ freshMs: 1000, staleMs: 5000 });
		const before = held();
		const waiting = memory.read('x', before.load);
		memory.forget('x');
		expect(await memory.read('x', of(2))).toBe(2);
		before.answer(1);
		expect(await waiting).toBe(1);
		expect(await memory.read('x', of(3))).toBe(2);

		vi.advanceTimersByTime(1000);
		const renewal = held();
		expect(await memory.read('x', renewal.load)).toBe(2);
		memory.forget('x');
		renewal.answer(4);
		expect(await memory.read('x', of(5))).toBe(5);
	});

	it('gives an old answer while the new one is on its way', async () => {
		const memory = createMemory<number>({ freshMs: 1000, staleMs: 5000 });
		await memory.read('x', of(1));
		vi.advanceTimersByTime(1000);
		const renewal = held();
		expect(await memory.read('x', renewal.load)).toBe(1);
		renewal.answer(2);
		await vi.advanceTimersByTimeAsync(0);
		expect(await memory.read('x', of(9))).toBe(2);
		vi.advanceTimersByTime(5000);
		expect(await memory.read('x', of(3))).toBe(3);
	});

	it('tells a failure once', async () => {
		const memory = createMemory<number>({ freshMs: 1000 });
		await expect(memory.read('x', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
		expect(await memory.read('x', of(1))).toBe(1);
	});

	it('keeps only what is worth it', async () => {
		const memory = createMemory<number | null>({ freshMs: 1000, worth: (value) => value !== null });
		expect(await memory.read('x', () => Promise.resolve(null))).toBe(null);
		expect(await memory.read('x', of(1))).toBe(1);
		expect(await memory.read('x', of(2))).toBe(1);
	});

	it('runs what only looks like a promise once', async () => {
		const memory = createMemory<number>({ freshMs: 1000 });
		let runs = 0;
		const query: PromiseLike<number> = {
			then: (done) => Promise.resolve((runs += 1)).then(done)
		};
		expect(await Promise.all([memory.read('x', () => query), memory.read('x', () => query)])).toEqual([1, 1]);
		expect(await memory.read('x', () => query)).toBe(1);
	});

	it('keeps no more than it may', async () => {
		const memory = createMemory<number>({ freshMs: 1000, most: 2 });
		for (const key of ['x', 'y', 'z']) await memory.read(key, of(1));
		expect(await memory.read('z', of(2))).toBe(1);
		expect(await memory.read('x', of(2))).toBe(2);
	});
});
