import { getContext, setContext } from 'svelte';

const key = Symbol('clock');

/**
 * Gives every `Time` below the instant that counts as now. The value comes from the server with the page, so that the
 * words are the same in the first byte and after the browser takes over.
 * @param read - returns the instant (ISO 8601 or Date), or nothing when the page has none
 */
export function provideClock(read: () => string | Date | undefined): void {
	setContext(key, read);
}

/** The context of a page that is taken over without the frames around it: the same as `provideClock`. */
export const clockContext = (read: () => string | Date | undefined): Map<symbol, unknown> => new Map([[key, read]]);

/** Reads the clock given by `provideClock`, or nothing. */
export function readClock(): (() => string | Date | undefined) | undefined {
	return getContext<(() => string | Date | undefined) | undefined>(key);
}
