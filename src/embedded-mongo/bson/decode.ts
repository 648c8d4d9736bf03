import { BSONFormatError } from './errors.ts';
import {
	Binary,
	BSONSymbol,
	Code,
	CodeWithScope,
	dateFromMillis,
	DBPointer,
	Decimal128,
	int32,
	Long,
	MaxKey,
	MinKey,
	ObjectId,
	OddNaN,
	regex,
	T,
	Timestamp,
	UNDEFINED
} from './values.ts';
import type { Doc, Value } from './values.ts';

/** The deepest nesting of documents and arrays that is accepted. */
export const MAX_DEPTH = 200;

const CANONICAL_NAN = 0x7ff8000000000000n;
const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const MIN_KEY = new MinKey();
const MAX_KEY = new MaxKey();
const CHARS: number[] = [];
const SCRATCH_ID = new Uint8Array(12);
const SCRATCH_DOUBLE = new Float64Array(1);
const SCRATCH_BYTES = new Uint8Array(SCRATCH_DOUBLE.buffer);

/** Recent field names by a hash of their bytes: documents of a collection repeat the same few. */
const NAMES: (string | undefined)[] = new Array<string | undefined>(2048).fill(undefined);
const LONGEST_NAME = 32;

const fail = (message: string): never => {
	throw new BSONFormatError(message);
};

/** One pass over one buffer. Every read is checked against `end`, the end of the enclosing document. */
export class Reader {
	readonly bytes: Buffer;
	position: number;
	depth = 0;

	constructor(bytes: Uint8Array, position: number) {
		this.bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.position = position;
	}

	/** The caller has made sure that four bytes are there. */
	int32At(at: number): number {
		const bytes = this.bytes;
		return (
			(bytes[at] as number) |
			((bytes[at + 1] as number) << 8) |
			((bytes[at + 2] as number) << 16) |
			((bytes[at + 3] as number) << 24)
		);
	}

	/** Reads a document's length and returns its end; the position moves to the first element. */
	open(limit: number): number {
		const start = this.position;
		if (limit - start < 5) fail('document is shorter than five bytes');
		const size = this.int32At(start);
		if (size < 5 || size > limit - start) fail(`document length ${size} does not fit`);
		if (this.bytes[start + size - 1] !== 0) fail('document does not end with a zero byte');
		if (++this.depth > MAX_DEPTH) throw new BSONFormatError(`nesting exceeds ${MAX_DEPTH} levels`, 15);
		this.position = start + 4;
		return start + size;
	}

	close(end: number): void {
		if (this.position !== end) fail('document ends before its declared length');
		this.depth--;
	}

	document(limit: number): Doc {
		const end = this.open(limit);
		const doc: Doc = new Map();
		for (let count = 1; ; count++) {
			const type = this.bytes[this.position++];
			if (type === 0) break;
			const name = this.cstring(end);
			doc.set(name, this.value(type ?? 0, end));
			if (doc.size !== count) fail(`field '${name}' appears twice`);
		}
		this.close(end);
		return doc;
	}

	array(limit: number): Value[] {
		const end = this.open(limit);
		const items: Value[] = [];
		for (;;) {
			const type = this.bytes[this.position++];
			if (type === 0) break;
			this.skipCString(end);
			items.push(this.value(type ?? 0, end));
		}
		this.close(end);
		return items;
	}

	skipCString(end: number): void {
		const bytes = this.bytes;
		let at = this.position;
		while (at < end && bytes[at] !== 0) at++;
		if (at >= end - 1) fail('name is not terminated');
		this.position = at + 1;
	}

	cstring(end: number): string {
		const bytes = this.bytes;
		const start = this.position;
		let at = start;
		let high = 0;
		let hash = 0;
		for (let byte = bytes[at]; byte !== 0 && byte !== undefined; byte = bytes[++at]) {
			high |= byte;
			hash = (hash * 31 + byte) | 0;
		}
		if (at >= end) fail('name is not terminated');
		this.position = at + 1;
		if (high > 127 || at - start > LONGEST_NAME) return this.text(start, at, high < 128);
		const slot = (hash ^ (hash >>> 11)) & 2047;
		const known = NAMES[slot];
		if (known !== undefined && this.spells(known, start, at)) return known;
		return (NAMES[slot] = this.text(start, at, true));
	}

	/** Whether the bytes are exactly this ASCII text. */
	spells(text: string, start: number, end: number): boolean {
		if (text.length !== end - start) return false;
		for (let at = start; at < end; at++) if (text.charCodeAt(at - start) !== this.bytes[at]) return false;
		return true;
	}

	text(start: number, end: number, ascii: boolean): string {
		if (ascii) return end - start < 12 ? this.shortAscii(start, end) : this.bytes.toString('latin1', start, end);
		const text = this.bytes.toString('utf8', start, end);
		if (text.includes('\ufffd')) {
			try {
				return STRICT_UTF8.decode(this.bytes.subarray(start, end));
			} catch {
				fail('text is not valid UTF-8');
			}
		}
		return text;
	}

	shortAscii(start: number, end: number): string {
		CHARS.length = end - start;
		for (let at = start; at < end; at++) CHARS[at - start] = this.bytes[at] as number;
		return String.fromCharCode.apply(null, CHARS);
	}

	string(end: number): string {
		const length = this.length(end, 1);
		const start = this.position;
		const last = start + length - 1;
		if (this.bytes[last] !== 0) fail('string is not terminated');
		this.position = last + 1;
		let high = 0;
		if (length < 64) {
			for (let at = start; at < last; at++) high |= this.bytes[at] ?? 0;
		} else high = 128;
		return this.text(start, last, high < 128);
	}

