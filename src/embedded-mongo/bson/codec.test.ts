import { Binary, Code, Decimal128, Long, MaxKey, MinKey, ObjectId, serialize, Timestamp } from 'bson';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDocument } from './check.ts';
import { decode, encode, encodedSize, MANY, MAX_DEPTH, readPath } from './codec.ts';
import { BSONFormatError } from './errors.ts';
import { int32, typeOf } from './values.ts';
import type { Doc, Value } from './values.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const roundTrip = (bytes: Uint8Array) => hex(encode(decode(bytes)));

/** A document with one element, from its type and content bytes. */
function element(type: number, ...content: number[]): Buffer {
	const body = Buffer.from([type, 0x61, 0, ...content, 0]);
	const head = Buffer.alloc(4);
	head.writeInt32LE(body.length + 4);
	return Buffer.concat([head, body]);
}

describe('every type goes through unchanged', () => {
	test('as the driver writes it', () => {
		const bytes = serialize(
			{
				double: 1.5,
				string: 'ä😀',
				doc: { x: 1 },
				list: [1, 'a', [2]],
				bin: new Binary(Buffer.from('x'), 5),
				old: new Binary(Buffer.from('x'), 2),
				id: new ObjectId(),
				yes: true,
				date: new Date(-1),
				far: new Date(8.64e15),
				none: null,
				regex: /x/i,
				code: new Code('f()'),
				scoped: new Code('f()', { a: 1 }),
				int: -5,
				ts: new Timestamp({ t: 4294967295, i: 1 }),
				long: Long.MIN_VALUE,
				dec: Decimal128.fromString('-1.20E+5'),
				min: new MinKey(),
				max: new MaxKey(),
				undef: undefined,
				'': 1,
				ключ: 1
			},
			{ ignoreUndefined: false }
		);
		expect(roundTrip(bytes)).toBe(hex(bytes));
		expect(encodedSize(decode(bytes))).toBe(bytes.length);
	});
	test.each([
		['a binary', new Binary(Buffer.from('x'), 5)],
		['an old binary', new Binary(Buffer.from('x'), 2)],
		['a regular expression', /x/i],
		['code', new Code('f()')],
		['code with scope', new Code('f()', { a: 1 })],
		['code with an empty scope', new Code('', {})],
		['a document', {}],
		['an array', []],
		['text', '']
	])('%s at the end of its document', (_, last) => {
		const bytes = serialize({ _id: 1, last });
		expect(roundTrip(bytes)).toBe(hex(bytes));
		expect(() => checkDocument(bytes)).not.toThrow();
	});
	test.each<[string, Buffer]>([
		['negative zero', element(1, 0, 0, 0, 0, 0, 0, 0, 0x80)],
		['a NaN with a payload', element(1, 1, 2, 3, 4, 5, 6, 0xf8, 0xff)],
		['a date JavaScript cannot hold', element(9, 255, 255, 255, 255, 255, 255, 255, 127)],
		['the earliest date', element(9, 0, 0, 0, 0, 0, 0, 0, 0x80)],
		['a decimal that is not canonical', element(19, ...Array<number>(14).fill(255), 0xff, 0x6f)],
		['a symbol', element(14, 2, 0, 0, 0, 0x78, 0)],
		['a DBPointer', element(12, 2, 0, 0, 0, 0x78, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)],
		['undefined', element(6)],
		['a regular expression with unknown options', element(11, 0x78, 0, 0x7a, 0x71, 0)]
	])('%s', (_, bytes) => {
		expect(roundTrip(bytes)).toBe(hex(bytes));
	});
	test('the order of keys, integer-like ones and __proto__', () => {
		const doc: Doc = new Map<string, Value>([
			['b', int32(1)],
			['2', int32(2)],
			['1', int32(3)],
			['__proto__', int32(4)]
		]);
		expect([...decode(encode(doc)).keys()]).toEqual(['b', '2', '1', '__proto__']);
	});
});

