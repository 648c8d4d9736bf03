import { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } from 'bson';
import type { Document } from 'bson';
import { describe, expect, test } from 'vitest';
import { encode } from '../bson/codec.ts';
import { compileCollation } from './collation.ts';
import { compileFilter } from './filter.ts';
import { codeOf, doc, matches } from './testing.ts';

const dec = (text: string) => Decimal128.fromString(text);
const uuid = new UUID('0123456789abcdef0123456789abcdef');

describe('equality and types', () => {
	test.each<[string, Document, Document[], boolean[]]>([
		['a long equals an int', { a: 5 }, [{ a: Long.fromNumber(5) }], [true]],
		['longs compare as numbers', { a: { $gt: Long.fromNumber(9) } }, [{ a: Long.fromNumber(10) }], [true]],
		['a long is above an int', { a: { $gt: 9 } }, [{ a: Long.fromNumber(10) }], [true]],
		['a double equals an int', { a: 5 }, [{ a: new Double(5) }], [true]],
		['a decimal equals an int', { a: 5 }, [{ a: dec('5') }], [true]],
		['trailing zeros of decimals do not matter', { a: dec('5') }, [{ a: dec('5.0') }], [true]],
		['decimals compare as numbers', { a: { $gt: dec('9') } }, [{ a: dec('10') }], [true]],
		['a decimal is compared with a double exactly', { a: 0.1 }, [{ a: dec('0.1') }, { a: 0.1 }], [false, true]],
		[
			'longs beyond 2^53 are told apart',
			{ a: Long.fromString('9007199254740993') },
			[{ a: 9007199254740992 }],
			[false]
		],
		[
			'binary subtypes differ',
			{ a: new Binary(Buffer.from('x'), 0) },
			[{ a: new Binary(Buffer.from('x'), 5) }],
			[false]
		],
		['a UUID is binary of subtype 4', { a: new Binary(uuid.buffer, 4) }, [{ a: uuid }], [true]],
		[
			'null in arrays of documents',
			{ 'a.b': null },
			[{ a: [{ b: 1 }, {}] }, { a: [{ b: 1 }] }, { a: [] }, { a: [{ b: null }] }, { a: [1, 2] }],
			[true, false, false, true, false]
		],
		['nothing is above null', { a: { $gt: null } }, [{ a: null }, {}, { a: 1 }], [false, false, false]],
		['null and missing are at least null', { a: { $gte: null } }, [{ a: null }, {}, { a: 1 }], [true, true, false]],
		[
			'the order of fields counts',
			{ a: { x: 1, y: 2 } },
			[{ a: { y: 2, x: 1 } }, { a: { x: 1, y: 2 } }],
			[false, true]
		],
		[
			'$in takes arrays as values',
			{ a: { $in: [[1, 2], 3] } },
			[{ a: [1, 2] }, { a: [[1, 2]] }, { a: [1] }],
			[true, true, false]
		],
		[
			'a regular expression equals itself',
			{ a: new BSONRegExp('^a', 'i') },
			[{ a: new BSONRegExp('^a', 'i') }],
			[true]
		],
		['$lte NaN', { a: { $lte: NaN } }, [{ a: NaN }, { a: 1 }], [true, false]],
		['$all with one value on a scalar', { a: { $all: [1] } }, [{ a: 1 }], [true]],
		['arrays match whole or by element', { a: 1 }, [{ a: [1, 2] }, { a: [[1]] }], [true, false]],
		[
			'numeric path components',
			{ 'a.1': 2 },
			[{ a: [1, 2] }, { a: { 1: 2 } }, { a: [2, 1] }, { a: [{ 1: 2 }] }],
			[true, true, false, true]
		],
		['an array named by its index is taken whole', { 'a.0': 1 }, [{ a: [[1, 2]] }], [false]],
		[
			'numeric component before a name',
			{ 'a.0.b': 1 },
			[{ a: [{ b: 1 }] }, { a: [{ b: 2 }, { b: 1 }] }],
			[true, false]
		],
		['nested arrays are not entered', { 'a.b': 1 }, [{ a: [[{ b: 1 }]] }], [false]],
		[
			'ranges stay within their type',
			{ a: { $gt: 1 } },
			[{ a: '2' }, { a: new Date() }, { a: [0, 2] }],
			[false, false, true]
		],
		[
			'MinKey and MaxKey compare with all types',
			{ a: { $gt: new MinKey(), $lt: new MaxKey() } },
			[{ a: 1 }, { a: 'x' }, { a: new MinKey() }],
			[true, true, false]
		],
		[
			'$ne and $nin see missing fields',
			{ a: { $ne: 1, $nin: [2, null] } },
			[{ a: 3 }, {}, { a: [1] }],
			[true, false, false]
		],
		['$exists', { 'a.b': { $exists: false } }, [{ a: 1 }, { a: { b: null } }, { a: [{ b: 1 }] }], [true, false, false]],
		['$not', { a: { $not: { $gt: 1 } } }, [{ a: 2 }, { a: 1 }, {}], [false, true, true]],
		['$not with a regular expression', { a: { $not: /^x/ } }, [{ a: 'xy' }, { a: 'y' }], [false, true]],
		['$nor', { $nor: [{ a: 1 }, { b: 1 }] }, [{ a: 1 }, { a: 2 }], [false, true]],
		[
			'$elemMatch on documents',
			{ a: { $elemMatch: { x: 1, y: 2 } } },
			[{ a: [{ x: 1 }, { y: 2 }] }, { a: [{ x: 1, y: 2 }] }],
			[false, true]
		],
		[
			'$elemMatch on values',
			{ a: { $elemMatch: { $gt: 1, $lt: 3 } } },
			[{ a: [1, 3] }, { a: [2] }, { a: 2 }],
			[false, true, false]
		],
		[
			'$all with $elemMatch',
			{ a: { $all: [{ $elemMatch: { x: 1 } }, { $elemMatch: { x: 2 } }] } },
			[{ a: [{ x: 1 }, { x: 2 }] }, { a: [{ x: 1 }] }],
			[true, false]
		],
		['$size', { a: { $size: 2 } }, [{ a: [1, 2] }, { a: [[1, 2]] }, { a: 2 }], [true, false, false]],
		[
			'$expr',
			{ $expr: { $gt: ['$a', '$b'] } },
			[
				{ a: 2, b: 1 },
				{ a: 1, b: 2 }
			],
			[true, false]
		],
		['a DBRef is a value', { a: { $ref: 'x', $id: 1 } }, [{ a: { $ref: 'x', $id: 1 } }, { a: 1 }], [true, false]],
		['keys named __proto__ are data', { ['__proto__.x']: 1 }, [{}], [false]]
	])('%s', (_, filter, documents, expected) => {
		expect(matches(filter, documents)).toEqual(expected);
	});

	test('regular expressions with the options x and s', () => {
		expect(matches({ a: { $regex: 'a b # comment', $options: 'x' } }, [{ a: 'ab' }])).toEqual([true]);
		expect(matches({ a: { $regex: 'a.b', $options: 's' } }, [{ a: 'a\nb' }])).toEqual([true]);
		expect(matches({ a: { $regex: 'a.b' } }, [{ a: 'a\nb' }, { a: 'a\rb' }])).toEqual([false, true]);
	});

	test('regular expressions with inline flags and PCRE syntax', () => {
		expect(matches({ a: { $regex: '(?i)AB' } }, [{ a: 'ab' }])).toEqual([true]);
		expect(matches({ a: { $regex: '\\Aab\\z' } }, [{ a: 'ab' }, { a: 'ab\n' }])).toEqual([true, false]);
		expect(matches({ a: { $regex: '^[[:alpha:]]+$' } }, [{ a: 'ab' }, { a: 'a1' }])).toEqual([true, false]);
		expect(matches({ a: { $regex: '\\Qa.b\\E' } }, [{ a: 'a.b' }, { a: 'axb' }])).toEqual([true, false]);
		expect(matches({ a: { $regex: 'a{,2}\\-_/' } }, [{ a: 'a{,2}-_/' }])).toEqual([true]);
		expect(matches({ a: { $regex: 'a++a' } }, [{ a: 'aaa' }])).toEqual([false]);
		expect(codeOf(() => matches({ a: { $regex: '(' } }, []))).toBe(51091);
	});

	test('$type by name, alias, number and list', () => {
		const values: [unknown, string, number][] = [
			[1.5, 'double', 1],
			['x', 'string', 2],
			[{}, 'object', 3],
			[new Binary(Buffer.from('x')), 'binData', 5],
			[uuid, 'binData', 5],
			[new ObjectId(), 'objectId', 7],
			[true, 'bool', 8],
			[new Date(), 'date', 9],
			[null, 'null', 10],
			[/x/, 'regex', 11],
			[1, 'int', 16],
			[new Timestamp({ t: 1, i: 1 }), 'timestamp', 17],
			[Long.fromNumber(1), 'long', 18],
			[dec('1'), 'decimal', 19],
			[new MinKey(), 'minKey', -1],
			[new MaxKey(), 'maxKey', 127]
		];
		for (const [a, name, code] of values) {
			expect(matches({ a: { $type: name } }, [{ a }, { a: [a] }])).toEqual([true, true]);
			expect(matches({ a: { $type: code } }, [{ a }])).toEqual([true]);
		}
		expect(matches({ a: { $type: 'number' } }, [{ a: 1 }, { a: Long.ONE }, { a: 'x' }])).toEqual([true, true, false]);
		expect(matches({ a: { $type: 'array' } }, [{ a: [] }, { a: 1 }])).toEqual([true, false]);
		expect(matches({ a: { $type: ['string', 'int'] } }, [{ a: 'x' }, { a: 1 }, { a: 1.5 }])).toEqual([
			true,
			true,
			false
		]);
		expect(matches({ a: { $type: 'double' } }, [{ a: 1 }, { a: new Double(1) }])).toEqual([false, true]);
	});

	test('$mod truncates', () => {
		expect(matches({ a: { $mod: [3, 1] } }, [{ a: 4 }, { a: 5 }, { a: 4.9 }])).toEqual([true, false, true]);
		expect(matches({ a: { $mod: [3, 1] } }, [{ a: Long.fromNumber(4) }])).toEqual([true]);
		expect(matches({ a: { $mod: [3, -1] } }, [{ a: -4 }, { a: NaN }, { a: 'x' }])).toEqual([true, false, false]);
	});

	test('bit tests on numbers and binary', () => {
		expect(matches({ a: { $bitsAllSet: [0, 2] } }, [{ a: new Binary(Buffer.from([5])) }, { a: 5 }, { a: 4 }])).toEqual([
			true,
			true,
			false
		]);
		expect(matches({ a: { $bitsAnyClear: 3 } }, [{ a: 3 }, { a: 2 }])).toEqual([false, true]);
		expect(matches({ a: { $bitsAllSet: [200] } }, [{ a: -1 }, { a: 1 }])).toEqual([true, false]);
	});

	test('$comment, $alwaysTrue, $alwaysFalse and $sampleRate', () => {
		expect(matches({ $comment: 'why', a: { $eq: 1, $comment: 'why' } }, [{ a: 1 }, { a: 2 }])).toEqual([true, false]);
		expect(matches({ $alwaysTrue: 1 }, [{}])).toEqual([true]);
		expect(matches({ $alwaysFalse: 1 }, [{}])).toEqual([false]);
		expect(matches({ $sampleRate: 1 }, [{}])).toEqual([true]);
	});

	test('$jsonSchema', () => {
		const schema = { bsonType: 'object', required: ['a'], properties: { a: { bsonType: 'int', minimum: 1 } } };
		expect(matches({ $jsonSchema: schema }, [{ a: 1 }, { a: 0 }, { a: 'x' }, {}])).toEqual([true, false, false, false]);
	});
});

