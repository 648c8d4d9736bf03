import type { EventEmitter } from 'node:events';
import { Agent, request } from 'node:http';
import autocannon from 'autocannon';

/** What a load run showed: answers in all and a second, latency percentiles in milliseconds, answers that were no 2xx, mean body bytes. */
export type Load = { answers: number; perSecond: number; p50: number; p95: number; failed: number; bytes: number };

const percentile = (sorted: readonly number[], share: number): number =>
	sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

let unlike = 0;

/** Makes each request another one by a cookie nobody knows, so that no answer can have been kept. */
const neverAsked = (request: autocannon.Request): autocannon.Request => {
	const headers = request.headers as Record<string, string> | undefined;
	return { ...request, headers: { ...headers, Cookie: `${headers?.Cookie ?? ''}; unlike=${(unlike += 1)}` } };
};

/** Asks for addresses in turn over kept connections for so many seconds; `anew`: so that each has to be made. */
export const readLoad = async (options: {
	address: string;
	paths: readonly string[];
	headers?: Record<string, string>;
	connections: number;
	seconds: number;
	anew?: boolean;
}): Promise<Load> => {
	const times: number[] = [];
	const more = options.anew ? { setupRequest: neverAsked } : {};
	const run = autocannon({
		url: options.address,
		connections: options.connections,
		duration: options.seconds,
		headers: { 'accept-encoding': 'identity', ...options.headers },
		requests: options.paths.map((path) => ({ method: 'GET' as const, path, headers: options.headers, ...more }))
	});
	// The published types know the promise only; the value is the running instance too.
	(run as unknown as EventEmitter).on('response', (_client: unknown, _status: number, _bytes: number, milliseconds: number) =>
		times.push(milliseconds)
	);
	const result = await run;
	times.sort((a, b) => a - b);
	return {
		answers: result.requests.total,
		perSecond: result.requests.total / result.duration,
		p50: percentile(times, 0.5),
		p95: percentile(times, 0.95),
		failed: result.non2xx + result.errors,
		bytes: result.requests.total === 0 ? 0 : Math.round(result.throughput.total / result.requests.total)
	};
};

/** One writing call; answers its status. */
export type Write = { method: 'PUT' | 'POST'; path: string; headers: Record<string, string>; body: unknown };

const call = (agent: Agent, address: URL, { method, path, headers, body }: Write): Promise<{ status: number; bytes: number }> =>
	new Promise((resolve, reject) => {
		const text = JSON.stringify(body);
		const sent = request(
			{ agent, host: address.hostname, port: address.port, method, path, headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) } },
			(response) => {
				let bytes = 0;
				response.on('data', (chunk: Buffer) => (bytes += chunk.length));
				response.on('end', () => resolve({ status: response.statusCode ?? 0, bytes }));
			}
		);
		sent.on('error', reject);
		sent.end(text);
	});

/** Lets so many writers, each a phone with a connection of its own, work at once until the time is over or nothing is left to write. */
export const writeLoad = async (options: {
	address: string;
	writers: number;
	seconds: number;
	/** The next write of a writer, or null when it has none left. */
	next: (writer: number) => Write | null;
}): Promise<Load> => {
	const address = new URL(options.address);
	const agents = Array.from({ length: options.writers }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
	const times: number[] = [];
	let failed = 0;
	let bytes = 0;
	const began = performance.now();
	const end = began + options.seconds * 1000;
	await Promise.all(
		agents.map(async (agent, writer) => {
			for (let write = options.next(writer); write !== null && performance.now() < end; write = options.next(writer)) {
				const sent = performance.now();
				const answer = await call(agent, address, write);
				times.push(performance.now() - sent);
				bytes += answer.bytes;
				if (answer.status < 200 || answer.status > 299) failed += 1;
			}
		})
	);
	const seconds = (performance.now() - began) / 1000;
	for (const agent of agents) agent.destroy();
	times.sort((a, b) => a - b);
	return {
		answers: times.length,
		perSecond: times.length / seconds,
		p50: percentile(times, 0.5),
		p95: percentile(times, 0.95),
		failed,
		bytes: times.length === 0 ? 0 : Math.round(bytes / times.length)
	};
};
