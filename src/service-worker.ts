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
/** An attachment larger than this, and what goes beyond this in all, is left to the network; bytes. */
const mostOfOne = 3 * 1024 * 1024;
const mostOfAll = 30 * 1024 * 1024;
/** A page younger than this is not fetched ahead again, milliseconds. */
const freshMs = 30 * 60_000;

const isJudging = ({ pathname }: URL): boolean => pathname === queue || /^\/app\/judging\/[0-9a-f]{24}$/.test(pathname);

/** The scorecard an attachment belongs to, by its path; undefined for everything else. */
const cardOfFile = ({ pathname }: URL): string | undefined => /^(\/app\/judging\/[0-9a-f]{24})\/files\/[0-9a-f]{24}$/.exec(pathname)?.[1];

worker.addEventListener('install', () => void worker.skipWaiting());

worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));

/** Counts changes of who is signed in: what was asked for before one is not kept after it. */
let signedInAs = 0;

/** Forgets all pages: they are the last judge's, and the phone may be the next one's. */
const forget = async (): Promise<void> => {
	signedInAs += 1;
	await caches.delete(pages).catch(() => false);
};

/** When and by which version a page was kept. The device's own clock: it is only compared with itself. */
const stamped = async (response: Response): Promise<Response> => {
	const headers = new Headers(response.headers);
	headers.delete('content-encoding');
	headers.delete('content-length');
	headers.set('x-kept-at', String(Date.now()));
	headers.set('x-kept-by', version);
	// The page tells its reader that it was kept, see `features/judging/on-this-device.svelte`.
	const text = (await response.text()).replace('<html ', `<html data-kept="${Date.now()}" `);
	return new Response(text, { status: response.status, headers });
};

/** Throws away the page of a scorecard and what belongs to it. */
const dropCard = async (page: string): Promise<void> => {
	const cache = await caches.open(pages);
	for (const { url } of await cache.keys()) if (url === page || url.startsWith(`${page}/`)) await cache.delete(url);
};

/** Keeps a page that is what it was asked for; a page that sends to the login means that nobody is signed in. */
const keep = async (url: string, response: Response, asked: number): Promise<void> => {
	if (response.redirected && new URL(response.url).pathname === '/login') return forget();
	// A scorecard that is not there any more was given to somebody else.
	if (response.status === 404) return dropCard(url);
	if (response.redirected || !response.ok || !response.headers.get('content-type')?.startsWith('text/html')) return;
	const page = await stamped(response);
	const cache = await caches.open(pages);
	if (asked === signedInAs) await cache.put(url, page);
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
	const asked = signedInAs;
	const network = fetch(event.request).then((response) => {
		// A full or refused cache keeps nothing; the page is shown all the same.
		if (isJudging(url)) event.waitUntil(keep(plain(url), response.clone(), asked).catch(() => undefined));
		return response;
	});
	const first = await Promise.race([network.catch(() => undefined), later(patienceMs)]);
	return first ?? (await kept().catch(() => undefined)) ?? network;
};

/** An attachment from the network while there is one; what this device keeps of it otherwise. */
const attachment = async (event: FetchEvent, url: URL): Promise<Response> => {
	const network = fetch(event.request).then(async (response) => {
		if (response.redirected && new URL(response.url).pathname === '/login') await forget();
		else if (response.status === 404) await (await caches.open(pages)).delete(url.href);
		return response;
	});
	const first = await Promise.race([network.catch(() => undefined), later(patienceMs)]);
	return first ?? (await caches.match(url.href, { cacheName: pages, ignoreVary: true }).catch(() => undefined)) ?? network;
};

const keepFile = async (request: Request, file: Response): Promise<void> => (await caches.open(assets)).put(request, file);

/**
 * Files never change under their name: those of an older version are as good, and kept pages may still load them. What
 * this version needs too is taken over, because the older version's are thrown away one day.
 */
const fromKeptOrNetwork = async (request: Request): Promise<Response> => {
	const own = await caches.match(request, { cacheName: assets }).catch(() => undefined);
	if (own) return own;
	const response = (await caches.match(request).catch(() => undefined)) ?? (await fetch(request));
	// A full or refused cache keeps nothing; the page gets its file all the same.
	if (response.ok) await keepFile(request, response.clone()).catch(() => undefined);
	return response;
};

/**
 * Signing out where nothing looks what is unsent: pages without scripts cannot. A judge whose pages are kept here is asked
 * on the queue, which can, and sends what it finds. From there the way out is open.
 */
const askFirst = async (request: Request): Promise<Response> => {
	const from = URL.canParse(request.referrer) ? new URL(request.referrer) : null;
	const judges = await caches.match(worker.location.origin + queue, { cacheName: pages }).catch(() => undefined);
	if (judges && request.mode === 'navigate' && !(from && isJudging(from))) return Response.redirect(`${queue}?leaving=1`, 303);
	return thenForget(request);
};

/** Whoever signs in or out, the pages on this device are somebody else's from then on. */
const thenForget = async (request: Request): Promise<Response> => {
	const response = await fetch(request);
	await forget();
	return response;
};