describe('the array index of a match', () => {
	test.each<[Document, Document, number | undefined]>([
		[{ 'a.x': 2 }, { a: [{ x: 1 }, { x: 2 }] }, 1],
		[{ a: { $elemMatch: { x: 2 } } }, { a: [{ x: 1 }, { x: 2 }] }, 1],
		[{ $and: [{ a: 2 }] }, { a: [1, 2] }, 1],
		[{ $or: [{ b: 5 }, { a: 2 }] }, { a: [1, 2] }, 1],
		[{ 'a.b': 3 }, { a: [{ b: [1] }, { b: [2, 3] }] }, 1],
		[{ a: { $ne: 3 } }, { a: [1, 2] }, undefined],
		[{ 'a.1': 2 }, { a: [1, 2] }, undefined],
		[{ _id: 1 }, { _id: 1 }, undefined]
	])('%j', (filter, document, index) => {
		expect(compileFilter(doc(filter)).match(doc(document))).toEqual({ arrayIndex: index });
	});
});

describe('what is refused', () => {
	test.each<[string, Document, number]>([
		['$or empty', { $or: [] }, 2],
		['$in with operator documents', { a: { $in: [{ $gt: 1 }] } }, 2],
		['$size negative', { a: { $size: -1 } }, 2],
		['$not with a scalar', { a: { $not: 1 } }, 2],
		['$type unknown', { a: { $type: 'nope' } }, 2],
		['$elemMatch scalar', { a: { $elemMatch: 1 } }, 2],
		['$all not an array', { a: { $all: 1 } }, 2],
		['$mod by zero', { a: { $mod: [0, 1] } }, 2],
		['$mod with one element', { a: { $mod: [1] } }, 2],
		['$mod with a string', { a: { $mod: ['x', 1] } }, 2],
		['an unknown operator', { a: { $nope: 1 } }, 2],
		['an unknown operator at the top', { $nope: 1 }, 2],
		['$where', { $where: 'true' }, 2],
		['$text', { $text: { $search: 'x' } }, 27],
		['$near', { a: { $near: [1, 2] } }, 291],
		['$geoWithin', { a: { $geoWithin: {} } }, 291],
		['$options alone', { a: { $options: 'i' } }, 2],
		['unknown regular expression option', { a: { $regex: 'a', $options: 'g' } }, 51108],
		['an operator after a field', { a: { $gt: 1, b: 1 } }, 2]
	])('%s', (_, filter, code) => {
		expect(codeOf(() => compileFilter(doc(filter)))).toBe(code);
	});
});