	/** A length prefix, checked to lie within the enclosing document (whose last byte is its terminator). */
	length(end: number, least: number): number {
		this.need(4, end);
		const length = this.int32At(this.position);
		this.position += 4;
		if (length < least || length > end - 1 - this.position) fail(`length ${length} does not fit`);
		return length;
	}

	need(count: number, end: number): void {
		if (count > end - 1 - this.position) fail('value runs past the end of its document');
	}

	copy(count: number): Uint8Array {
		const from = this.position;
		this.position = from + count;
		return Uint8Array.prototype.slice.call(this.bytes, from, from + count);
	}

	objectId(end: number): ObjectId {
		this.need(12, end);
		for (let at = 0; at < 12; at++) SCRATCH_ID[at] = this.bytes[this.position + at] as number;
		this.position += 12;
		return new ObjectId(SCRATCH_ID);
	}

	/** Reads one value of the given type that lies within a document ending at `end`. */
	value(type: number, end: number): Value {
		const at = this.position;
		switch (type) {
			case T.double: {
				this.need(8, end);
				this.position += 8;
				for (let index = 0; index < 8; index++) SCRATCH_BYTES[index] = this.bytes[at + index] as number;
				const number = SCRATCH_DOUBLE[0] as number;
				if (number === number) return number;
				const bits = this.bytes.readBigUInt64LE(at);
				return bits === CANONICAL_NAN ? number : new OddNaN(bits);
			}
			case T.string:
				return this.string(end);
			case T.object:
				return this.document(end - 1);
			case T.array:
				return this.array(end - 1);
			case T.binData:
				return this.binary(end);
			case T.undefined:
				return UNDEFINED;
			case T.objectId:
				return this.objectId(end);
			case T.bool: {
				const byte = this.bytes[this.position++];
				if (byte !== 0 && byte !== 1) fail('boolean is neither 0 nor 1');
				return byte === 1;
			}
			case T.date: {
				this.need(8, end);
				this.position += 8;
				const high = this.int32At(at + 4);
				if (high >= -0x1eb208 && high < 0x1eb208) return new Date(high * 0x100000000 + (this.int32At(at) >>> 0));
				return dateFromMillis(this.bytes.readBigInt64LE(at));
			}
			case T.null:
				return null;
			case T.regex: {
				const pattern = this.cstring(end);
				return regex(pattern, this.cstring(end));
			}
			case T.dbPointer: {
				const namespace = this.string(end);
				return new DBPointer(namespace, this.objectId(end));
			}
			case T.javascript:
				return new Code(this.string(end));
			case T.symbol:
				return new BSONSymbol(this.string(end));
			case T.javascriptWithScope: {
				// Unlike the length of a string, this one counts itself.
				this.need(4, end);
				const size = this.int32At(at);
				const stop = at + size;
				if (size < 14 || stop > end - 1) fail(`code length ${size} does not fit`);
				this.position += 4;
				const code = this.string(stop + 1);
				const scope = this.document(stop);
				if (this.position !== stop) fail('code with scope has a wrong length');
				return new CodeWithScope(code, scope);
			}
			case T.int:
				this.need(4, end);
				this.position += 4;
				return int32(this.int32At(at));
			case T.timestamp:
				this.need(8, end);
				this.position += 8;
				return new Timestamp({ t: this.int32At(at + 4) >>> 0, i: this.int32At(at) >>> 0 });
			case T.long:
				this.need(8, end);
				this.position += 8;
				return new Long(this.int32At(at), this.int32At(at + 4));
			case T.decimal:
				this.need(16, end);
				return new Decimal128(this.copy(16));
			case T.maxKey:
				return MAX_KEY;
			case T.minKey:
				return MIN_KEY;
			default:
				return fail(`unknown element type ${type}`);
		}
	}

	binary(end: number): Binary {
		let length = this.length(end, 0);
		this.need(length + 1, end);
		const subtype = this.bytes[this.position++] ?? 0;
		if (subtype === 2) {
			// The old generic subtype repeats its length inside.
			if (length < 4 || this.int32At(this.position) !== length - 4) fail('binary has a wrong inner length');
			length -= 4;
			this.position += 4;
		}
		return new Binary(this.copy(length), subtype);
	}

	/** Moves past one value without building it; lengths are checked, contents are not. */
	skip(type: number, end: number): void {
		switch (type) {
			case T.double:
			case T.date:
			case T.timestamp:
			case T.long:
				this.need(8, end);
				this.position += 8;
				return;
			case T.int:
				this.need(4, end);
				this.position += 4;
				return;
			case T.bool:
				this.need(1, end);
				this.position += 1;
				return;
			case T.null:
			case T.undefined:
			case T.minKey:
			case T.maxKey:
				return;
			case T.objectId:
				this.need(12, end);
				this.position += 12;
				return;
			case T.string:
			case T.javascript:
			case T.symbol: {
				const length = this.length(end, 1);
				this.position += length;
				return;
			}
			case T.object:
			case T.array: {
				this.need(4, end);
				const size = this.int32At(this.position);
				if (size < 5 || size > end - 1 - this.position) fail(`document length ${size} does not fit`);
				this.position += size;
				return;
			}
			default:
				this.value(type, end);
		}
	}
}

/**
 * Decodes one BSON document that starts at `offset`.
 * A field name that repeats within one document is refused, since no map could hold both values.
 * @throws BSONFormatError if the bytes are not exactly valid BSON.
 */
export function decode(bytes: Uint8Array, offset = 0): Doc {
	return new Reader(bytes, offset).document(bytes.length);
}
