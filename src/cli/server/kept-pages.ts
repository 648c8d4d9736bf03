import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { randomBytes } from 'node:crypto';
import { readChangeCounters, type ChangeReader } from '#embedded-mongo/changes';
import { groundsHeader } from '#lib/server/http/kept-header.ts';
import { hearAnswer } from './heard-answer.ts';
import { rehearsalMark } from './rehearsal-mark.ts';

/** Pages of people who have signed in, given again as long as nothing they rest on has changed. */
export type KeptPages = {
	/** Answers from what is kept; false when the application has to. In that case it sees and may keep the answer. */
	answer: (request: IncomingMessage, response: ServerResponse) => boolean;
};

type Kept = {
	headers: OutgoingHttpHeaders;
	body: Buffer;
	/** Places and values of the counters the page rests on, in turn. */
	grounds: Uint32Array;
	nonce: Nonce | null;
	at: number;
};

/** A page's one-time number for its scripts, and where it stands in the body. */
type Nonce = { text: string; at: number[] };

/** A page says how much time is left: it is not given later than this, milliseconds. */
const longestMs = 30_000;
/** Room for pages, bytes; the oldest go first. */
const mostBytes = 16 * 1024 * 1024;

const policyHeader = 'content-security-policy';
const nonceBytes = 16;

/** Everything a page depends on besides the database: who asks, for what, and how they read. */
const keyOf = ({ url, headers }: IncomingMessage, protocol: string | undefined): string =>
	[url, headers.host, headers.cookie, headers['accept-language'], headers.accept, protocol, rehearsalMark()].join('\n');

const nonceIn = (headers: OutgoingHttpHeaders, body: Buffer): Nonce | null => {
	const text = /'nonce-([A-Za-z0-9+/]{22}==)'/.exec(String(headers[policyHeader] ?? ''))?.[1];
	if (text === undefined) return null;
	const at: number[] = [];
	for (let found = body.indexOf(text); found >= 0; found = body.indexOf(text, found + text.length)) at.push(found);
	return { text, at };
};

const groundsIn = (text: string): Uint32Array => Uint32Array.from(text.split(/[ .]/), Number);

/** The same page with a number of its own for its scripts. */
const renewed = ({ headers, body, nonce }: Kept): { headers: OutgoingHttpHeaders; body: Buffer } => {
	if (!nonce) return { headers, body };
	const fresh = randomBytes(nonceBytes).toString('base64');
	const own = Buffer.from(body);
	for (const at of nonce.at) own.write(fresh, at, 'latin1');
	return { headers: { ...headers, [policyHeader]: String(headers[policyHeader]).replaceAll(nonce.text, fresh) }, body: own };
};

const nothingKept: KeptPages = { answer: () => false };

/**
 * Keeps pages that tell what they rest on. `file`: where the store counts its changes; without it nothing is known and
 * nothing kept. A person gets only what was made for exactly the same request of theirs, session and all, and only while
 * every counter below it stands where it stood before the page's data were read.
 */
export const createKeptPages = (file: string | undefined, now: () => number = Date.now): KeptPages => {
	if (!file) return nothingKept;
	const changes: ChangeReader = readChangeCounters(file);
	const kept = new Map<string, Kept>();
	let bytes = 0;

	const drop = (key: string, page: Kept): void => {
		kept.delete(key);
		bytes -= page.body.length;
	};

	const stands = ({ grounds, at }: Kept): boolean => {
		if (now() - at > longestMs) return false;
		changes.look();
		for (let at = 0; at < grounds.length; at += 2) if (changes.counters[grounds[at] ?? 0] !== grounds[at + 1]) return false;
		return true;
	};

	const keep = (key: string, page: Kept): void => {
		const before = kept.get(key);
		if (before) drop(key, before);
		kept.set(key, page);
		bytes += page.body.length;
		for (const [oldKey, old] of kept) {
			if (bytes <= mostBytes) return;
			drop(oldKey, old);
		}
	};

	/** Watches the application's answer; what it rests on is for this server only. */
	const watch = (key: string, response: ServerResponse): void => {
		const at = now();
		const { writeHead } = response;
		let grounds: string | null = null;
		response.writeHead = ((...head: unknown[]) => {
			const told = response.getHeader(groundsHeader);
			response.removeHeader(groundsHeader);
			if (typeof told === 'string' && head[0] === 200 && !response.hasHeader('set-cookie')) grounds = told;
			return (writeHead as (...all: unknown[]) => ServerResponse).apply(response, head);
		}) as typeof response.writeHead;
		hearAnswer(
			response,
			() => grounds !== null,
			({ headers, body }) => {
				if (grounds !== null)
					keep(key, { headers: { ...headers, 'content-length': body.length }, body, grounds: groundsIn(grounds), nonce: nonceIn(headers, body), at });
			}
		);
	};

	return {
		answer: (request, response) => {
			const { method, url = '', headers } = request;
			// Nobody but this server asks for grounds.
			delete headers[groundsHeader];
			if (method !== 'GET' || !url.startsWith('/app') || !headers.cookie || headers.authorization || headers.range) return false;
			const key = keyOf(request, process.env.PROTOCOL_HEADER && headers[process.env.PROTOCOL_HEADER]?.toString());
			const page = kept.get(key);
			if (page && stands(page)) {
				const { headers: own, body } = renewed(page);
				response.writeHead(200, { ...own, age: String(Math.floor((now() - page.at) / 1000)) }).end(body);
				return true;
			}
			if (page) drop(key, page);
			headers[groundsHeader] = '1';
			watch(key, response);
			return false;
		}
	};
};
