import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../bson/codec.ts';
import { changedFields, setFields } from '../../bson/raw-fields.ts';
import { int32, Long } from '../../bson/values.ts';
import type { Doc, Value } from '../../bson/values.ts';
import { compileUpdate } from './update.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const text = (value: unknown): string => (value instanceof Map ? hex(encode(value as Doc)) : String(value));

// Few names and few values, so that fields are often there already and often have the value they are set to.
const name = fc.constantFrom('a', 'b', 'ä', '10', '9', '01', 'constructor', 'long name of a field');
const leaf: fc.Arbitrary<Value> = fc.constantFrom<Value[]>(null, true, false, 0, -0, 1, Number.NaN, '', 'x', '社区', int32(1), Long.fromNumber(1), new Date(0));
const value: fc.Arbitrary<Value> = fc.oneof(
	leaf,
	fc.array(leaf, { maxLength: 3 }),
	fc.array(fc.tuple(name, leaf), { maxLength: 3 }).map((pairs): Value => new Map(pairs))
);
const fields = fc.array(fc.tuple(name, value), { maxLength: 8 }).map((pairs): Doc => new Map(pairs));

/** The same update by the way of all others: taking away what is not there changes nothing. */
const generally = (sets: Doc) => compileUpdate(new Map<string, Value>([['$set', sets], ['$unset', new Map([['nowhere', '']])]]));
const plainly = (sets: Doc) => compileUpdate(new Map([['$set', sets]]));

describe('setting whole fields', () => {
	test('gives what the general way gives, as a document and as bytes', () => {
		fc.assert(
			fc.property(fields, fields, (rest, sets) => {
				const before: Doc = new Map<string, Value>([['_id', 1], ...rest]);
				const stored = encode(before);
				const expected = generally(sets).apply(before);
				const update = plainly(sets);
				const applied = update.apply(before);
				expect(text(applied.doc)).toBe(text(expected.doc));
				expect(applied.changed).toBe(expected.changed);
				if (!update.sets) throw new Error('it is not taken for what it is');
				const { bytes, changed } = setFields(stored, update.sets);
				expect(hex(bytes)).toBe(hex(encode(expected.doc)));
				expect([...changed].sort()).toEqual([...changedFields(stored, bytes)].sort());
				expect(text(decode(bytes))).toBe(text(expected.doc));
			})
		);
	});

	test('is told from updates that need more', () => {
		const whole: Doc[] = [new Map(), new Map([['a', 1]])];
		for (const sets of whole) expect(plainly(sets).sets).toBeDefined();
		for (const path of ['_id', 'a.b']) expect(plainly(new Map([[path, 1]])).sets).toBeUndefined();
		expect(generally(new Map([['a', 1]])).sets).toBeUndefined();
		for (const path of ['', '$', '$a', '$[]', 'a.', 'a..b']) {
			try {
				expect(plainly(new Map([[path, 1]])).sets).toBeUndefined();
			} catch (error) {
				expect(error).toHaveProperty('code');
			}
		}
	});
});
