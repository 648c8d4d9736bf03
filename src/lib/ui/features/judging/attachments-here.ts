/**
 * Which attachments of a proposal this device keeps, by address: the service worker puts them beside the pages.
 * @param addresses paths as the page links them
 */
export const attachmentsHere = async (addresses: readonly string[]): Promise<ReadonlySet<string>> => {
	try {
		if (addresses.length === 0 || !navigator.serviceWorker?.controller) return new Set();
		const cache = await caches.open('judging-pages');
		const found = await Promise.all(addresses.map((address) => cache.match(address, { ignoreVary: true })));
		return new Set(addresses.filter((_, at) => found[at] !== undefined));
	} catch {
		// A device that keeps nothing keeps no attachments.
		return new Set();
	}
};