worker.addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (url.origin !== worker.location.origin) return;
	if (request.method === 'POST' && url.pathname === '/logout') return event.respondWith(askFirst(request));
	if (request.method === 'POST' && /^\/(?:login|join\/.*)$/.test(url.pathname)) return event.respondWith(thenForget(request));
	if (request.method !== 'GET') return;
	if (cardOfFile(url)) return event.respondWith(attachment(event, url));
	if (request.mode === 'navigate' && (isJudging(url) || /^\/app\/judging\/[0-9a-f]{24}\/next$/.test(url.pathname)))
		return event.respondWith(fromNetworkOrKept(event, url));
	if (url.pathname.startsWith('/_app/immutable/')) event.respondWith(fromKeptOrNetwork(request));
});

/** Kept lately, and by this version: a page of an older one may load files that are no longer there. */
const isFresh = ({ headers }: Response): boolean =>
	headers.get('x-kept-by') === version && Math.abs(Date.now() - Number(headers.get('x-kept-at'))) < freshMs;

/** Once every page is this version's, nothing needs the files of older ones. */
const tidy = async (): Promise<void> => {
	const cache = await caches.open(pages);
	for (const request of await cache.keys()) {
		const by = (await cache.match(request))?.headers.get('x-kept-by');
		// What a page notes beside itself carries no version.
		if (by && by !== version) await cache.delete(request);
	}
	for (const name of await caches.keys()) if (name !== pages && name !== assets) await caches.delete(name);
};

/** Fetches pages ahead, one after the other, with the files they load; answers how many there are once all are kept. */
const fetchAhead = async (addresses: readonly string[]): Promise<number> => {
	const asked = signedInAs;
	const cache = await caches.open(pages);
	for (const address of addresses) {
		const url = new URL(address, worker.location.origin);
		const kept = await cache.match(plain(url));
		if (!isJudging(url) || (kept && isFresh(kept))) continue;
		const response = await fetch(plain(url), { credentials: 'same-origin' }).catch(() => undefined);
		if (!response || asked !== signedInAs) return 0;
		// The files are named in the page and in its `Link` header.
		const text = `${response.headers.get('link') ?? ''}\n${await response.clone().text()}`;
		await keep(plain(url), response, asked);
		for (const file of new Set(text.match(/\/_app\/immutable\/[\w./-]+\.(?:js|css)/g) ?? []))
			if (!(await fromKeptOrNetwork(new Request(file)).catch(() => undefined)) || !(await caches.match(file, { cacheName: assets }))) return 0;
	}
	for (const address of addresses) if (!(await cache.match(plain(new URL(address, worker.location.origin))))) return 0;
	if (addresses.length > 0) await tidy();
	return addresses.length;
};

/** Attachments a kept page names, with their sizes in bytes. */
const named = async (page: Response | undefined): Promise<{ href: string; bytes: number }[]> =>
	[...((await page?.text()) ?? '').matchAll(/href="(\/app\/judging\/[0-9a-f]{24}\/files\/[0-9a-f]{24})" data-bytes="(\d+)"/g)].map(([, path, bytes]) => ({
		href: worker.location.origin + path,
		bytes: Number(bytes)
	}));

/**
 * Keeps the small attachments of the scorecards asked for, those needed first before the others, and lets go of what is
 * not among them any more. They lie with the pages and are forgotten with them.
 */
const fetchFiles = async (addresses: readonly string[]): Promise<void> => {
	const asked = signedInAs;
	const cache = await caches.open(pages);
	const wanted = new Set<string>();
	let room = mostOfAll;
	for (const address of addresses)
		for (const { href, bytes } of await named(await cache.match(worker.location.origin + address))) {
			if (bytes > mostOfOne || bytes > room || wanted.has(href)) continue;
			room -= bytes;
			wanted.add(href);
		}
	for (const { url } of await cache.keys()) if (cardOfFile(new URL(url)) && !wanted.has(url)) await cache.delete(url);
	for (const href of wanted) {
		if (await cache.match(href, { ignoreVary: true })) continue;
		const file = await fetch(href, { credentials: 'same-origin' }).catch(() => undefined);
		if (!file || asked !== signedInAs) return;
		if (!file.ok || file.redirected) continue;
		const whole = new Response(await file.blob(), { headers: file.headers });
		if (asked !== signedInAs) return;
		await cache.put(href, whole);
	}
};

worker.addEventListener('message', (event) => {
	const message: unknown = event.data;
	if (typeof message !== 'object' || message === null || !('ahead' in message) || !Array.isArray(message.ahead)) return;
	const ahead = message.ahead.filter((address): address is string => typeof address === 'string');
	// A phone that is to save data keeps the pages, which are small, and leaves the attachments.
	const files = !('files' in message) || message.files === true;
	const fetched = fetchAhead(ahead).then(async (all) => {
		event.source?.postMessage({ kept: all });
		if (files && all > 0) await fetchFiles(ahead);
	});
	event.waitUntil(fetched.catch(() => undefined));
});
