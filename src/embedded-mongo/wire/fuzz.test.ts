/** Random and damaged frames: the server stays up, and another client notices nothing. FUZZ_FRAMES sets how many. */
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { serialize } from 'bson';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHarness } from '../conformance/harness.ts';
import type { Harness } from '../conformance/harness.ts';
import { crc32c } from './crc32c.ts';

const FRAMES = Number(process.env['FUZZ_FRAMES'] ?? 4000);

let h: Harness;
let socketPath: string;
beforeAll(async () => {
	h = await startHarness();
	socketPath = decodeURIComponent(h.store.uri.replace('mongodb://', '').split('/')[0] as string);
});
afterAll(() => h.stop());

/** A small generator with a seed, so that a failure can be repeated. */
function random(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

function opMsg(command: Record<string, unknown>, checksum = false): Buffer {
	const body = Buffer.from(serialize({ ...command, $db: 'fuzz' }));
	const message = Buffer.alloc(21 + body.length + (checksum ? 4 : 0));
	message.writeInt32LE(message.length, 0);
	message.writeInt32LE(7, 4);
	message.writeInt32LE(2013, 12);
	message.writeUInt32LE(checksum ? 1 : 0, 16);
	body.copy(message, 21);
	if (checksum) message.writeUInt32LE(crc32c(message.subarray(0, message.length - 4)), message.length - 4);
	return message;
}

const COMMANDS: Record<string, unknown>[] = [
	{ ping: 1 },
	{ hello: 1 },
	{ insert: 'f', documents: [{ a: 1, b: { c: ['x', 2.5] } }] },
	{ find: 'f', filter: { a: { $gte: 0 } }, sort: { b: 1 }, projection: { a: 1 } },
	{ update: 'f', updates: [{ q: { a: 1 }, u: { $inc: { n: 1 } } }] },
	{ delete: 'f', deletes: [{ q: { a: 2 }, limit: 1 }] },
	{ aggregate: 'f', pipeline: [{ $match: { a: 1 } }, { $group: { _id: '$a', n: { $sum: 1 } } }], cursor: {} },
	{ createIndexes: 'f', indexes: [{ key: { a: 1 }, name: 'a_1' }] },
	{ getMore: 5, collection: 'f' },
	{ unknown: 1 }
];

function damage(next: () => number): Buffer {
	const base = opMsg(COMMANDS[Math.floor(next() * COMMANDS.length)] as Record<string, unknown>, next() < 0.2);
	const kind = next();
	if (kind < 0.1) {
		return Buffer.from(Array.from({ length: 1 + Math.floor(next() * 80) }, () => Math.floor(next() * 256)));
	}
	if (kind < 0.2) {
		base.writeInt32LE(Math.floor((next() - 0.5) * 0xffffffff), 0);
		return base;
	}
	if (kind < 0.3) return base.subarray(0, Math.floor(next() * base.length));
	const changes = 1 + Math.floor(next() * 4);
	for (let i = 0; i < changes; i++) {
		// The length is left alone here, so that damage reaches the inner parsers.
		base[4 + Math.floor(next() * (base.length - 4))] = next() < 0.5 ? Math.floor(next() * 256) : [0, 1, 0x7f, 0xff][Math.floor(next() * 4)] as number;
	}
	return base;
}

function open(): Promise<Socket> {
	return new Promise((done, failed) => {
		const socket = createConnection(socketPath, () => done(socket));
		socket.on('error', failed);
		socket.on('error', () => {});
		socket.on('data', () => {});
	});
}

it('survives damaged frames and serves others meanwhile', { timeout: 60_000 }, async () => {
	const seed = Number(process.env['FUZZ_SEED'] ?? 20240501);
	const next = random(seed);
	const witness = h.fresh();
	let served = 0;
	for (let frame = 0; frame < FRAMES; ) {
		const socket = await open();
		const closed = new Promise<void>((done) => socket.on('close', () => done()));
		for (let i = 0; i < 20 && !socket.destroyed && frame < FRAMES; i++, frame++) socket.write(damage(next));
		await witness.insertOne({ frame });
		served++;
		socket.end();
		socket.destroySoon();
		await closed;
	}
	expect(await witness.countDocuments()).toBe(served);
	expect(await h.db.command({ ping: 1 })).toEqual({ ok: 1 });
	expect(await h.db.command({ validate: witness.collectionName })).toMatchObject({ valid: true });
	const fuzzed = await h.client.db('fuzz').listCollections().toArray();
	for (const { name } of fuzzed) expect(await h.client.db('fuzz').command({ validate: name })).toMatchObject({ valid: true });
});

it('closes a connection that announces an oversize message', async () => {
	const socket = await open();
	const closed = new Promise<void>((done) => socket.on('close', () => done()));
	const head = Buffer.alloc(16);
	head.writeInt32LE(48_000_001, 0);
	socket.write(head);
	await closed;
});

it('answers several requests sent at once, in order', async () => {
	const socket = await open();
	const chunks: Buffer[] = [];
	socket.on('data', (chunk: Buffer) => chunks.push(chunk));
	const requests = [1, 2, 3].map((id) => {
		const message = opMsg({ ping: 1 }, id === 2);
		message.writeInt32LE(id, 4);
		if (id === 2) message.writeUInt32LE(crc32c(message.subarray(0, message.length - 4)), message.length - 4);
		return message;
	});
	// Cut in the middle of a message, as networks do.
	const all = Buffer.concat(requests);
	socket.write(all.subarray(0, 30));
	await new Promise((done) => setTimeout(done, 20));
	socket.write(all.subarray(30));
	await expect
		.poll(() => {
			const data = Buffer.concat(chunks);
			const ids: number[] = [];
			for (let at = 0; at + 16 <= data.length; at += data.readInt32LE(at)) ids.push(data.readInt32LE(at + 8));
			return ids;
		})
		.toEqual([1, 2, 3]);
	socket.destroy();
});

it('sends no reply when more is to come', async () => {
	const socket = await open();
	const chunks: Buffer[] = [];
	socket.on('data', (chunk: Buffer) => chunks.push(chunk));
	const silent = opMsg({ insert: 'quiet', documents: [{ _id: 1 }], writeConcern: { w: 0 } });
	silent.writeUInt32LE(2, 16);
	const loud = opMsg({ ping: 1 });
	loud.writeInt32LE(9, 4);
	socket.write(Buffer.concat([silent, loud]));
	await expect.poll(() => Buffer.concat(chunks).length).toBeGreaterThan(16);
	expect(Buffer.concat(chunks).readInt32LE(8)).toBe(9);
	expect(await h.client.db('fuzz').collection('quiet').countDocuments()).toBe(1);
	socket.destroy();
});
