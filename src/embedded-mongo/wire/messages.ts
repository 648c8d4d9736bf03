/**
 * Reads requests and writes replies: OP_MSG for everything, OP_QUERY on `db.$cmd` for the first handshake of a driver.
 */
import { crc32c } from './crc32c.ts';
import { FrameError, HEADER_BYTES } from './frames.ts';
import { documentLength } from './raw-bson.ts';

export const OP_REPLY = 1;
export const OP_QUERY = 2004;
export const OP_MSG = 2013;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Bits 0–15 must be understood, so an unknown one of them is an error. */
const REQUIRED_BITS = 0xffff;

export interface Request {
	requestId: number;
	opCode: typeof OP_MSG | typeof OP_QUERY;
	/** The command document. */
	body: Buffer;
	/** Document sequences by name (`documents`, `updates`, `deletes`, `ops`, `nsInfo`). */
	sequences: Map<string, Buffer[]>;
	/** The sender wants no reply. */
	moreToCome: boolean;
	/** Name of the database, for OP_QUERY only. */
	database?: string;
}

export function readRequest(message: Buffer): Request {
	const opCode = message.readInt32LE(12);
	const requestId = message.readInt32LE(4);
	if (opCode === OP_MSG) return readOpMsg(message, requestId);
	if (opCode === OP_QUERY) return readOpQuery(message, requestId);
	throw new FrameError(`opcode ${opCode} is not supported`);
}

function readOpMsg(message: Buffer, requestId: number): Request {
	if (message.length < HEADER_BYTES + 4 + 1 + 5) throw new FrameError('OP_MSG is too short');
	const flags = message.readUInt32LE(16);
	if (flags & REQUIRED_BITS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) {
		throw new FrameError(`unknown OP_MSG flags ${flags}`);
	}
	let end = message.length;
	if (flags & CHECKSUM_PRESENT) {
		end -= 4;
		if (message.readUInt32LE(end) !== crc32c(message.subarray(0, end))) {
			throw new FrameError('checksum does not agree');
		}
	}
	let body: Buffer | undefined;
	const sequences = new Map<string, Buffer[]>();
	let at = HEADER_BYTES + 4;
	while (at < end) {
		const kind = message[at++];
		if (kind === 0) {
			if (body) throw new FrameError('OP_MSG has two bodies');
			const length = documentLength(message, at, end);
			body = message.subarray(at, at + length);
			at += length;
		} else if (kind === 1) {
			if (at + 4 > end) throw new FrameError('truncated document sequence');
			const size = message.readInt32LE(at);
			const stop = at + size;
			const zero = message.indexOf(0, at + 4);
			if (size < 5 || stop > end || zero < 0 || zero >= stop) throw new FrameError('invalid document sequence');
			const name = message.toString('utf8', at + 4, zero);
			if (sequences.has(name)) throw new FrameError(`document sequence ${name} appears twice`);
			const documents: Buffer[] = [];
			at = zero + 1;
			while (at < stop) {
				const length = documentLength(message, at, stop);
				documents.push(message.subarray(at, at + length));
				at += length;
			}
			sequences.set(name, documents);
		} else {
			throw new FrameError(`unknown OP_MSG section kind ${kind}`);
		}
	}
	if (!body) throw new FrameError('OP_MSG has no body');
	return { requestId, opCode: OP_MSG, body, sequences, moreToCome: (flags & MORE_TO_COME) !== 0 };
}

function readOpQuery(message: Buffer, requestId: number): Request {
	const zero = message.indexOf(0, 20);
	if (zero < 0 || zero + 9 > message.length) throw new FrameError('invalid OP_QUERY');
	const namespace = message.toString('utf8', 20, zero);
	if (!namespace.endsWith('.$cmd')) throw new FrameError('OP_QUERY is only understood on $cmd');
	const at = zero + 9;
	const length = documentLength(message, at, message.length);
	return {
		requestId,
		opCode: OP_QUERY,
		body: message.subarray(at, at + length),
		sequences: new Map(),
		moreToCome: false,
		database: namespace.slice(0, -'.$cmd'.length)
	};
}

/** The buffers of a reply, in order; the document is not copied. */
export function writeReply(request: Request, replyId: number, document: Uint8Array[]): Uint8Array[] {
	let size = 0;
	for (const part of document) size += part.length;
	if (request.opCode === OP_MSG) {
		const head = Buffer.allocUnsafe(21);
		head.writeInt32LE(21 + size, 0);
		head.writeInt32LE(replyId, 4);
		head.writeInt32LE(request.requestId, 8);
		head.writeInt32LE(OP_MSG, 12);
		head.writeInt32LE(0, 16);
		head[20] = 0;
		return [head, ...document];
	}
	const head = Buffer.alloc(36);
	head.writeInt32LE(36 + size, 0);
	head.writeInt32LE(replyId, 4);
	head.writeInt32LE(request.requestId, 8);
	head.writeInt32LE(OP_REPLY, 12);
	head.writeInt32LE(8, 16); // AwaitCapable, as a server sends it
	head.writeInt32LE(1, 32);
	return [head, ...document];
}

