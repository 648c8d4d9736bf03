/** Bytes of keys must sort as values do. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	Binary,
	BSONRegExp,
	Code,
	Decimal128,
	int32,
	Long,
	MaxKey,
	MinKey,
	ObjectId,
	Timestamp,
	UNDEFINED
} from '../bson/values.ts';
import type { Value } from '../bson/values.ts';
import { compareValues } from '../language/compare.ts';
import { encodeKey, encodePart, isCut, MAX_KEY_BYTES } from './key-encoding.ts';

const leaf: fc.Arbitrary<Value> = fc.oneof(
	fc.integer().map((n): Value => int32(n)),
	fc.double() as fc.Arbitrary<Value>,
	fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n): Value => Long.fromBigInt(n)),
	fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: -30, max: 30 })).map(([digits, exponent]): Value => Decimal128.fromString(`${digits}E${exponent}`)),
	fc.constantFrom<Value>(
		...['0', '-0', '1', '1.0', '0.1', 'Infinity', '-Infinity', 'NaN', '1E+6000', '-1E+6000', '1E-6000', '-1E-6000'].map((text) => Decimal128.fromString(text))
	),
	fc.constantFrom<Value>(0.1, 0, -0, NaN, Infinity, -Infinity, 2 ** 53, 5e-324, -5e-324, 1.7976931348623157e308),
	fc.string({ unit: 'binary', maxLength: 6 }) as fc.Arbitrary<Value>,
	fc.constantFrom<Value>('', '\0', 'a\0', 'a\0\0', 'a\x01', 'a\x01\0', 'a', '！', '😀'),
	fc.boolean() as fc.Arbitrary<Value>,
	fc.constantFrom<Value>(null, UNDEFINED, new MinKey(), new MaxKey()),
	fc.date({ noInvalidDate: true }) as fc.Arbitrary<Value>,
	fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes): Value => new ObjectId(bytes)),
	fc.tuple(fc.uint8Array({ maxLength: 4 }), fc.constantFrom(0, 4, 5)).map(([bytes, type]): Value => new Binary(bytes, type)),
	fc.tuple(fc.nat(), fc.nat()).map(([t, i]): Value => new Timestamp({ t, i })),
	fc.constantFrom<Value>(new BSONRegExp('a', 'i'), new BSONRegExp('a', ''), new BSONRegExp('b', ''), new Code('x'), new Code('y'))
);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
	value: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		leaf,
		fc.array(tie('value'), { maxLength: 3 }) as fc.Arbitrary<Value>,
		fc.array(fc.tuple(fc.constantFrom('', 'a', 'b', 'ab'), tie('value')), { maxLength: 3 }).map((entries): Value => new Map(entries))
	)
}));

describe('index keys', () => {
	it('sort as values do, both ways', () => {
		fc.assert(
			fc.property(value, value, (a, b) => {
				const order = Math.sign(compareValues(a, b));
				expect(Math.sign(encodePart(a, 1).compare(encodePart(b, 1)))).toBe(order + 0);
				expect(Math.sign(encodePart(b, -1).compare(encodePart(a, -1)))).toBe(order + 0);
			}),
			{ numRuns: 4000 }
		);
	});

	it('are never the beginning of one another', () => {
		fc.assert(
			fc.property(value, value, (a, b) => {
				const [x, y] = [encodePart(a, 1), encodePart(b, 1)];
				if (!x.equals(y)) expect(y.subarray(0, x.length).equals(x)).toBe(false);
			}),
			{ numRuns: 2000 }
		);
	});

	it('sort field by field', () => {
		fc.assert(
			fc.property(value, value, value, value, (a, b, c, d) => {
				const order = Math.sign(compareValues(a, c)) || Math.sign(compareValues(d, b)) || 0;
				const [left, right] = [encodeKey([a, b], [1, -1]), encodeKey([c, d], [1, -1])];
				expect(Math.sign(left.compare(right))).toBe(order + 0);
			}),
			{ numRuns: 2000 }
		);
	});

	it('cuts long keys and keeps them apart', () => {
		const long = 'x'.repeat(5000);
		const one = encodeKey([`${long}1`], [1]);
		const two = encodeKey([`${long}2`], [1]);
		expect(one).toHaveLength(MAX_KEY_BYTES);
		expect(isCut(one)).toBe(true);
		expect(one.equals(two)).toBe(false);
		expect(one.equals(encodeKey([`${long}1`], [1]))).toBe(true);
	});
});
