import type { ScorecardContent } from './scorecard-content.ts';

/**
 * What the server acknowledged after a kept page was fetched. Without it a page opened without a network would show an
 * empty scorecard where the server has a full one. It lies beside the kept pages, and is forgotten with them.
 */
export type Acknowledged = { version: number; status: string; at: string | null; content: ScorecardContent };
/** With the moment it was noted, milliseconds of the device's clock, as pages are stamped. */
type Noted = Acknowledged & { noted: number };

const pages = 'judging-pages';
const addressOf = (id: string): string => `/app/judging/${id}?acknowledged`;

/** Notes an acknowledged save, where pages are kept at all. */
export const noteAcknowledged = async (id: string, acknowledged: Acknowledged): Promise<void> => {
	try {
		if (!navigator.serviceWorker?.controller) return;
		await (await caches.open(pages)).put(addressOf(id), new Response(JSON.stringify({ ...acknowledged, noted: Date.now() } satisfies Noted)));
	} catch {
		// A device that keeps nothing keeps no pages either.
	}
};

/** What was acknowledged last of a scorecard, or null. */
export const lastAcknowledged = async (id: string): Promise<Noted | null> => {
	try {
		const found = await caches.match(addressOf(id), { cacheName: pages });
		return found ? ((await found.json()) as Noted) : null;
	} catch {
		return null;
	}
};

/** When the page on the screen was kept, if it was opened from this device instead of from the server. */
export const keptSince = (): Date | null => {
	const { kept } = document.documentElement.dataset;
	return kept ? new Date(Number(kept)) : null;
};

/** States acknowledged after the page on the screen was kept, by scorecard; none for a page from the server. */
export const acknowledgedSince = async (): Promise<ReadonlyMap<string, string>> => {
	const since = keptSince();
	if (!since) return new Map();
	try {
		const cache = await caches.open(pages);
		const found = (await cache.keys()).map(({ url }) => new URL(url)).filter(({ search }) => search === '?acknowledged');
		const states = await Promise.all(
			found.map(async ({ pathname }): Promise<[string, string][]> => {
				const id = pathname.split('/').at(-1) ?? '';
				const last = await lastAcknowledged(id);
				return last && last.noted > since.getTime() ? [[id, last.status]] : [];
			})
		);
		return new Map(states.flat());
	} catch {
		return new Map();
	}
};
