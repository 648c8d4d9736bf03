/**
 * Cuts a byte stream into MongoDB wire messages.
 *
 * A message is `int32 length, int32 requestId, int32 responseTo, int32 opCode` and a body. The length is checked as
 * soon as four bytes are there, so a hostile length never makes us wait for, or allocate, more than the maximum.
 */

export const MAX_MESSAGE_BYTES = 48_000_000;
export const HEADER_BYTES = 16;

export class FrameError extends Error {}

export interface FrameReader {
	/** Takes a chunk and returns the complete messages it finishes, as views that stay valid. */
	push(chunk: Buffer): Buffer[];
}

/** Room for the beginning of a message; it doubles, so that what was announced but not sent takes no memory. */
const FIRST_ROOM = 1024;

export function createFrameReader(): FrameReader {
	/** The beginning of an unfinished message; `held` bytes of `room` are filled. */
	let room: Buffer | undefined;
	let held = 0;
	let wanted = 4;

	/** Adds to the unfinished message; however small the chunks, each byte is copied at most a few times. */
	function gather(chunk: Buffer): Buffer {
		const total = held + chunk.length;
		if (!room || room.length < total) {
			const larger = Buffer.allocUnsafeSlow(Math.max(total, Math.min(Math.max(wanted, 64), Math.max(FIRST_ROOM, total * 2))));
			if (room) room.copy(larger, 0, 0, held);
			room = larger;
		}
		chunk.copy(room, held);
		held = total;
		return room.subarray(0, total);
	}

	function keep(rest: Buffer): void {
		room = undefined;
		held = 0;
		if (rest.length > 0) gather(rest);
	}

	return {
		push(chunk) {
			let data = chunk;
			if (held > 0) {
				data = gather(chunk);
				if (held < wanted) return [];
			}
			const messages: Buffer[] = [];
			wanted = 4;
			while (data.length >= 4) {
				const length = data.readInt32LE(0);
				if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) {
					throw new FrameError(`message length ${length} is outside ${HEADER_BYTES}..${MAX_MESSAGE_BYTES}`);
				}
				if (data.length < length) {
					wanted = length;
					break;
				}
				messages.push(data.subarray(0, length));
				data = data.subarray(length);
			}
			if (messages.length > 0 || held === 0) keep(data);
			return messages;
		}
	};
}
