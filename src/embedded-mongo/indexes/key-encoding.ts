/**
 * Index keys as bytes whose order, compared byte by byte, is MongoDB's order of values.
 *
 * A key is one part per indexed field and an end mark. A part is a type byte and a payload; a descending part has all
 * its bytes inverted. No part is the beginning of another, so all keys with certain first values are those between the
 * values' parts and the next byte string. Type bytes lie in 0x10..0xef both ways round, above the end mark.
 *
 * Numbers of all types share one encoding: the largest double not above the value (8 bytes, sortable), then 0x00 if
 * that double is the value, else 0x01 and the value itself as sortable decimal digits. So 1, 1.0, NumberLong(1) and
 * Decimal128 "1.00" give the same bytes, and two longs that share a double still differ.
 */
import { createHash } from 'node:crypto';
import { compareDecimals, decimalFromBigInt, exactFromDouble, decimalToDouble, readDecimal } from '../bson/decimal.ts';
import type { Decimal, Finite } from '../bson/decimal.ts';
import { dateMillis, T, typeOf } from '../bson/values.ts';
import type {
	Binary,
	BSONRegExp,
	BSONSymbol,
	Code,
	CodeWithScope,
	DBPointer,
	Decimal128,
	Doc,
	FarDate,
	Int32,
	Long,
	ObjectId,
	Timestamp,
	Value
} from '../bson/values.ts';

/** Ends a key, before the record id of a non-unique index; below every type byte. */
export const KEY_END = 0x08;
/** Above everything that can follow a prefix. */
export const AFTER_ALL = 0xff;

/** Keys longer than this are cut and get a hash, since LMDB takes 1,978 bytes with prefix and record id. */
export const MAX_KEY_BYTES = 1800;
const HASH_BYTES = 20;

const TYPE = {
	minKey: 0x10,
	undefined: 0x18,
	null: 0x20,
	number: 0x28,
	string: 0x30,
	object: 0x38,
	array: 0x40,
	binData: 0x48,
	objectId: 0x50,
	bool: 0x58,
	date: 0x60,
	timestamp: 0x68,
	regex: 0x70,
	dbPointer: 0x78,
	code: 0x80,
	codeWithScope: 0x88,
	maxKey: 0xe8
} as const;

/** The byte with which values of a type bracket begin: `[typeByte, typeByte + 1)` spans the bracket. */
export function typeByte(value: Value): number {
	switch (typeOf(value)) {
		case T.double:
		case T.int:
		case T.long:
		case T.decimal:
			return TYPE.number;
		case T.string:
		case T.symbol:
			return TYPE.string;
		case T.object:
			return TYPE.object;
		case T.array:
			return TYPE.array;
		case T.binData:
			return TYPE.binData;
		case T.undefined:
			return TYPE.undefined;
		case T.objectId:
			return TYPE.objectId;
		case T.bool:
			return TYPE.bool;
		case T.date:
			return TYPE.date;
		case T.null:
			return TYPE.null;
		case T.regex:
			return TYPE.regex;
		case T.dbPointer:
			return TYPE.dbPointer;
		case T.javascript:
			return TYPE.code;
		case T.javascriptWithScope:
			return TYPE.codeWithScope;
		case T.timestamp:
			return TYPE.timestamp;
		case T.minKey:
			return TYPE.minKey;
		default:
			return TYPE.maxKey;
	}
}

/** A growing byte buffer; one is shared, since encoding never nests across keys. */
class Sink {
	bytes = Buffer.allocUnsafe(4096);
	length = 0;

