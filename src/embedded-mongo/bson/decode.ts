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
const EMPTY_CHARS: number[] = [];

const fail = (message: string): never => {
	throw new BSONFormatError(message);
};

/** One pass over one buffer. Every read is checked against `end`, the end of the enclosing document. */
export class Reader {
	readonly bytes: Buffer;
	readonly view: DataView;
	position: number;
	depth = 0;

	constructor(bytes: Uint8Array, position: number) {
		this.bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.position = position;
	}

	/** Reads a document's length and returns its end; the position moves to the first element. */
	open(limit: number): number {
		const start = this.position;
		if (limit - start < 5) fail('document is shorter than five bytes');
		const size = this.view.getInt32(start, true);
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
		for (;;) {
			const type = this.bytes[this.position++];
			if (type === 0) break;
			const name = this.cstring(end);
			doc.set(name, this.value(type ?? 0, end));
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
		const zero = this.bytes.indexOf(0, this.position);
		if (zero < 0 || zero >= end - 1) fail('name is not terminated');
		this.position = zero + 1;
	}

	cstring(end: number): string {
		const bytes = this.bytes;
		const start = this.position;
		let at = start;
		let high = 0;
		let byte: number | undefined;
		while ((byte = bytes[at]) !== 0 && byte !== undefined) {
			high |= byte;
			at++;
		}
		if (at >= end) fail('name is not terminated');
		this.position = at + 1;
		return this.text(start, at, high < 128);
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
		const chars = EMPTY_CHARS;
		chars.length = 0;
		for (let at = start; at < end; at++) chars.push(this.bytes[at] ?? 0);
		return String.fromCharCode.apply(null, chars);
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
		const length = this.view.getInt32(this.position, true);
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
		return new ObjectId(this.copy(12));
	}

	/** Reads one value of the given type that lies within a document ending at `end`. */
	value(type: number, end: number): Value {
		const at = this.position;
		switch (type) {
			case T.double: {
				this.need(8, end);
				this.position += 8;
				const number = this.view.getFloat64(at, true);
				if (number === number) return number;
				const bits = this.view.getBigUint64(at, true);
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
				const high = this.view.getInt32(at + 4, true);
				if (high >= -0x1eb208 && high < 0x1eb208) return new Date(high * 0x100000000 + this.view.getUint32(at, true));
				return dateFromMillis(this.view.getBigInt64(at, true));
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
				const size = this.length(end, 14) - 4;
				const stop = this.position + size;
				if (stop > end - 1) fail('code with scope runs past the end of its document');
				const code = this.string(stop + 1);
				const scope = this.document(stop);
				if (this.position !== stop) fail('code with scope has a wrong length');
				return new CodeWithScope(code, scope);
			}
			case T.int:
				this.need(4, end);
				this.position += 4;
				return int32(this.view.getInt32(at, true));
			case T.timestamp:
				this.need(8, end);
				this.position += 8;
				return new Timestamp({ t: this.view.getUint32(at + 4, true), i: this.view.getUint32(at, true) });
			case T.long:
				this.need(8, end);
				this.position += 8;
				return new Long(this.view.getInt32(at, true), this.view.getInt32(at + 4, true));
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
			if (length < 4 || this.view.getInt32(this.position, true) !== length - 4) fail('binary has a wrong inner length');
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
				const size = this.view.getInt32(this.position, true);
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
 * Of a repeated field name the last value counts.
 * @throws BSONFormatError if the bytes are not exactly valid BSON.
 */
export function decode(bytes: Uint8Array, offset = 0): Doc {
	return new Reader(bytes, offset).document(bytes.length);
}
