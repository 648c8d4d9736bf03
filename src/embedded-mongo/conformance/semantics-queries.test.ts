/** What a naive implementation of queries, sorts and projections gets wrong, seen by a client. */
import { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } from 'bson';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let store: Harness;
beforeAll(async () => {
	store = await startHarness();
});
afterAll(() => store.stop());

async function filled(documents: Document[]) {
	const collection = store.fresh();
	if (documents.length > 0) await collection.insertMany(documents.map((document, i) => ({ _id: i, ...document })) as never);
	return collection;
}

async function which(filter: Document, documents: Document[], options: Document = {}): Promise<boolean[]> {
	const collection = await filled(documents);
	const found = await collection.find(filter, options).toArray();
	const ids = found.map((each) => each._id as unknown);
	return documents.map((_, i) => ids.includes(i));
}

const long = (value: number) => Long.fromNumber(value);
const dec = (text: string) => Decimal128.fromString(text);
const uuid = new UUID();

describe('equality and types', () => {
	test.each<[string, Document, Document[], boolean[]]>([
		['Long(5) field = 5', { a: 5 }, [{ a: long(5) }], [true]],
		['Long(10) > Long(9)', { a: { $gt: long(9) } }, [{ a: long(10) }], [true]],
		['Long(10) > 9', { a: { $gt: 9 } }, [{ a: long(10) }], [true]],
		['Double(5) = 5', { a: 5 }, [{ a: new Double(5) }], [true]],
		['Decimal128 5 = 5', { a: 5 }, [{ a: dec('5') }], [true]],
		['Decimal128 5.0 = Decimal128 5', { a: dec('5') }, [{ a: dec('5.0') }], [true]],
		['Decimal128 10 > Decimal128 9', { a: { $gt: dec('9') } }, [{ a: dec('10') }], [true]],
		['Binary subtype differs', { a: new Binary(Buffer.from('x'), 5) }, [{ a: new Binary(Buffer.from('x')) }], [false]],
		['UUID = Binary 4', { a: new Binary(uuid.buffer, 4) }, [{ a: uuid }], [true]],
		[
			'a.b null over array of docs',
			{ 'a.b': null },
			[{ a: [{ b: 1 }, {}] }, { a: [{ b: 1 }] }, { a: [] }, { a: {} }, { a: [1] }],
			[true, false, false, true, false]
		],
		['$gt null', { a: { $gt: null } }, [{ a: null }, {}, { a: 1 }], [false, false, false]],
		['$gte null', { a: { $gte: null } }, [{ a: null }, {}, { a: 1 }], [true, true, false]],
		['embedded doc equality needs key order', { a: { x: 1, y: 2 } }, [{ a: { y: 2, x: 1 } }, { a: { x: 1, y: 2 } }], [false, true]],
		['$in with array value', { a: { $in: [[1, 2]] } }, [{ a: [1, 2] }, { a: [[1, 2]] }, { a: [1] }], [true, true, false]],
		['regex equals regex', { a: new BSONRegExp('x', 'i') }, [{ a: new BSONRegExp('x', 'i') }], [true]],
		['$regex with x option', { a: { $regex: 'a b # c', $options: 'x' } }, [{ a: 'ab' }], [true]],
		['$regex with s option', { a: { $regex: 'a.b', $options: 's' } }, [{ a: 'a\nb' }], [true]],
		['$regex PCRE inline (?i)', { a: { $regex: '(?i)AB' } }, [{ a: 'ab' }], [true]],
		['$lte NaN', { a: { $lte: NaN } }, [{ a: NaN }, { a: 1 }], [true, false]],
		['$all single on scalar', { a: { $all: [1] } }, [{ a: 1 }], [true]],
		['a Timestamp is no number', { a: { $gte: 0 } }, [{ a: new Timestamp({ t: 5, i: 2 }) }, { a: [new Timestamp({ t: 5, i: 2 })] }, { a: 0 }], [false, false, true]],
		['a number is no Timestamp', { a: { $lt: new Timestamp({ t: 5, i: 2 }) } }, [{ a: 1 }, { a: long(1) }, { a: new Timestamp({ t: 5, i: 1 }) }], [false, false, true]],
		['$mod of a Timestamp', { a: { $mod: [1, 0] } }, [{ a: new Timestamp({ t: 5, i: 2 }) }, { a: long(2) }], [false, true]],
		['$type by number and alias', { a: { $type: [2, 'array'] } }, [{ a: 'x' }, { a: [1] }, { a: 1 }], [true, true, false]],
		['$type objectId', { a: { $type: 'objectId' } }, [{ a: new ObjectId() }], [true]],
		['$type date', { a: { $type: 'date' } }, [{ a: new Date() }], [true]],
		['$type binData', { a: { $type: 'binData' } }, [{ a: uuid }], [true]],
		['$type long', { a: { $type: 'long' } }, [{ a: long(1) }], [true]],
		['$type decimal', { a: { $type: 'decimal' } }, [{ a: dec('1') }], [true]],
		['$type double vs int', { a: { $type: 'double' } }, [{ a: 1 }, { a: 1.5 }], [false, true]],
		['$mod', { a: { $mod: [2, 1] } }, [{ a: 3 }, { a: 2 }, { a: 5.7 }, { a: long(7) }], [true, false, true, true]],
		['$bitsAllSet on Binary', { a: { $bitsAllSet: [0, 8] } }, [{ a: new Binary(Buffer.of(1, 1)) }], [true]],
		['$comment', { a: 1, $comment: 'why' }, [{ a: 1 }], [true]],
		['$comment as field op', { a: { $eq: 1, $comment: 'why' } }, [{ a: 1 }], [true]],
		['$jsonSchema', { $jsonSchema: { properties: { a: { bsonType: 'int' } } } }, [{ a: 1 }, { a: 'x' }], [true, false]],
		['$alwaysTrue', { $alwaysTrue: 1 }, [{}], [true]],
		['$sampleRate', { $sampleRate: 1 }, [{}], [true]]
	])('%s', async (_, filter, documents, expected) => {
		expect(await which(filter, documents)).toEqual(expected);
	});
});

