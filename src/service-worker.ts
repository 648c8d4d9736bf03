/// <reference types="@sveltejs/kit" />
/// <reference no-default-lib="true"/>
/// <reference lib="esnext" />
/// <reference lib="webworker" />

/*
 * Keeps the judge's queue and scorecards readable without a network, and nothing else: every other request passes as if
 * this worker did not exist. Pages come from the network whenever it answers in time. What was typed is kept by the
 * pages themselves, see `lib/ui/features/judging/scorecard-sync.svelte.ts`.
 */
import { version } from '$service-worker';

const worker = globalThis.self as unknown as ServiceWorkerGlobalScope;

/** Pages name people and their projects: one cache, emptied when somebody signs out. */
const pages = 'judging-pages';
const assets = `assets-${version}`;
const queue = '/app/judging';
/** How long a page may keep a judge waiting before the kept one is shown, milliseconds. */
const patienceMs = 4000;
/** A page younger than this is not fetched ahead again, milliseconds. */
const freshMs = 30 * 60_000;

const isJudging = ({ pathname }: URL): boolean => pathname === queue || /^\/app\/judging\/[0-9a-f]{24}$/.test(pathname);

worker.addEventListener('install', () => void worker.skipWaiting());

worker.addEventListener('activate', (event) => {
	const tidy = async (): Promise<void> => {
		for (const name of await caches.keys()) if (name !== pages && name !== assets) await caches.delete(name);
		await worker.clients.claim();
	};
	event.waitUntil(tidy());
});

/** Keeps a page that is what it was asked for; a page that sends to the login means that nobody is signed in. */
const keep = async (url: string, response: Response): Promise<void> => {
	if (response.redirected || !response.ok || !response.headers.get('content-type')?.startsWith('text/html')) {
		if (response.redirected && new URL(response.url).pathname === '/login') await caches.delete(pages);
		return;
	}
	await (await caches.open(pages)).put(url, response);
};

const later = (ms: number): Promise<undefined> => new Promise((resolve) => setTimeout(() => resolve(undefined), ms));

/** The address without what only matters once, for example `?done=1`. */
const plain = (url: URL): string => url.origin + url.pathname;

const fromNetworkOrKept = async (event: FetchEvent, url: URL): Promise<Response> => {
	const kept = async (): Promise<Response | undefined> => {
		const page = await caches.match(plain(url), { cacheName: pages });
		if (page || url.pathname === queue) return page;
		// Pages name their files relative to their own address, so the queue is gone to, not shown in another's place.
		return (await caches.match(url.origin + queue, { cacheName: pages })) && Response.redirect(queue);
	};
	const network = fetch(event.request).then(async (response) => {
		const copy = response.clone();
		if (isJudging(url)) event.waitUntil(keep(plain(url), copy));
		return response;
	});
	const first = await Promise.race([network.catch(() => undefined), later(patienceMs)]);
	return first ?? (await kept()) ?? network;
};

const fromKeptOrNetwork = async (request: Request): Promise<Response> => {
	const cache = await caches.open(assets);
	const kept = await cache.match(request);
	if (kept) return kept;
	const response = await fetch(request);
	if (response.ok) await cache.put(request, response.clone());
	return response;
};

worker.addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (url.origin !== worker.location.origin) return;
	if (request.method === 'POST' && url.pathname === '/logout') return event.waitUntil(caches.delete(pages));
	if (request.method !== 'GET') return;
	if (request.mode === 'navigate' && (isJudging(url) || /^\/app\/judging\/[0-9a-f]{24}\/next$/.test(url.pathname)))
		return event.respondWith(fromNetworkOrKept(event, url));
	if (url.pathname.startsWith('/_app/immutable/')) event.respondWith(fromKeptOrNetwork(request));
});

const ageOf = (response: Response): number => Date.now() - Date.parse(response.headers.get('date') ?? '');

/** Fetches pages ahead, one after the other, with the files they load. */
const fetchAhead = async (addresses: readonly string[]): Promise<void> => {
	const cache = await caches.open(pages);
	for (const address of addresses) {
		const url = new URL(address, worker.location.origin);
		const kept = await cache.match(plain(url));
		if (!isJudging(url) || (kept && ageOf(kept) < freshMs)) continue;
		const response = await fetch(plain(url), { credentials: 'same-origin' }).catch(() => undefined);
		if (!response) return;
		// The files are named in the page and in its `Link` header.
		const text = `${response.headers.get('link') ?? ''}\n${await response.clone().text()}`;
		await keep(plain(url), response);
		for (const file of new Set(text.match(/\/_app\/immutable\/[\w./-]+\.(?:js|css)/g) ?? []))
			await fromKeptOrNetwork(new Request(file)).catch(() => undefined);
	}
};

worker.addEventListener('message', (event) => {
	const message: unknown = event.data;
	if (typeof message !== 'object' || message === null || !('ahead' in message) || !Array.isArray(message.ahead)) return;
	event.waitUntil(fetchAhead(message.ahead.filter((address): address is string => typeof address === 'string')));
});
