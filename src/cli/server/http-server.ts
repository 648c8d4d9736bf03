import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { marks } from '#lib/server/platform/marks.ts';
import { createKeptPages } from './kept-pages.ts';
import { createPageCache } from './page-cache.ts';

type Door = (request: IncomingMessage, response: ServerResponse) => boolean;
type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

const protocolHeader = 'x-miaopu-protocol';

/**
 * Serves the built application. Without `ORIGIN` and `PROTOCOL_HEADER` the address is what the browser asked for,
 * over plain http: right on one's own machine, where there is no proxy in front.
 */
export const serveApplication = async (options: { host: string; port: number; root: string }): Promise<Server> => {
	const file = join(options.root, 'build', 'app', 'handler.js');
	if (!existsSync(file)) throw new Error('The application is not built; run `npm run build`.');
	// Compose files pass variables on that nobody has set; the framework takes an empty address for a wrong one.
	if (process.env.ORIGIN === '') delete process.env.ORIGIN;
	const direct = !process.env.ORIGIN && !process.env.PROTOCOL_HEADER;
	if (direct) process.env.PROTOCOL_HEADER = protocolHeader;
	process.env.BODY_SIZE_LIMIT ??= '24M';
	process.env.MIAOPU_COMPUTE_WORKER ??= fileURLToPath(new URL('./compute-worker.js', import.meta.url));
	let door: Door = () => false;
	process.once('miaopu:door' as 'message', (opened) => (door = opened as Door));
	const { handler } = (await import(pathToFileURL(file).href)) as { handler: Handler };
	const pages = createPageCache();
	const kept = createKeptPages(process.env.MIAOPU_CHANGES);
	const server = createServer((request, response) => {
		if (direct) request.headers[protocolHeader] = 'http';
		marks().catchUp();
		if (kept.answer(request, response) || pages.answer(request, response)) return;
		readOutAfter(request, response);
		if (door(request, response)) return;
		handler(request, response, () => {
			response.statusCode = 404;
			response.end('Not found');
		});
	});
	server.keepAliveTimeout = 65_000;
	server.headersTimeout = 66_000;
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port, options.host, () => {
			server.off('error', reject);
			resolve();
		});
	});
	return server;
};

/** How long an answered client may go on sending, milliseconds. */
const patience = 10_000;

/**
 * A body nobody read (too large, refused before) would stand before the next request of its connection, and that one
 * would never be heard. So what is left of it is read and thrown away, or the connection is closed.
 */
const readOutAfter = (request: IncomingMessage, response: ServerResponse): void => {
	response.once('finish', () => {
		if (request.complete) return;
		const end = setTimeout(() => request.socket.destroy(), patience);
		request.once('close', () => clearTimeout(end));
		request.removeAllListeners('data');
		request.resume();
	});
};

/** Finishes requests in flight, at most `seconds` long, then closes. */
export const closeServer = (server: Server, seconds: number): Promise<void> =>
	new Promise((resolve) => {
		const force = setTimeout(() => server.closeAllConnections(), seconds * 1000);
		// A connection whose last answer ends after the closing began stays open for a next request that nobody will take.
		const idle = setInterval(() => server.closeIdleConnections(), 100);
		server.close(() => {
			clearTimeout(force);
			clearInterval(idle);
			resolve();
		});
		server.closeIdleConnections();
	});
