/** Accepts connections and turns messages into commands, each connection's one after the other. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { BSONFormatError } from './bson/codec.ts';
import { dispatch } from './commands/dispatch.ts';
import { warnOnce } from './commands/error-reply.ts';
import { ConnectionDropped } from './commands/fail-point.ts';
import type { Store } from './store.ts';
import { createFrameReader, FrameError } from './wire/frames.ts';
import { readRequest, writeReply } from './wire/messages.ts';
import type { Request } from './wire/messages.ts';
import { RawBsonError } from './wire/raw-bson.ts';

/** Messages a connection may have waiting before its socket is no longer read. */
const MAX_WAITING = 64;

/** Bytes of replies a client may leave unread before its next request has to wait. */
const MAX_UNREAD = 1024 * 1024;

/** How long one connection's waiting messages may keep the thread before others get their turn, in milliseconds. */
const TURN_MS = 2;

/** Replies up to this size are copied into one buffer, which costs less than writing their parts. */
const COPIED_BYTES = 64 * 1024;

export interface Listener {
	server: Server;
	close(): Promise<void>;
}

/** Four fifths of the files this process may open: storage needs some of its own, as in MongoDB. */
function connectionLimit(): number | undefined {
	try {
		const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
		return limit === undefined ? undefined : Math.max(64, Math.floor(Number(limit) * 0.8));
	} catch {
		return undefined;
	}
}

export function createListener(store: Store): Listener {
	const sockets = new Set<Socket>();
	let nextConnection = 1;
	let nextReply = 1;

	function serve(socket: Socket): void {
		const connection = { id: nextConnection++, closed: false };
		const reader = createFrameReader();
		/** Messages read; those before `at` are done. */
		let waiting: Buffer[] = [];
		let at = 0;
		let busy = false;
		/** Stopped until the client has read what it asked for. */
		let unread = false;
		sockets.add(socket);
		store.connections.current++;
		store.connections.totalCreated++;
		store.activity.clients.set(connection.id, { address: addressOf(socket) });
		socket.setNoDelay(true);

		function send(request: Request, document: Uint8Array[]): void {
			if (request.moreToCome || connection.closed) return;
			const parts = writeReply(request, nextReply++ & 0x7fffffff, document);
			let total = 0;
			for (const part of parts) total += part.length;
			store.activity.network.bytesOut += total;
			if (total <= COPIED_BYTES) socket.write(Buffer.concat(parts, total));
			else {
				socket.cork();
				for (const part of parts) socket.write(part);
				socket.uncork();
			}
		}

		/** What cannot be read as a message ends this connection and no other. */
		function fail(error: unknown): void {
			if (!isMalformed(error)) warnOnce(error);
			waiting = [];
			at = 0;
			socket.destroy();
		}

		function goOn(): void {
			busy = false;
			work();
		}

		/** Works off what is waiting; a command that has to wait itself continues here when it is done. */
		function work(): void {
			const until = performance.now() + TURN_MS;
			let corked = false;
			while (at < waiting.length) {
				if (socket.writableLength > MAX_UNREAD && !connection.closed) {
					busy = true;
					unread = true;
					break;
				}
				const message = waiting[at++] as Buffer;
				if (at === waiting.length) {
					waiting = [];
					at = 0;
				} else if (!corked) {
					// Several answers at once share one write.
					corked = true;
					socket.cork();
				}
				if (waiting.length - at < MAX_WAITING && socket.isPaused()) socket.resume();
				try {
					const request = readRequest(message);
					// Who wants no answer need not stay for it.
					if (connection.closed && !request.moreToCome) continue;
					const document = dispatch(store, request, connection);
					if (document instanceof Promise) {
						busy = true;
						document.then((done) => send(request, done)).then(goOn, fail);
						break;
					}
					send(request, document);
				} catch (error) {
					fail(error);
					break;
				}
				if (at < waiting.length && performance.now() > until) {
					busy = true;
					setImmediate(goOn);
					break;
				}
			}
			if (corked && !socket.destroyed) socket.uncork();
		}

		function onRead(): void {
			if (!unread) return;
			unread = false;
			goOn();
		}

		socket.on('drain', onRead);
		socket.on('data', (chunk: Buffer) => {
			try {
				store.activity.network.bytesIn += chunk.length;
				const messages = reader.push(chunk);
				store.activity.network.requests += messages.length;
				if (waiting.length === 0) waiting = messages;
				else waiting.push(...messages);
			} catch (error) {
				fail(error);
				return;
			}
			if (waiting.length - at > MAX_WAITING) socket.pause();
			if (!busy) work();
		});
		socket.on('error', () => socket.destroy());
		socket.on('close', () => {
			connection.closed = true;
			onRead();
			sockets.delete(socket);
			store.connections.current--;
			store.activity.clients.delete(connection.id);
		});
	}

	const server = createServer(serve);
	const limit = connectionLimit();
	if (limit !== undefined) server.maxConnections = limit;
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

function isMalformed(error: unknown): boolean {
	return (
		error instanceof FrameError ||
		error instanceof RawBsonError ||
		error instanceof BSONFormatError ||
		error instanceof ConnectionDropped
	);
}
