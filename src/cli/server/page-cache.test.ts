import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createPageCache } from './page-cache.ts';

const shared = 'public, max-age=0, s-maxage=1, must-revalidate';
let server: Server | null = null;
let clock = 0;

/** A site behind the cache; the answer counts how often it was really asked. */
const site = async (handler: (request: IncomingMessage, response: ServerResponse, asked: number) => void | Promise<void>) => {
	const pages = createPageCache(() => clock);
	let asked = 0;
	server = createServer((request, response) => {
		if (pages.answer(request, response)) return;
		asked += 1;
		void handler(request, response, asked);
	});
	await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
	return async (path: string, init: RequestInit = {}) => {
		const answer = await fetch(base + path, init);
		return { status: answer.status, text: await answer.text(), headers: answer.headers };
	};
};

const page = (response: ServerResponse, text: string, control = shared, more: Record<string, string> = {}): void => {
	const headers = { 'Content-Type': 'text/html', 'Cache-Control': control, ETag: `"${text}"`, ...more };
	for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
	response.write('<p>');
	response.end(`${text} 苗圃</p>`);
};

/** Something to wait for, and how to say that it has come. */
const moment = (): [Promise<void>, () => void] => {
	let come: () => void = () => {};
	const coming = new Promise<void>((resolve) => (come = resolve));
	return [coming, () => come()];
};

afterEach(async () => {
	clock = 0;
	server?.closeAllConnections();
	await new Promise((resolve) => server?.close(resolve));
});

describe('the page cache', () => {
	it('gives strangers the same page for as long as it says, byte for byte', async () => {
		const get = await site((_request, response, asked) => page(response, String(asked)));
		const first = await get('/');
		expect(first.text).toBe('<p>1 苗圃</p>');
		const second = await get('/');
		expect(second.text).toBe(first.text);
		expect(second.headers.get('content-type')).toBe('text/html');
		expect(second.headers.get('content-length')).toBe(String(Buffer.byteLength(first.text)));
		expect((await get('/', { method: 'HEAD' })).text).toBe('');
		expect((await get('/?other')).text).toBe('<p>2 苗圃</p>');
		clock = 1000;
		expect((await get('/')).text).toBe('<p>3 苗圃</p>');
	});

	it('answers 304 to those who have it', async () => {
		const get = await site((_request, response, asked) => page(response, String(asked)));
		await get('/');
		expect((await get('/', { headers: { 'If-None-Match': '"1"' } })).status).toBe(304);
		expect((await get('/', { headers: { 'If-None-Match': '"0"' } })).status).toBe(200);
	});

	it('keeps apart whoever has other cookies or another language', async () => {
		const get = await site((_request, response, asked) => page(response, String(asked)));
		await get('/');
		expect((await get('/', { headers: { Cookie: 'miaopu_theme=dark' } })).text).toBe('<p>2 苗圃</p>');
		expect((await get('/', { headers: { Cookie: 'miaopu_session=somebody' } })).text).toBe('<p>3 苗圃</p>');
		expect((await get('/', { headers: { 'Accept-Language': 'en' } })).text).toBe('<p>4 苗圃</p>');
		expect((await get('/')).text).toBe('<p>1 苗圃</p>');
	});

	it.each([
		['a private page', 'private, no-store', {}],
		['a page that says nothing', '', {}],
		['a page with a cookie', shared, { 'Set-Cookie': 'a=b' }]
	])('never keeps %s', async (_name, control, more) => {
		const get = await site((_request, response, asked) => page(response, String(asked), control, more as Record<string, string>));
		await get('/');
		expect((await get('/')).text).toBe('<p>2 苗圃</p>');
	});

	it('asks the application for whoever brings a token', async () => {
		const get = await site((_request, response, asked) => page(response, String(asked)));
		await get('/');
		expect((await get('/', { headers: { Authorization: 'Bearer x' } })).text).toBe('<p>2 苗圃</p>');
	});

	it('shows what was written the moment its writer has the answer', async () => {
		let stored = 'old';
		const get = await site((request, response) => {
			if (request.method === 'POST') {
				stored = 'new';
				response.end('done');
			} else page(response, stored);
		});
		expect((await get('/')).text).toBe('<p>old 苗圃</p>');
		await get('/write', { method: 'POST' });
		expect((await get('/')).text).toBe('<p>new 苗圃</p>');
	});

	it('does not keep a page read before a write and finished after it', async () => {
		let stored = 'old';
		const [waiting, go] = moment();
		const [reading, arrived] = moment();
		const get = await site(async (request, response, asked) => {
			if (request.method === 'POST') {
				stored = 'new';
				response.end('done');
				return;
			}
			const read = stored;
			if (asked === 1) {
				arrived();
				await waiting;
			}
			page(response, read);
		});
		const slow = get('/');
		await reading;
		await get('/write', { method: 'POST' });
		go();
		expect((await slow).text).toBe('<p>old 苗圃</p>');
		expect((await get('/')).text).toBe('<p>new 苗圃</p>');
	});

	it('lets one ask for a page that is over while the others get what there is, but not for long', async () => {
		const [waiting, go] = moment();
		const [asking, arrived] = moment();
		const get = await site(async (_request, response, asked) => {
			if (asked === 2) {
				arrived();
				await waiting;
			}
			page(response, String(asked));
		});
		await get('/');
		clock = 1500;
		const renewing = get('/');
		await asking;
		expect((await get('/')).text).toBe('<p>1 苗圃</p>');
		clock = 2000;
		expect((await get('/')).text).toBe('<p>3 苗圃</p>');
		go();
		expect((await renewing).text).toBe('<p>2 苗圃</p>');
	});
});
