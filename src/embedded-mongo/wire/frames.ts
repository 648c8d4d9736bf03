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

export function createFrameReader(): FrameReader {
	let held: Buffer[] = [];
	let heldBytes = 0;
	let wanted = 4;

	return {
		push(chunk) {
			held.push(chunk);
			heldBytes += chunk.length;
			if (heldBytes < wanted) return [];
			let data = held.length === 1 ? chunk : Buffer.concat(held, heldBytes);
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
			held = data.length > 0 ? [data] : [];
			heldBytes = data.length;
			return messages;
		}
	};
}