describe('collations', () => {
	test.each<[string, Document, string, string, boolean]>([
		['accents count from strength 2', { strength: 1 }, 'é', 'e', true],
		['accents count from strength 2 (2)', { strength: 2 }, 'é', 'e', false],
		['composed and decomposed', { strength: 3 }, '\u00e9', 'e\u0301', true],
		['code points count at strength 5', { strength: 5 }, 'A', 'a', false],
		['strength 4 is strength 3 for plain text', { strength: 4 }, 'a-b', 'ab', false],
		['sharp s', { strength: 2 }, 'ß', 'SS', true],
		['wide forms', { strength: 2 }, 'Ａ', 'a', true],
		['shifted punctuation', { alternate: 'shifted' }, 'a-b c', 'abc', true],
		['shifted white space only', { alternate: 'shifted', maxVariable: 'space' }, 'a-b c', 'a-bc', true],
		['shifted white space only (2)', { alternate: 'shifted', maxVariable: 'space' }, 'a-b', 'ab', false],
		['shifted at strength 4', { alternate: 'shifted', strength: 4 }, 'a-b', 'ab', false],
		['numbers', { numericOrdering: true }, 'a007', 'a7', true]
	])('%s', (_, options, a, b, equal) => {
		const collation = compileCollation(doc({ locale: 'en', ...options }));
		expect(collation && collation.fold(a) === collation.fold(b)).toBe(equal);
		expect(collation?.compare(a, b) === 0).toBe(equal);
	});
});

