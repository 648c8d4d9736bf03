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

	it('waits for nothing that is under way', async () => {
		const { put, sent, batch } = held();
		const first = put(1);
		await turn();
		const second = put(2);
		await turn();
		expect(sent()).toEqual([[1], [2]]);
		batch(1).answer(['b']);
		expect(await second).toBe('b');
		batch(0).answer(['a']);
		expect(await first).toBe('a');
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
});