	room(extra: number): void {
		if (this.length + extra <= this.bytes.length) return;
		const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + extra));
		this.bytes.copy(larger, 0, 0, this.length);
		this.bytes = larger;
	}
	byte(value: number): void {
		this.room(1);
		this.bytes[this.length++] = value;
	}
	uint32(value: number): void {
		this.room(4);
		this.length = this.bytes.writeUInt32BE(value, this.length);
	}
	raw(bytes: Uint8Array): void {
		this.room(bytes.length);
		this.bytes.set(bytes, this.length);
		this.length += bytes.length;
	}
	/** UTF-8 ended by 0x00; inside, 0x00 and 0x01 become 0x01 0x01 and 0x01 0x02, so no text is a prefix of another. */
	text(text: string): void {
		this.room(text.length * 3 + 1);
		const start = this.length;
		this.length += this.bytes.write(text, start, 'utf8');
		const written = this.bytes.subarray(start, this.length);
		if (written.includes(0) || written.includes(1)) {
			const plain = Buffer.from(written);
			this.length = start;
			for (const byte of plain) {
				if (byte <= 1) this.byte(1);
				this.byte(byte <= 1 ? byte + 1 : byte);
			}
		}
		this.byte(0);
	}
	/** A double so that the bytes sort: sign bit flipped for positives, all bits for negatives. */
	sortableDouble(value: number): void {
		this.room(8);
		const at = this.length;
		this.length = this.bytes.writeDoubleBE(value === 0 ? 0 : value, at);
		const first = this.bytes[at] as number;
		if (first & 0x80) for (let i = at; i < at + 8; i++) this.bytes[i] = ~(this.bytes[i] as number);
		else this.bytes[at] = first | 0x80;
	}
	sortableInt64(value: bigint): void {
		this.room(8);
		this.length = this.bytes.writeBigUInt64BE(BigInt.asUintN(64, value) ^ 0x8000000000000000n, this.length);
	}
	invert(from: number): void {
		for (let i = from; i < this.length; i++) this.bytes[i] = ~(this.bytes[i] as number);
	}
	take(): Buffer {
		return Buffer.from(this.bytes.subarray(0, this.length));
	}
}

function previousDouble(value: number): number {
	if (value === Infinity) return Number.MAX_VALUE;
	const view = new DataView(new ArrayBuffer(8));
	if (value === 0) return -Number.MIN_VALUE;
	view.setFloat64(0, value);
	view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? -1n : 1n));
	return view.getFloat64(0);
}

function writeDouble(sink: Sink, value: number): void {
	if (Number.isNaN(value)) {
		sink.raw(NAN_BYTES);
		return;
	}
	sink.sortableDouble(value);
	sink.byte(0);
}
/** NaN sorts below -Infinity. */
const NAN_BYTES = Buffer.alloc(9);

/** The exact value as digits after the double it shares with others. */
function writeFinite(sink: Sink, value: Finite): void {
	if (value.coefficient === 0n) {
		writeDouble(sink, 0);
		return;
	}
	let floor = decimalToDouble(value);
	// Conversion rounds to nearest, so the double may lie above the value.
	while (floor === Infinity || compareDecimals(exactFromDouble(floor), value) > 0) floor = previousDouble(floor);
	if (floor !== -Infinity && compareDecimals(exactFromDouble(floor), value) === 0) {
		writeDouble(sink, floor);
		return;
	}
	sink.sortableDouble(floor);
	sink.byte(1);
	const start = sink.length;
	const digits = value.coefficient.toString().replace(/0+$/, '');
	// 0.d1d2d3… × 10^magnitude; the offset keeps it positive for every Decimal128.
	const magnitude = value.coefficient.toString().length + value.exponent;
	sink.byte(((magnitude + 20000) >> 8) & 0xff);
	sink.byte((magnitude + 20000) & 0xff);
	for (const digit of digits) sink.byte(digit.charCodeAt(0));
	sink.byte(0);
	if (value.negative) sink.invert(start);
}

function writeDecimalNumber(sink: Sink, value: Decimal): void {
	if (value === 'NaN') writeDouble(sink, NaN);
	else if (value === 'Infinity') writeDouble(sink, Infinity);
	else if (value === '-Infinity') writeDouble(sink, -Infinity);
	else writeFinite(sink, value);
}

