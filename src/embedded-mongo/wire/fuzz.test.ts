/**
 * Frames no honest client sends: damaged, truncated, nonsensical, deep. The server stays up and says what is wrong, its
 * memory comes back, and a well-behaved client beside them notices nothing.
 * FUZZ_FRAMES sets how many (default 100,000), FUZZ_SEED which.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle, startChild } from '../conformance/child.ts';
import type { Child } from '../conformance/child.ts';
import { hostileFrames, random } from './hostile-frames.ts';

const FRAMES = Number(process.env['FUZZ_FRAMES'] ?? 100_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20240501);
const CONNECTIONS = 32;
/** Frames written at once. */
const VOLLEY = 50;

let server: { file: string; remove(): void };
let child: Child;
let client: MongoClient;
let socketPath: string;
const dataDir = mkdtempSync(join(tmpdir(), 'fuzz-'));

beforeAll(async () => {
	server = await bundle(new URL('../conformance/serve.ts', import.meta.url));
	child = await startChild(server.file, [dataDir]);
	client = await MongoClient.connect(child.line);
	socketPath = decodeURIComponent(child.line.replace('mongodb://', '').split('/')[0] as string);
}, 60_000);
afterAll(async () => {
	await client.close();
	child.process.kill('SIGTERM');
	await child.exited;
	server.remove();
	rmSync(dataDir, { recursive: true, force: true });
});

/** Megabytes of the server that are not mapped file; only Linux tells. */
function memoryOf({ process: { pid } }: Child): number {
	try {
		return Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
	} catch {
		return 0;
	}
}

/** Counts replies, checks that each is a message, and tells when there are enough or when there will be no more. */
function watch(socket: Socket): { replies: number; closed: boolean; until(replies: number): Promise<void> } {
	let held: Buffer = Buffer.alloc(0);
	let wanted = Infinity;
	let wake = (): void => {};
	const watched = {
		replies: 0,
		closed: false,
		until(replies: number): Promise<void> {
			if (watched.closed || watched.replies >= replies) return Promise.resolve();
			wanted = replies;
			return new Promise((done) => (wake = done));
		}
	};
	socket.on('data', (chunk: Buffer) => {
		held = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
		while (held.length >= 16 && held.length >= held.readInt32LE(0)) {
			const length = held.readInt32LE(0);
			if (length < 16 || ![1, 2013].includes(held.readInt32LE(12))) throw new Error('the reply is no message');
			watched.replies++;
			held = held.subarray(length);
		}
		if (watched.replies >= wanted) wake();
	});
	socket.on('error', () => {});
	socket.on('close', () => {
		watched.closed = true;
		wake();
	});
	return watched;
}

/** Sends volleys on one connection after the other until enough frames were dealt with. */
async function attack(make: () => { bytes: Buffer; last: boolean }, enough: () => boolean, dealtWith: (frames: number) => void): Promise<void> {
	while (!enough()) {
		const socket = createConnection(socketPath);
		const watched = watch(socket);
		for (let volleys = 0; volleys < 20 && !watched.closed && !enough(); volleys++) {
			const before = watched.replies;
			const bytes: Buffer[] = [];
			let last = false;
			while (bytes.length < VOLLEY && !last) {
				const made = make();
				bytes.push(made.bytes);
				last = made.last;
			}
			if (last) socket.end(Buffer.concat(bytes));
			else socket.write(Buffer.concat(bytes));
			// Every frame gets a reply, but for the one that ends the connection.
			await watched.until(last ? Infinity : before + bytes.length);
			dealtWith(watched.replies - before + (watched.closed ? 1 : 0));
		}
		socket.end();
		await watched.until(Infinity);
	}
}

it(`survives ${FRAMES} hostile frames and serves others meanwhile`, { timeout: 60_000 + FRAMES * 5 }, async () => {
	const next = random(SEED);
	const make = hostileFrames(next);
	const witness = client.db().collection<{ _id: number; frame: number }>('witness');
	const before = memoryOf(child);
	let frames = 0;
	let rounds = 0;
	/** A durable write and a read; milliseconds. */
	const round = async (): Promise<number> => {
		const sent = performance.now();
		const _id = rounds++;
		await witness.insertOne({ _id, frame: frames });
		expect((await witness.findOne({ _id }))?._id).toBe(_id);
		return performance.now() - sent;
	};
	const alone: number[] = [];
	for (let i = 0; i < 30; i++) alone.push(await round());
	const times: number[] = [];
	let done = false;
	const began = performance.now();
	const attacks = Promise.all(
		Array.from({ length: CONNECTIONS }, () =>
			attack(
				make,
				() => frames >= FRAMES,
				(count) => (frames += count)
			)
		)
	).finally(() => (done = true));
	while (!done) times.push(await round());
	await attacks;
	expect(frames).toBeGreaterThanOrEqual(FRAMES);
	expect(await witness.countDocuments()).toBe(rounds);
	const share = (of: number[], part: number): number => of.sort((a, b) => a - b)[Math.floor(of.length * part)] ?? 0;
	// Each of 32 attackers may take its turn first, twice; on a busy machine everything takes longer.
	expect(share(times, 0.95)).toBeLessThan(Math.max(1000, 40 * share(alone, 0.5), (performance.now() - began) / 10));
	expect(child.process.exitCode).toBeNull();
	expect(await client.db().command({ ping: 1 })).toEqual({ ok: 1 });
	for (const { name: database } of (await client.db().admin().listDatabases()).databases) {
		for (const { name } of await client.db(database).listCollections().toArray()) {
			expect(await client.db(database).command({ validate: name }), `${database}.${name}`).toMatchObject({ valid: true });
		}
	}
	// Nothing a client sends is an internal error of ours.
	expect(child.errors().match(/.*Warning:.*\n.*\n.*/g) ?? []).toEqual([]);
	await expect.poll(() => memoryOf(child) - before).toBeLessThan(150);
	if (process.env['FUZZ_FRAMES']) console.log(`${frames} frames, ${times.length} rounds of the witness, p50 ${times[times.length >> 1]?.toFixed(1)} ms, longest ${times.at(-1)?.toFixed(1)} ms`);
});
