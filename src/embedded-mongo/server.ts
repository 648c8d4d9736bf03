/** Accepts connections and turns messages into commands, each connection's one after the other. */
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { BSONFormatError } from './bson/codec.ts';
import { dispatch } from './commands/dispatch.ts';
import { warnOnce } from './commands/error-reply.ts';
import { ConnectionDropped } from './commands/fail-point.ts';
import type { Store } from './store.ts';
import { createFrameReader, FrameError } from './wire/frames.ts';
import { readRequest, writeReply } from './wire/messages.ts';
import { RawBsonError } from './wire/raw-bson.ts';

/** Messages a connection may have waiting before its socket is no longer read. */
const MAX_WAITING = 64;

export interface Listener {
	server: Server;
	close(): Promise<void>;
}

export function createListener(store: Store): Listener {
	const sockets = new Set<Socket>();
	let nextConnection = 1;
	let nextReply = 1;

	function serve(socket: Socket): void {
		const connectionId = nextConnection++;
		const reader = createFrameReader();
		let waiting: Buffer[] = [];
		let busy = false;
		sockets.add(socket);
		store.connections.current++;
		store.connections.totalCreated++;
		store.activity.clients.set(connectionId, { address: addressOf(socket) });
		socket.setNoDelay(true);

		async function work(): Promise<void> {
			busy = true;
			for (let message = waiting.shift(); message && !socket.destroyed; message = waiting.shift()) {
				if (waiting.length < MAX_WAITING && socket.isPaused()) socket.resume();
				try {
					const request = readRequest(message);
					const document = await dispatch(store, request, connectionId);
					if (request.moreToCome || socket.destroyed) continue;
					const parts = writeReply(request, nextReply++ & 0x7fffffff, document);
					if (parts.length <= 2 || totalLength(parts) < 65_536) socket.write(Buffer.concat(parts));
					else {
						socket.cork();
						for (const part of parts) socket.write(part);
						socket.uncork();
					}
				} catch (error) {
					// What cannot be read as a message ends this connection and no other.
					if (!isMalformed(error)) warnOnce(error);
					socket.destroy();
				}
			}
			busy = false;
		}

		socket.on('data', (chunk) => {
			try {
				waiting.push(...reader.push(chunk as Buffer));
			} catch {
				socket.destroy();
				return;
			}
			if (waiting.length > MAX_WAITING) socket.pause();
			if (!busy && waiting.length > 0) void work();
		});
		socket.on('error', () => socket.destroy());
		socket.on('close', () => {
			waiting = [];
			sockets.delete(socket);
			store.connections.current--;
			store.activity.clients.delete(connectionId);
		});
	}

	const server = createServer(serve);
	return {
		server,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				for (const socket of sockets) socket.destroy();
			})
	};
}

/** `host:port`; a Unix socket's peer has no address. */
function addressOf({ remoteAddress, remotePort }: Socket): string {
	return remoteAddress === undefined ? 'anonymous unix socket' : `${remoteAddress}:${remotePort}`;
}

function totalLength(parts: Uint8Array[]): number {
	let total = 0;
	for (const part of parts) total += part.length;
	return total;
}

function isMalformed(error: unknown): boolean {
	return (
		error instanceof FrameError ||
		error instanceof RawBsonError ||
		error instanceof BSONFormatError ||
		error instanceof ConnectionDropped
	);
}
