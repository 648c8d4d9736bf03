/** The framing itself, byte by byte, on a real socket. */
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHarness } from '../conformance/harness.ts';
import type { Harness } from '../conformance/harness.ts';
import { crc32c } from './crc32c.ts';
import { opMsg } from './hostile-frames.ts';

let h: Harness;
let socketPath: string;
beforeAll(async () => {
	h = await startHarness();
	socketPath = decodeURIComponent(h.store.uri.replace('mongodb://', '').split('/')[0] as string);
});
afterAll(() => h.stop());

function open(): Promise<Socket> {
	return new Promise((done, failed) => {
		const socket = createConnection(socketPath, () => done(socket));
		socket.on('error', failed);
		socket.on('error', () => {});
		socket.on('data', () => {});
	});
}

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