describe('collation of strength 2', () => {
	const collation = compileCollation(doc({ locale: 'en_US', strength: 2 }));
	test('applies to equality, $in and ranges', () => {
		expect(matches({ a: 'ABC' }, [{ a: 'abc' }, { a: 'abd' }], { collation })).toEqual([true, false]);
		expect(matches({ a: { $in: ['ABC'] } }, [{ a: 'abc' }], { collation })).toEqual([true]);
		expect(matches({ a: { $gt: 'A' } }, [{ a: 'a' }, { a: 'B' }], { collation })).toEqual([false, true]);
	});
	test('numericOrdering and refusals', () => {
		const numeric = compileCollation(doc({ locale: 'en', numericOrdering: true }));
		expect(numeric?.compare('a10', 'a9')).toBeGreaterThan(0);
		expect(numeric?.compare('a10', 'a010')).toBe(0);
		expect(compileCollation(doc({ locale: 'simple' }))).toBeUndefined();
		expect(codeOf(() => compileCollation(doc({ locale: 'xx_nope!' })))).toBe(2);
		expect(codeOf(() => compileCollation(doc({ locale: 'en', strength: 6 })))).toBe(9);
		expect(codeOf(() => compileCollation(doc({ locale: 'en', alternate: 'sometimes' })))).toBe(2);
		expect(codeOf(() => compileCollation(doc({ locale: 'fr', backwards: true })))).toBe(2);
		expect(codeOf(() => compileCollation(doc({ strength: 1 })))).toBe(40414);
	});
});

test('the tree shows the planner paths and operators', () => {
	const { tree } = compileFilter(doc({ a: new Int32(1), b: { $gte: 1, $lt: 5 }, c: { $ne: 2 } }));
	expect(
		tree.kind === 'and' &&
			tree.children.map((node) => (node.kind === 'path' ? `${node.path} ${node.operator}` : node.kind))
	).toEqual(['a $eq', 'b $gte', 'b $lt', 'not']);
});

test('a filter runs on bytes', () => {
	const filter = compileFilter(doc({ 'a.b': 2, c: { $gt: 1 } }));
	expect(filter.matchesBytes(encode(doc({ a: [{ b: 2 }], c: 2 })))).toBe(true);
	expect(filter.matchesBytes(encode(doc({ a: { b: [1, 2] }, c: 2 })))).toBe(true);
	expect(filter.matchesBytes(encode(doc({ a: { b: 3 }, c: 2 })))).toBe(false);
});