describe('hostile bytes are refused', () => {
	test.each<[string, Buffer]>([
		['nothing', Buffer.alloc(0)],
		['a length beyond the bytes', Buffer.from([9, 0, 0, 0, 0])],
		['a length below five', Buffer.from([4, 0, 0, 0, 0])],
		['no terminator', Buffer.from([5, 0, 0, 0, 1])],
		['a negative length', Buffer.from([255, 255, 255, 255, 0])],
		['an unknown type', element(0x20)],
		['a string without a terminator', element(2, 2, 0, 0, 0, 0x78, 0x78)],
		['a string longer than its document', element(2, 100, 0, 0, 0, 0x78, 0)],
		['a string of length zero', element(2, 0, 0, 0, 0)],
		['broken UTF-8', element(2, 2, 0, 0, 0, 0xff, 0)],
		['a boolean of 2', element(8, 2)],
		['a field name that repeats', Buffer.from([11, 0, 0, 0, 10, 0x61, 0, 10, 0x61, 0, 0])],
		['a cut double', element(1, 0, 0, 0)],
		['an inner document that reaches outside', element(3, 50, 0, 0, 0, 0)],
		['binary of a negative length', element(5, 255, 255, 255, 255, 0)],
		['old binary with a wrong inner length', element(5, 4, 0, 0, 0, 2, 9, 0, 0, 0)],
		['bytes after the end of the elements', Buffer.from([6, 0, 0, 0, 0, 0])]
	])('%s', (_, bytes) => {
		expect(() => decode(bytes)).toThrow(BSONFormatError);
	});
	test('too deep', () => {
		let doc: Doc = new Map();
		for (let depth = 0; depth < MAX_DEPTH - 1; depth++) doc = new Map([['a', doc]]);
		expect(decode(encode(doc))).toEqual(doc);
		expect(() => encode(new Map([['a', doc]]))).toThrow(BSONFormatError);
		expect(() => decode(Buffer.concat(nested(MAX_DEPTH + 1)))).toThrow(BSONFormatError);
	});
	test('random bytes only ever give a document or the typed error', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 0, maxLength: 80 }), fc.boolean(), (bytes, patch) => {
				const buffer = Buffer.from(bytes);
				if (patch && buffer.length >= 5) {
					buffer.writeInt32LE(buffer.length);
					buffer[buffer.length - 1] = 0;
				}
				try {
					decode(buffer);
				} catch (error) {
					expect(error).toBeInstanceOf(BSONFormatError);
				}
			}),
			{ numRuns: 3000 }
		);
	});
});

function nested(depth: number): Buffer[] {
	let bytes: Buffer = Buffer.from([5, 0, 0, 0, 0]);
	for (let level = 1; level < depth; level++) bytes = element(3, ...bytes);
	return [bytes];
}

/** Random content bytes per type, so that documents are built below the level of values. */
const content: Record<number, fc.Arbitrary<number[]>> = Object.fromEntries(
	(
		[
			[1, 8],
			[7, 12],
			[9, 8],
			[16, 4],
			[17, 8],
			[18, 8],
			[19, 16]
		] as const
	).map(([type, size]) => [type, fc.array(fc.nat(255), { minLength: size, maxLength: size })])
);
const anyElement = fc
	.constantFrom(...Object.keys(content).map(Number))
	.chain((type) => (content[type] as fc.Arbitrary<number[]>).map((bytes) => element(type, ...bytes)));

test('encoding undoes decoding, bit for bit', () => {
	fc.assert(
		fc.property(anyElement, (bytes) => roundTrip(bytes) === hex(bytes)),
		{ numRuns: 1000 }
	);
	fc.assert(
		fc.property(
			fc.object({
				maxDepth: 2,
				maxKeys: 4,
				values: [fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)]
			}),
			(object) => {
				let bytes: Uint8Array;
				try {
					bytes = serialize(object);
				} catch {
					return;
				}
				expect(roundTrip(bytes)).toBe(hex(bytes));
			}
		),
		{ numRuns: 60 }
	);
});

describe('readPath', () => {
	const bytes = serialize({ a: { b: 'x', list: [1, { c: 2 }] }, n: 5, s: 'text', d: new Date(0) });
	test('finds values without decoding the rest', () => {
		expect(readPath(bytes, 'a.b')).toBe('x');
		expect(readPath(bytes, 'n')).toEqual(int32(5));
		expect(readPath(bytes, 'd')).toEqual(new Date(0));
		expect(readPath(bytes, 'a.nope')).toBeUndefined();
		expect(readPath(bytes, 'n.b')).toBeUndefined();
		expect(typeOf(readPath(bytes, 'a.list') as Value)).toBe(4);
		expect(readPath(bytes, 'a.list.c')).toBe(MANY);
	});
	test('agrees with decoding', () => {
		fc.assert(
			fc.property(
				fc.dictionary(
					fc.stringMatching(/^[a-c]{1,2}$/),
					fc.oneof(fc.integer(), fc.string(), fc.dictionary(fc.constantFrom('a', 'b'), fc.boolean()))
				),
				fc.constantFrom('a', 'bb', 'c.a', 'ab.b'),
				(object, path) => {
					const encoded = serialize(object);
					let current: Value | undefined = decode(encoded);
					for (const part of path.split('.')) current = current instanceof Map ? current.get(part) : undefined;
					expect(readPath(encoded, path)).toEqual(current);
				}
			)
		);
	});
});
