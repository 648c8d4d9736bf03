/** Connections in great number, in bad faith or half dead: others notice nothing, and nothing of them remains. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle, startChild } from '../conformance/child.ts';
import type { Child } from '../conformance/child.ts';
import { opMsg } from './hostile-frames.ts';

const CONNECTIONS = Number(process.env['CONNECTIONS'] ?? 10_000);
/** Open at the same time. */
const WAVE = 500;

let server: { file: string; remove(): void };
let child: Child;
let client: MongoClient;
let socketPath: string;
const dataDir = mkdtempSync(join(tmpdir(), 'connections-'));

beforeAll(async () => {
	server = await bundle(new URL('../conformance/serve.ts', import.meta.url));
	child = await startChild(server.file, [dataDir]);
	client = await MongoClient.connect(child.line);
	socketPath = decodeURIComponent(child.line.replace('mongodb://', '').split('/')[0] as string);
	await client.db('fuzz').collection('rows').insertMany(Array.from({ length: 100 }, (_, i) => ({ _id: i as never, text: 'x'.repeat(10_000) })));
}, 60_000);
afterAll(async () => {
	await client.close();
	child.process.kill('SIGTERM');
	await child.exited;
	server.remove();
	rmSync(dataDir, { recursive: true, force: true });
});

/** Megabytes of the server that are not mapped file; only Linux tells. */
function memory(): number {
	try {
		return Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.process.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
	} catch {
		return 0;
	}
}

async function open(): Promise<Socket> {
	for (;;) {
		try {
			return await new Promise((done, failed) => {
				const socket = createConnection({ path: socketPath, allowHalfOpen: true }, () => done(socket));
				socket.on('error', failed);
			});
		} catch (error) {
			// So many wait to be accepted that the system refuses more for a moment.
			if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
			await pause(10);
		}
	}
}

const closed = (socket: Socket): Promise<void> => new Promise((done) => (socket.destroyed ? done() : socket.once('close', () => done())));
const pause = (millis: number): Promise<void> => new Promise((done) => setTimeout(done, millis));
const status = async (): Promise<{ current: number; totalCreated: number }> => (await client.db().admin().serverStatus())['connections'];
const connections = async (): Promise<number> => Number((await status()).current);

/** What each of many connections does before it is dropped. */
const MANNERS: ((socket: Socket) => void | Promise<void>)[] = [
	() => {},
	(socket) => void socket.write(opMsg({ ping: 1 }).subarray(0, 10)),
	(socket) => void socket.write(opMsg({ find: 'rows' })),
	(socket) => void socket.end(opMsg({ ping: 1 }).subarray(0, 30)),
	(socket) => void socket.write(Buffer.from([0x30, 0x75, 0, 0, 1, 0])),
	(socket) => void socket.write(Buffer.alloc(3)),
	(socket) => void socket.end()
];

it(`forgets ${CONNECTIONS} connections that were opened and dropped`, { timeout: 120_000 }, async () => {
	const witness = client.db().collection<{ _id: number }>('witness');
	const before = { memory: memory(), connections: await connections() };
	let asked = 0;
	/** A durable write and a read; milliseconds. */
	const round = async (): Promise<number> => {
		const sent = performance.now();
		const _id = asked++;
		await witness.insertOne({ _id });
		expect((await witness.findOne({ _id }))?._id).toBe(_id);
		return performance.now() - sent;
	};
	for (let i = 0; i < 20; i++) await round();
	let done = false;
	const flood = async (): Promise<void> => {
		for (let made = 0; made < CONNECTIONS; made += WAVE) {
			const sockets = await Promise.all(Array.from({ length: Math.min(WAVE, CONNECTIONS - made) }, open));
			await Promise.all(sockets.map((socket, i) => MANNERS[i % MANNERS.length]?.(socket)));
			for (const socket of sockets) socket.destroy();
		}
	};
	const began = performance.now();
	const flooding = flood().finally(() => (done = true));
	flooding.catch(() => {});
	const times: number[] = [];
	while (!done) times.push(await round());
	await flooding;
	// Who has to let the flood pass first waits as long as it lasts, on a slow machine too.
	expect(Math.max(...times)).toBeLessThan(Math.max(3000, (performance.now() - began) / 2));
	// The last ones may still wait to be accepted.
	await expect.poll(async () => Number((await status()).totalCreated), { timeout: 30_000 }).toBeGreaterThanOrEqual(CONNECTIONS);
	await expect.poll(connections).toBeLessThanOrEqual(before.connections + 2);
	await expect.poll(() => memory() - before.memory).toBeLessThan(100);
	expect(child.errors()).toBe('');
});

it('waits for slow senders without harm, and understands them in the end', async () => {
	const slow = await Promise.all(Array.from({ length: 50 }, open));
	const message = opMsg({ ping: 1 });
	const answers = slow.map((socket) => new Promise<Buffer>((done) => socket.once('data', done)));
	for (let at = 0; at < message.length; at++) {
		for (const socket of slow) socket.write(message.subarray(at, at + 1));
		if (at % 8 === 0) expect(await client.db().command({ ping: 1 })).toEqual({ ok: 1 });
		await pause(2);
	}
	for (const answer of await Promise.all(answers)) expect(answer.readInt32LE(12)).toBe(2013);
	for (const socket of slow) socket.destroy();
});

it('takes no memory for messages that are announced and never sent', async () => {
	const before = memory();
	const sockets = await Promise.all(Array.from({ length: 300 }, open));
	const head = Buffer.alloc(100);
	head.writeInt32LE(47_999_999, 0);
	head.writeInt32LE(2013, 12);
	for (const socket of sockets) socket.write(head);
	await pause(200);
	expect(await client.db().command({ ping: 1 })).toEqual({ ok: 1 });
	expect(memory() - before).toBeLessThan(60);
	for (const socket of sockets) socket.destroy();
});

it('stops working for a client that does not read its answers', { timeout: 60_000 }, async () => {
	const before = memory();
	const socket = await open();
	socket.pause();
	// Each answer is a megabyte; together half a gigabyte.
	const question = opMsg({ find: 'rows', batchSize: 100 });
	for (let i = 0; i < 500; i++) socket.write(question);
	for (let i = 0; i < 20; i++) {
		await pause(25);
		expect(await client.db().command({ ping: 1 })).toEqual({ ok: 1 });
	}
	expect(memory() - before).toBeLessThan(150);
	// Once it reads, it gets all.
	let bytes = 0;
	socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
	socket.resume();
	await expect.poll(() => bytes, { timeout: 30_000 }).toBeGreaterThan(500 * 1_000_000);
	socket.destroy();
});

it('does what a client asked for that wanted no answer and has left', async () => {
	const socket = await open();
	const writes = Array.from({ length: 20 }, (_, i) => {
		const message = opMsg({ insert: 'left', documents: [{ _id: i }], writeConcern: { w: 0 } });
		message.writeUInt32LE(2, 16);
		return message;
	});
	socket.end(Buffer.concat(writes));
	await closed(socket);
	await expect.poll(() => client.db('fuzz').collection('left').countDocuments()).toBe(20);
});