function writeValue(sink: Sink, value: Value): void {
	const type = typeOf(value);
	sink.byte(typeByte(value));
	switch (type) {
		case T.double:
			writeDouble(sink, typeof value === 'number' ? value : NaN);
			return;
		case T.int:
			writeDouble(sink, (value as Int32).value);
			return;
		case T.long: {
			const long = value as Long;
			if (long.high >= -0x200000 && long.high < 0x200000) writeDouble(sink, long.toNumber());
			else writeFinite(sink, decimalFromBigInt(long.toBigInt()));
			return;
		}
		case T.decimal:
			writeDecimalNumber(sink, readDecimal(value as Decimal128));
			return;
		case T.string:
			sink.text(value as string);
			return;
		case T.symbol:
			sink.text((value as BSONSymbol).value);
			return;
		case T.object:
			writeObject(sink, value as Doc);
			return;
		case T.array:
			for (const item of value as Value[]) writeValue(sink, item);
			sink.byte(0);
			return;
		case T.binData: {
			const binary = value as Binary;
			sink.uint32(binary.position);
			sink.byte(binary.sub_type);
			sink.raw(binary.buffer.subarray(0, binary.position));
			return;
		}
		case T.objectId:
			sink.raw((value as ObjectId).id);
			return;
		case T.bool:
			sink.byte(value ? 1 : 0);
			return;
		case T.date:
			sink.sortableInt64(dateMillis(value as Date | FarDate));
			return;
		case T.timestamp: {
			const timestamp = value as Timestamp;
			sink.uint32(timestamp.high >>> 0);
			sink.uint32(timestamp.low >>> 0);
			return;
		}
		case T.regex:
			sink.text((value as BSONRegExp).pattern);
			sink.text((value as BSONRegExp).options);
			return;
		case T.dbPointer: {
			const pointer = value as DBPointer;
			sink.uint32(Buffer.byteLength(pointer.namespace) + 1);
			sink.text(pointer.namespace);
			sink.raw(pointer.id.id);
			return;
		}
		case T.javascript:
			sink.text((value as Code).code);
			return;
		case T.javascriptWithScope:
			sink.text((value as CodeWithScope).code);
			writeObject(sink, (value as CodeWithScope).scope);
			return;
	}
}

/** Fields in order: type, name, value; so a document that is a prefix of another sorts first. */
function writeObject(sink: Sink, doc: Doc): void {
	for (const [name, value] of doc) {
		sink.byte(typeByte(value));
		sink.text(name);
		writeValue(sink, value);
	}
	sink.byte(0);
}

const shared = new Sink();

/** One part alone, ascending or descending; bounds are built from these. */
export function encodePart(value: Value, direction: 1 | -1): Buffer {
	shared.length = 0;
	writeValue(shared, value);
	if (direction < 0) shared.invert(0);
	return shared.take();
}

/** A whole key: parts and end mark, cut to MAX_KEY_BYTES with a hash if it is longer. */
export function encodeKey(values: readonly Value[], directions: readonly (1 | -1)[]): Buffer {
	shared.length = 0;
	for (let i = 0; i < values.length; i++) {
		const start = shared.length;
		writeValue(shared, values[i] as Value);
		if ((directions[i] as number) < 0) shared.invert(start);
	}
	shared.byte(KEY_END);
	if (shared.length <= MAX_KEY_BYTES) return shared.take();
	const whole = shared.bytes.subarray(0, shared.length);
	const hash = createHash('sha256').update(whole).digest().subarray(0, HASH_BYTES);
	return Buffer.concat([whole.subarray(0, MAX_KEY_BYTES - HASH_BYTES), hash]);
}

/** True for keys that were cut: their order and equality beyond the cut are not the values'. */
export function isCut(key: Buffer): boolean {
	return key.length === MAX_KEY_BYTES;
}

/** The part of a bound that stored keys are sure to keep. */
export function cutBound(bound: Buffer): Buffer {
	const kept = MAX_KEY_BYTES - HASH_BYTES;
	return bound.length > kept ? bound.subarray(0, kept) : bound;
}
