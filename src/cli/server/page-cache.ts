import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { createHash } from 'node:crypto';
import { marks } from '#lib/server/platform/marks.ts';
import { hearAnswer } from './heard-answer.ts';
import { rehearsalMark } from './rehearsal-mark.ts';

/** Answers to strangers, kept as long as each says of itself: `Cache-Control: public, s-maxage=<seconds>`. */
export type PageCache = {
	/** Answers from what is kept; false when the application has to. In that case it sees and may keep the answer. */
	answer: (request: IncomingMessage, response: ServerResponse) => boolean;
};

type Kept = { headers: OutgoingHttpHeaders; body: Buffer; etag: string; freshUntil: number; staleUntil: number; renewing: boolean };

/** Room for answers, bytes; when it is used up all of them go, which a second later nobody notices. */
const mostBytes = 16 * 1024 * 1024;
const reading = new Set(['GET', 'HEAD']);
const mark = 'pages';

/** Everything an answer may depend on: any cookie, of whatever kind, makes it another one. */
const keyOf = ({ url, headers }: IncomingMessage): string =>
	[
		url,
		headers.host,
		headers.cookie,
		headers['accept-language'],
		headers.accept,
		...[process.env.PROTOCOL_HEADER, process.env.HOST_HEADER, process.env.PORT_HEADER].map((name) => name && headers[name]),
		rehearsalMark()
	].join('\n');

const secondsOf = (response: ServerResponse): number => {
	const control = String(response.getHeader('cache-control') ?? '');
	if (response.statusCode !== 200 || response.hasHeader('set-cookie') || !/\bpublic\b/.test(control)) return 0;
	return Number(/\bs-maxage=(\d{1,4})\b/.exec(control)?.[1] ?? 0);
};

/**
 * A small shared cache before the application. What a person signed in sees says of itself that it is private and is
 * never kept. Every write of this machine's processes empties it, so what somebody did is on the next page anybody asks for.
 */
export const createPageCache = (now: () => number = Date.now): PageCache => {
	const kept = new Map<string, Kept>();
	let bytes = 0;
	let writes = 0;

	const clear = (): void => {
		writes += 1;
		kept.clear();
		bytes = 0;
	};
	marks().follow(mark, clear);

	/** Empties everybody's cache before the writer has the answer: who read before that finds his page not kept. */
	const clearWith = (response: ServerResponse): void => {
		let told = false;
		const tell = (): void => {
			if (told) return;
			told = true;
			clear();
			marks().raise(mark);
		};
		const { writeHead } = response;
		response.writeHead = ((...head: unknown[]) => {
			tell();
			return (writeHead as (...all: unknown[]) => ServerResponse).apply(response, head);
		}) as typeof response.writeHead;
		response.once('close', tell);
	};

	const send = (request: IncomingMessage, response: ServerResponse, { headers, body, etag }: Kept): void => {
		if (request.headers['if-none-match'] === etag) {
			response.writeHead(304, headers).end();
			return;
		}
		response.writeHead(200, { ...headers, 'content-length': body.length }).end(request.method === 'HEAD' ? undefined : body);
	};

	/** Watches the application's answer and keeps it, unless something was written meanwhile. */
	const watch = (key: string, response: ServerResponse): void => {
		const before = writes;
		const seconds = (): number => secondsOf(response);
		hearAnswer(
			response,
			() => seconds() > 0,
			({ headers, body }) => {
				if (seconds() === 0 || writes !== before) return;
				const etag = String(headers.etag ?? `"${createHash('sha256').update(body).digest('base64url')}"`);
				if (bytes + body.length > mostBytes) {
					kept.clear();
					bytes = 0;
				}
				bytes += body.length;
				const freshUntil = now() + seconds() * 1000;
				kept.set(key, { headers: { ...headers, etag }, body, etag, freshUntil, staleUntil: freshUntil + seconds() * 1000, renewing: false });
			}
		);
	};

	return {
		answer: (request, response) => {
			if (!reading.has(request.method ?? '')) {
				clearWith(response);
				return false;
			}
			if (request.headers.authorization || request.headers.range) return false;
			const key = keyOf(request);
			const known = kept.get(key);
			const at = now();
			if (known && (at < known.freshUntil || (at < known.staleUntil && known.renewing))) {
				send(request, response, known);
				return true;
			}
			// One asks the application; who comes meanwhile gets what there is.
			if (known) known.renewing = true;
			if (request.method === 'GET' && !request.headers['if-none-match']) watch(key, response);
			return false;
		}
	};
};
