import { Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId } from 'bson';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encode } from '../bson/codec.ts';
import { OddNaN, Timestamp, UNDEFINED } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { canonicalKey, compareValues, identicalValues } from './compare.ts';
import { StoreError } from './errors.ts';
import { compileFilter } from './filter.ts';
import { canonical, doc } from './testing.ts';
import { compileUpdate } from './update/update.ts';

const small = fc.integer({ min: -3, max: 3 });
const number: fc.Arbitrary<Value> = fc.oneof(
	small.map((n) => new Int32(n)),
	small,
	fc.double(),
	small.map((n) => Long.fromNumber(n)),
	fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map((n) => Long.fromBigInt(n)),
	fc.tuple(small, fc.integer({ min: -2, max: 2 })).map(([n, e]) => Decimal128.fromString(`${n}E${e}`)),
	fc.constantFrom<Value>(
		new OddNaN(0x7ff8000000000001n),
		new OddNaN(0xfff8000000000000n),
		NaN,
		-0,
		Decimal128.fromString('NaN'),
		Decimal128.fromString('Infinity'),
		2 ** 53,
		Long.fromString('9007199254740993')
	)
);
const scalar: fc.Arbitrary<Value> = fc.oneof(
	{ weight: 4, arbitrary: number },
	fc.string({ unit: fc.constantFrom('a', 'B', '！', '😀', '\uffff'), maxLength: 3 }),
	fc.boolean(),
	fc.constantFrom<Value>(
		null,
		UNDEFINED,
		new MinKey(),
		new MaxKey(),
		new ObjectId('0123456789abcdef01234567'),
		new Date(0),
		new Date(5),
		new Timestamp({ t: 4294967295, i: 0 })
	)
);
const { any } = fc.letrec<{ any: Value; list: Value; object: Value }>((tie) => ({
	any: fc.oneof({ depthSize: 'small' }, { weight: 5, arbitrary: scalar }, tie('list'), tie('object')),
	list: fc.array(tie('any'), { maxLength: 3 }),
	object: fc
		.array(fc.tuple(fc.constantFrom('a', 'b', 'c', '1'), tie('any')), { maxLength: 3 })
		.map((pairs): Value => new Map(pairs))
}));
const runs = { numRuns: 2000 };

test('comparison is a total order', () => {
	fc.assert(
		fc.property(any, (a) => compareValues(a, a) === 0),
		runs
	);
	fc.assert(
		fc.property(any, any, (a, b) => Math.sign(compareValues(a, b)) + Math.sign(compareValues(b, a)) === 0),
		runs
	);
	fc.assert(
		fc.property(fc.tuple(any, any, any), (values) => {
			const [a, b, c] = values.sort(compareValues) as [Value, Value, Value];
			expect(compareValues(a, b)).toBeLessThanOrEqual(0);
			expect(compareValues(b, c)).toBeLessThanOrEqual(0);
			expect(compareValues(a, c)).toBeLessThanOrEqual(0);
		}),
		runs
	);
	fc.assert(
		fc.property(fc.tuple(number, number, number), (values) => {
			const [a, b, c] = values.sort(compareValues) as [Value, Value, Value];
			expect(compareValues(a, c)).toBeLessThanOrEqual(0);
			if (compareValues(a, b) === 0 && compareValues(b, c) === 0) expect(compareValues(a, c)).toBe(0);
		}),
		runs
	);
});

test('keys are equal exactly where values are', () => {
	const same = (a: Value, b: Value) => Object.is(canonicalKey(a), canonicalKey(b)) === (compareValues(a, b) === 0);
	fc.assert(fc.property(any, any, same), runs);
	fc.assert(fc.property(number, number, same), runs);
});

test('identity is what the bytes say', () => {
	const bytes = (value: Value) => Buffer.from(encode(new Map([['v', value]]))).toString('hex');
	fc.assert(
		fc.property(any, any, (a, b) => identicalValues(a, b) === (bytes(a) === bytes(b))),
		runs
	);
});

test('a filter gives the same answer on bytes and on the document', () => {
	const path = fc.constantFrom('a', 'a.b', 'a.1', 'b.a.c');
	const condition = fc.tuple(
		fc.constantFrom('$eq', '$gt', '$lte', '$ne'),
		any.filter((value) => value !== UNDEFINED)
	);
	const document = fc
		.array(fc.tuple(fc.constantFrom('a', 'b'), any), { maxLength: 2 })
		.map((pairs): Doc => new Map(pairs));
	fc.assert(
		fc.property(path, condition, document, (at, [operator, operand], stored) => {
			const filter = compileFilter(new Map([[at, new Map([[operator, operand]])]]));
			expect(filter.matchesBytes(encode(stored))).toBe(filter.matches(stored));
		}),
		runs
	);
});

test('an update never changes its input, and fails only with a StoreError', () => {
	const path = fc.constantFrom('a', 'a.b', 'a.0', 'b.c', 'c', 'a.$[]', 'a.1.b');
	const operator = fc.constantFrom(
		'$set',
		'$unset',
		'$inc',
		'$mul',
		'$min',
		'$max',
		'$push',
		'$addToSet',
		'$pop',
		'$pull',
		'$rename'
	);
	const operation = fc.tuple(operator, path, any);
	const document = fc
		.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), any), { maxLength: 3 })
		.map((pairs): Doc => new Map([['_id', new Int32(1)], ...pairs]));
	fc.assert(
		fc.property(document, fc.array(operation, { minLength: 1, maxLength: 3 }), (stored, operations) => {
			const before = Buffer.from(encode(stored)).toString('hex');
			const update: Doc = new Map();
			for (const [name, at, operand] of operations)
				update.set(name, new Map([...((update.get(name) as Doc | undefined) ?? []), [at, operand]]));
			try {
				const made = compileUpdate(update).apply(stored);
				expect(made.changed).toBe(Buffer.from(encode(made.doc)).toString('hex') !== before);
			} catch (error) {
				if (!(error instanceof StoreError)) throw error;
			}
			expect(Buffer.from(encode(stored)).toString('hex')).toBe(before);
		}),
		{ numRuns: 5000 }
	);
});

test('canonical output shows types', () => {
	expect(canonical(doc({ a: 1, b: new Double(1) }))).toBe('{"a":{"$numberInt":"1"},"b":{"$numberDouble":"1.0"}}');
});
