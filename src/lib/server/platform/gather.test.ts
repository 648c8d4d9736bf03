import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gathered } from './gather.ts';

type Batch = { items: readonly number[]; answer: (outcomes: readonly (string | Error)[]) => void; fail: (error: Error) => void };

/** A sender whose answers the test gives. */
const held = () => {
	const batches: Batch[] = [];
	const put = gathered<number, string>(
		(items) => new Promise((resolve, reject) => void batches.push({ items, answer: resolve, fail: reject }))
	);
	const sent = (): (readonly number[])[] => batches.map(({ items }) => items);
	const batch = (at: number): Batch => {
		const found = batches[at];
		if (!found) throw new Error(`nothing was sent as number ${at}`);
		return found;
	};
	return { put, sent, batch };
};

const turn = () => vi.advanceTimersByTimeAsync(1);

describe('what is gathered', () => {
	beforeEach(() => vi.useFakeTimers());
	afterEach(() => vi.useRealTimers());

	it('goes together when it comes in the same turn, in order, and each hears its own outcome', async () => {
		const { put, sent, batch } = held();
		const all = Promise.allSettled([put(1), put(2), put(3)]);
		expect(sent()).toEqual([]);
		await turn();
		expect(sent()).toEqual([[1, 2, 3]]);
		batch(0).answer(['a', new Error('no'), 'c']);
		expect((await all).map((one) => (one.status === 'fulfilled' ? one.value : 'refused'))).toEqual(['a', 'refused', 'c']);
	});

	it('waits together while something is under way', async () => {
		const { put, sent, batch } = held();
		const first = put(1);
		await turn();
		const second = put(2);
		await turn();
		const third = put(3);
		await turn();
		expect(sent()).toEqual([[1]]);
		batch(0).answer(['a']);
		expect(await first).toBe('a');
		await turn();
		expect(sent()).toEqual([[1], [2, 3]]);
		batch(1).answer(['b', 'c']);
		expect(await Promise.all([second, third])).toEqual(['b', 'c']);
	});

	it('does not wait long for something that hangs', async () => {
		const { put, sent, batch } = held();
		void put(1);
		await turn();
		const second = put(2);
		await vi.advanceTimersByTimeAsync(40);
		expect(sent()).toEqual([[1]]);
		await vi.advanceTimersByTimeAsync(20);
		expect(sent()).toEqual([[1], [2]]);
		batch(1).answer(['b']);
		expect(await second).toBe('b');
		// What answers late after all does not let two go at once from then on.
		batch(0).answer(['a']);
		const third = put(3);
		await turn();
		void put(4);
		await turn();
		expect(sent()).toEqual([[1], [2], [3]]);
		batch(2).answer(['c']);
		expect(await third).toBe('c');
	});

	it('fails together with what it was sent with, and not with what comes later', async () => {
		const { put, batch } = held();
		const all = Promise.allSettled([put(1), put(2)]);
		await turn();
		batch(0).fail(new Error('away'));
		expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		const later = put(3);
		await turn();
		batch(1).answer(['c']);
		expect(await later).toBe('c');
	});

	it('goes in portions of a hundred', async () => {
		const { put, sent, batch } = held();
		void Promise.all(Array.from({ length: 130 }, (_, at) => put(at)));
		await turn();
		batch(0).answer(Array.from({ length: 100 }, () => 'x'));
		await turn();
		expect(sent().map((items) => items.length)).toEqual([100, 30]);
	});
});