describe('what must be refused', () => {
	test.each<[string, Document, number?]>([
		['$mod by 0', { a: { $mod: [0, 1] } }],
		['$mod with bad arguments', { a: { $mod: [1] } }],
		['$or empty', { $or: [] }],
		['$in with operator documents', { a: { $in: [{ $gt: 1 }] } }],
		['$size negative', { a: { $size: -1 } }],
		['$not with a scalar', { a: { $not: 1 } }],
		['$type unknown', { a: { $type: 'nothing' } }],
		['$elemMatch scalar', { a: { $elemMatch: 1 } }],
		['$all not an array', { a: { $all: 1 } }],
		['$where', { $where: 'true' }],
		['$geoWithin', { a: { $geoWithin: { $box: [] } } }, 291],
		['$near', { a: { $near: [0, 0] } }, 291]
	])('%s', async (_, filter, code = 2) => {
		await expect(which(filter, [{ a: 1 }])).rejects.toMatchObject({ code });
	});
	test('$text without a text index', async () => {
		await expect(which({ $text: { $search: 'x' } }, [{}])).rejects.toMatchObject({ code: 27 });
	});
	test('sort 0', async () => {
		await expect(store.fresh().aggregate([{ $sort: { v: 0 } }]).toArray()).rejects.toMatchObject({ code: 15975 });
	});
});

describe('sort and order', () => {
	async function order(values: unknown[], direction: 1 | -1 = 1): Promise<unknown[]> {
		const collection = await filled(values.map((v) => ({ v })));
		return (await collection.find().sort({ v: direction, _id: 1 }).toArray()).map((each) => each._id);
	}
	test.each<[string, unknown[], 1 | -1, number[]]>([
		[
			'BSON type order ascending',
			[
				new MinKey(),
				5,
				'x',
				{ a: 1 },
				[],
				null,
				new Binary(Buffer.from('x')),
				new ObjectId(),
				true,
				new Date(),
				new Timestamp({ t: 1, i: 1 }),
				/x/,
				new MaxKey()
			],
			1,
			// An empty array sorts as undefined, below null.
			[0, 4, 5, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12]
		],
		['arrays sort by max descending', [[1, 5], [2, 6], [7, 0]], -1, [2, 1, 0]],
		['sort Long numerically', [long(10), long(9), 9.5], 1, [1, 2, 0]],
		['sort Decimal128 numerically', [dec('10'), dec('9')], 1, [1, 0]],
		['sort strings beyond the BMP by code point', ['😀', '！'], 1, [1, 0]],
		['sort NaN before numbers', [1, NaN, -Infinity], 1, [1, 2, 0]]
	])('%s', async (_, values, direction, expected) => {
		expect(await order(values, direction)).toEqual(expected);
	});
});

