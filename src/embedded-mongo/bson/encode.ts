import { MAX_DEPTH } from './decode.ts';
import { BSONFormatError } from './errors.ts';
import { dateMillis, OddNaN, T, typeOf } from './values.ts';
import type {
	Binary,
	BSONRegExp,
	BSONSymbol,
	Code,
	Decimal128,
	Doc,
	FarDate,
	Long,
	ObjectId,
	Timestamp,
	Value,
	CodeWithScope,
	DBPointer,
	Int32
} from './values.ts';

/** A buffer that grows; one is kept and reused, since encoding is synchronous and never re-entered. */
let buffer = Buffer.allocUnsafeSlow(1 << 16);
let view = new DataView(buffer.buffer);
let position = 0;

const INDEXES = Array.from({ length: 256 }, (_, index) => String(index));

function reserve(count: number): void {
	if (position + count <= buffer.length) return;
	const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, position + count));
	buffer.copy(larger, 0, 0, position);
	buffer = larger;
	view = new DataView(buffer.buffer);
}

function byte(value: number): void {
	reserve(1);
	buffer[position++] = value;
}

function int(value: number): void {
	reserve(4);
	buffer[position++] = value;
	buffer[position++] = value >> 8;
	buffer[position++] = value >> 16;
	buffer[position++] = value >> 24;
}

function raw(bytes: Uint8Array): void {
	reserve(bytes.length);
	if (bytes.length > 16) buffer.set(bytes, position);
	else for (let index = 0; index < bytes.length; index++) buffer[position + index] = bytes[index] as number;
	position += bytes.length;
}

function cstring(text: string): void {
	reserve(text.length * 3 + 1);
	const start = position;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code === 0) throw new BSONFormatError('a field name or pattern cannot hold a null character');
		if (code > 127) {
			position = start + buffer.write(text, start, 'utf8');
			if (text.includes('\0')) throw new BSONFormatError('a field name or pattern cannot hold a null character');
			break;
		}
		buffer[position++] = code;
	}
	buffer[position++] = 0;
}

function string(text: string): void {
	reserve(text.length * 3 + 5);
	const length = text.length < 16 ? shortText(text, position + 4) : buffer.write(text, position + 4, 'utf8');
	view.setInt32(position, length + 1, true);
	position += 4 + length;
	buffer[position++] = 0;
}

function shortText(text: string, at: number): number {
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code > 127) return buffer.write(text, at, 'utf8');
		buffer[at + index] = code;
	}
	return text.length;
}

function element(name: string, value: Value, depth: number): void {
	const type = typeOf(value);
	byte(type);
	cstring(name);
	content(type, value, depth);
}

function document(doc: Doc, depth: number): void {
	if (depth > MAX_DEPTH) throw new BSONFormatError(`nesting exceeds ${MAX_DEPTH} levels`, 15);
	const start = position;
	int(0);
	for (const [name, value] of doc) element(name, value, depth);
	byte(0);
	view.setInt32(start, position - start, true);
}

function array(items: Value[], depth: number): void {
	if (depth > MAX_DEPTH) throw new BSONFormatError(`nesting exceeds ${MAX_DEPTH} levels`, 15);
	const start = position;
	int(0);
	for (let index = 0; index < items.length; index++)
		element(INDEXES[index] ?? String(index), items[index] as Value, depth);
	byte(0);
	view.setInt32(start, position - start, true);
}

function content(type: number, value: Value, depth: number): void {
	switch (type) {
		case T.double:
			reserve(8);
			if (value instanceof OddNaN) view.setBigUint64(position, value.bits, true);
			else view.setFloat64(position, value as number, true);
			position += 8;
			return;
		case T.string:
			return string(value as string);
		case T.object:
			return document(value as Doc, depth + 1);
		case T.array:
			return array(value as Value[], depth + 1);
		case T.binData: {
			const { buffer: bytes, position: length, sub_type: subtype } = value as Binary;
			int(subtype === 2 ? length + 4 : length);
			byte(subtype);
			if (subtype === 2) int(length);
			return raw(bytes.subarray(0, length));
		}
		case T.objectId:
			return raw((value as ObjectId).id);
		case T.bool:
			return byte(value === true ? 1 : 0);
		case T.date: {
			if (value instanceof Date) {
				const millis = value.getTime();
				const high = Math.floor(millis / 0x100000000);
				int((millis - high * 0x100000000) | 0);
				return int(high);
			}
			reserve(8);
			view.setBigInt64(position, dateMillis(value as FarDate), true);
			position += 8;
			return;
		}
		case T.regex: {
			cstring((value as BSONRegExp).pattern);
			return cstring((value as BSONRegExp).options);
		}
		case T.dbPointer: {
			string((value as DBPointer).namespace);
			return raw((value as DBPointer).id.id);
		}
		case T.javascript:
			return string((value as Code).code);
		case T.symbol:
			return string((value as BSONSymbol).value);
		case T.javascriptWithScope: {
			const start = position;
			int(0);
			string((value as CodeWithScope).code);
			document((value as CodeWithScope).scope, depth + 1);
			view.setInt32(start, position - start, true);
			return;
		}
		case T.int:
			return int((value as Int32).value);
		case T.timestamp:
		case T.long: {
			int((value as Long | Timestamp).low | 0);
			return int((value as Long | Timestamp).high | 0);
		}
		case T.decimal:
			return raw((value as Decimal128).bytes);
	}
}

/** Encodes a document as BSON, in bytes of its own. */
export function encode(doc: Doc): Uint8Array {
	position = 0;
	document(doc, 1);
	const bytes = Buffer.allocUnsafeSlow(position);
	buffer.copy(bytes, 0, 0, position);
	// One huge document must not keep its buffer forever.
	if (buffer.length > 1 << 22) {
		buffer = Buffer.allocUnsafeSlow(1 << 16);
		view = new DataView(buffer.buffer);
	}
	return bytes;
}

/** The size in bytes the document has as BSON. */
export function encodedSize(doc: Doc): number {
	position = 0;
	document(doc, 1);
	return position;
}
