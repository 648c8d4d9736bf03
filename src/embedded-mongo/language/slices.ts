/**
 * Long work gives way: it runs in slices, and between them others get the thread.
 *
 * Whoever reads or computes for long puts a `TICK` between its results now and then. Stages hand it on, and what takes
 * the results in the end lets others run when it meets one.
 */

/** Stands between results where others may run. */
export const TICK: unique symbol = Symbol('give way');
export type Tick = typeof TICK;

/** How long work may keep the thread, in milliseconds. */
export const SLICE_MS = 15;

/** Tells when a slice is over; looks at the clock only at each sixteenth call. */
export function sliceClock(): () => boolean {
	let calls = 0;
	let until = performance.now() + SLICE_MS;
	return () => {
		if ((++calls & 15) !== 0) return false;
		const now = performance.now();
		if (now < until) return false;
		// The caller gives way now; its next slice begins when it is called again.
		until = now + SLICE_MS;
		return true;
	};
}

const CHUNK = 512;

/** A stable merge sort that gives way; the rows are sorted in place. */
export function* sortInSlices<T>(rows: T[], compare: (a: T, b: T) => number): Generator<Tick, void, void> {
	if (rows.length <= CHUNK) {
		rows.sort(compare);
		return;
	}
	let until = performance.now() + SLICE_MS;
	const over = (): boolean => performance.now() > until;
	for (let from = 0; from < rows.length; from += CHUNK) {
		const chunk = rows.slice(from, from + CHUNK).sort(compare);
		for (let i = 0; i < chunk.length; i++) rows[from + i] = chunk[i] as T;
		if (over()) {
			yield TICK;
			until = performance.now() + SLICE_MS;
		}
	}
	let source = rows;
	let target = new Array<T>(rows.length);
	for (let width = CHUNK; width < rows.length; width *= 2) {
		for (let from = 0; from < rows.length; from += width * 2) {
			const middle = Math.min(from + width, rows.length);
			const end = Math.min(from + width * 2, rows.length);
			let left = from;
			let right = middle;
			for (let at = from; at < end; at++) {
				const takeLeft = left < middle && (right >= end || compare(source[left] as T, source[right] as T) <= 0);
				target[at] = source[takeLeft ? left++ : right++] as T;
				if ((at & 511) === 511 && over()) {
					yield TICK;
					until = performance.now() + SLICE_MS;
				}
			}
		}
		[source, target] = [target, source];
	}
	if (source === rows) return;
	for (let i = 0; i < source.length; i++) rows[i] = source[i] as T;
}
