/**
 * Walks BSON without decoding it: the store passes most documents through as the bytes they came in.
 * Every function checks lengths against the buffer, since the bytes may come straight from a socket.
 */

export class RawBsonError extends Error {}

/** One element: its BSON type, the place of its name and of its value inside the document. */
export interface RawElement {
	type: number;
	name: string;
	/** Offset of the type byte. */
	start: number;
	valueStart: number;
	/** Offset after the value. */
	end: number;
}

function fail(reason: string): never {
	throw new RawBsonError(reason);
}

/** Checks the length prefix and final zero of a document and returns the length. */
export function documentLength(bytes: Buffer, at: number, limit: number): number {
	if (at + 5 > limit) fail('truncated document');
	const length = bytes.readInt32LE(at);
	if (length < 5 || at + length > limit) fail(`invalid document length ${length}`);
	if (bytes[at + length - 1] !== 0) fail('document is not terminated');
	return length;
}

/** Returns the offset after a value of the type at `at`. */
function valueEnd(bytes: Buffer, type: number, at: number, limit: number): number {
	switch (type) {
		case 0x06:
		case 0x0a:
		case 0x7f:
		case 0xff:
			return at;
		case 0x08:
			if (at + 1 > limit || (bytes[at] as number) > 1) fail('invalid boolean');
			return at + 1;
		case 0x10:
			return at + 4;
		case 0x01:
		case 0x09:
		case 0x11:
		case 0x12:
			return at + 8;
		case 0x07:
			return at + 12;
		case 0x13:
			return at + 16;
		case 0x02:
		case 0x0d:
		case 0x0e:
			return stringEnd(bytes, at, limit);
		case 0x0c:
			return stringEnd(bytes, at, limit) + 12;
		case 0x03:
		case 0x04:
			return at + documentLength(bytes, at, limit);
		case 0x05: {
			if (at + 5 > limit) fail('truncated binary');
			const length = bytes.readInt32LE(at);
			if (length < 0) fail('negative binary length');
			return at + 5 + length;
		}
		case 0x0b:
			return cstringEnd(bytes, cstringEnd(bytes, at, limit), limit);
		case 0x0f: {
			if (at + 4 > limit) fail('truncated code');
			const length = bytes.readInt32LE(at);
			if (length < 14 || at + length > limit) fail('invalid code length');
			const scope = stringEnd(bytes, at + 4, at + length);
			if (scope + documentLength(bytes, scope, at + length) !== at + length) fail('invalid code scope');
			return at + length;
		}
		default:
			return fail(`unrecognized BSON type ${type}`);
	}
}

function stringEnd(bytes: Buffer, at: number, limit: number): number {
	if (at + 5 > limit) fail('truncated string');
	const length = bytes.readInt32LE(at);
	if (length < 1 || at + 4 + length > limit) fail('invalid string length');
	if (bytes[at + 3 + length] !== 0) fail('string is not terminated');
	return at + 4 + length;
}

function cstringEnd(bytes: Buffer, at: number, limit: number): number {
	const zero = bytes.indexOf(0, at);
	if (zero < 0 || zero >= limit) fail('unterminated name');
	return zero + 1;
}

/** The elements of the document that starts at `at`, in order. */
export function* elements(bytes: Buffer, at = 0, limit = bytes.length): Generator<RawElement> {
	const end = at + documentLength(bytes, at, limit) - 1;
	let position = at + 4;
	while (position < end) {
		const type = bytes[position] as number;
		const valueStart = cstringEnd(bytes, position + 1, end);
		const next = valueEnd(bytes, type, valueStart, end);
		if (next > end) fail('element runs past its document');
		yield {
			type,
			name: bytes.toString('utf8', position + 1, valueStart - 1),
			start: position,
			valueStart,
			end: next
		};
		position = next;
	}
	if (position !== end) fail('document length does not agree with its elements');
}

/** Finds one top-level element without making objects for the others. */
export function findElement(bytes: Buffer, name: string): RawElement | undefined {
	const end = documentLength(bytes, 0, bytes.length) - 1;
	const size = Buffer.byteLength(name);
	let position = 4;
	while (position < end) {
		const type = bytes[position] as number;
		const valueStart = cstringEnd(bytes, position + 1, end);
		const next = valueEnd(bytes, type, valueStart, end);
		if (valueStart - position - 2 === size && bytes.toString('utf8', position + 1, valueStart - 1) === name) {
			return { type, name, start: position, valueStart, end: next };
		}
		position = next;
	}
	return undefined;
}

/** The documents inside an array element, as views; or the name of the first element that is none. */
export function arrayOfDocuments(bytes: Buffer, array: RawElement): Buffer[] | string {
	const found: Buffer[] = [];
	for (const element of elements(bytes, array.valueStart, array.end)) {
		if (element.type !== 0x03) return element.name;
		found.push(bytes.subarray(element.valueStart, element.end));
	}
	return found;
}

/** A copy of the document without one of its elements. */
export function withoutElement(bytes: Buffer, element: RawElement): Buffer {
	const copy = Buffer.concat([bytes.subarray(0, element.start), bytes.subarray(element.end)]);
	copy.writeInt32LE(copy.length, 0);
	return copy;
}