describe('projection', () => {
	async function projected(document: Document, projection: Document, filter: Document = {}): Promise<[string, unknown][]> {
		const collection = store.fresh();
		await collection.insertOne({ _id: 1, ...document } as never);
		return Object.entries((await collection.findOne(filter, { projection })) ?? {});
	}
	test.each<[string, Document, Document, Document, Document?]>([
		['inclusion keeps the document order', { a: 1, b: 2 }, { b: 1, a: 1 }, { _id: 1, a: 1, b: 2 }],
		['exclusion + _id:1', { a: 1, b: 2 }, { a: 0, _id: 1 }, { _id: 1, b: 2 }],
		['a.b inclusion through arrays', { a: [{ b: 1, c: 1 }, {}, 3] }, { 'a.b': 1 }, { _id: 1, a: [{ b: 1 }, {}] }],
		['nested projection', { a: { b: 1, c: 1 } }, { a: { b: 1 } }, { _id: 1, a: { b: 1 } }],
		['true as 1', { a: 1, b: 1 }, { a: true }, { _id: 1, a: 1 }],
		['1.5 as 1', { a: 1, b: 1 }, { a: 1.5 }, { _id: 1, a: 1 }],
		['Long as 1', { a: 1, b: 1 }, { a: Long.ONE }, { _id: 1, a: 1 }],
		['missing field in inclusion', { a: 1 }, { a: 1, z: 1 }, { _id: 1, a: 1 }],
		['null value in inclusion', { a: null, b: 1 }, { a: 1 }, { _id: 1, a: null }],
		['$slice alone keeps the other fields', { a: [1, 2], b: 1 }, { a: { $slice: 1 } }, { _id: 1, a: [1], b: 1 }],
		['$slice with exclusion', { a: [1, 2], b: 1, c: 1 }, { a: { $slice: 1 }, c: 0 }, { _id: 1, a: [1], b: 1 }],
		['$elemMatch projection', { a: [{ x: 1 }, { x: 2 }] }, { a: { $elemMatch: { x: 2 } } }, { _id: 1, a: [{ x: 2 }] }],
		['$elemMatch projection, value $in', { a: [1, 2] }, { a: { $elemMatch: { $in: [2] } } }, { _id: 1, a: [2] }],
		['$elemMatch projection without match', { a: [1] }, { a: { $elemMatch: { $gt: 5 } } }, { _id: 1 }],
		['positional a.$', { a: [1, 5] }, { 'a.$': 1 }, { _id: 1, a: [5] }, { a: { $gt: 2 } }],
		[
			'positional a.$ with $elemMatch',
			{ a: [{ x: 1 }, { x: 2 }] },
			{ 'a.$': 1 },
			{ _id: 1, a: [{ x: 2 }] },
			{ a: { $elemMatch: { x: 2 } } }
		],
		['expression in find projection', { a: 1 }, { b: { $add: ['$a', 2] } }, { _id: 1, b: 3 }]
	])('%s', async (_, document, projection, expected, filter) => {
		expect(await projected(document, projection, filter)).toEqual(Object.entries(expected));
	});
	test('$project with a field path', async () => {
		const collection = await filled([{ a: 2 }]);
		expect(await collection.aggregate([{ $project: { x: '$a' } }]).toArray()).toEqual([{ _id: 0, x: 2 }]);
	});
});

describe('collation of strength 2', () => {
	const collation = { locale: 'en', strength: 2 };
	test('equality', async () => {
		expect(await which({ a: 'X' }, [{ a: 'x' }], { collation })).toEqual([true]);
	});
	test('$in', async () => {
		expect(await which({ a: { $in: ['X'] } }, [{ a: 'x' }], { collation })).toEqual([true]);
	});
	test('$group', async () => {
		const collection = await filled([{ a: 'x' }, { a: 'X' }]);
		expect(await collection.aggregate([{ $group: { _id: '$a' } }], { collation }).toArray()).toHaveLength(1);
	});
	test('locale en_US', async () => {
		const collection = await filled([{ a: 'b' }, { a: 'A' }]);
		const sorted = await collection.find().sort({ a: 1 }).collation({ locale: 'en_US', strength: 2 }).toArray();
		expect(sorted.map((each) => each.a)).toEqual(['A', 'b']);
	});
	test('a collection has one by default', async () => {
		const collection = await store.db.createCollection('collated', { collation });
		await collection.insertOne({ a: 'x' });
		expect(await collection.countDocuments({ a: 'X' })).toBe(1);
	});
});

describe('types in an answer', () => {
	test('are those that were stored', async () => {
		const collection = store.fresh();
		const kept = { i: new Int32(1), l: long(1), d: new Double(1), n: dec('1.0'), u: uuid };
		await collection.insertOne({ ...kept });
		const found = await collection.findOne({}, { promoteValues: false, projection: { _id: 0 } });
		expect(found).toEqual({ ...kept, u: new Binary(uuid.buffer, 4) });
	});
	test('keys named __proto__ are data', async () => {
		const collection = store.fresh();
		await collection.insertOne(JSON.parse('{"__proto__": {"x": 1}}') as Document);
		const found = await collection.findOne({ ['__proto__.x']: 1 });
		expect(Object.getOwnPropertyDescriptor(found, '__proto__')?.value).toEqual({ x: 1 });
	});
});
