/** What a naive implementation of pipelines and expressions gets wrong, seen by a client. */
import { Decimal128, Long, ObjectId, Timestamp } from 'bson';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let store: Harness;
beforeAll(async () => {
	store = await startHarness();
});
afterAll(() => store.stop());

const dec = (text: string) => Decimal128.fromString(text);
const date = (text: string) => new Date(text);

async function piped(documents: Document[], ...stages: Document[]): Promise<Document[]> {
	const collection = store.fresh();
	if (documents.length > 0) await collection.insertMany(documents.map((each) => ({ ...each })));
	return collection.aggregate(stages).toArray();
}

const values = (...list: unknown[]): Document[] => list.map((v, _id) => ({ _id, v }));

describe('stages', () => {
	test.each<[string, Document[], Document[], Document[]]>([
		['$group _id document with missing', [{ _id: 1, a: 1 }], [{ $group: { _id: { a: '$a', b: '$b' } } }], [{ _id: { a: 1 } }]],
		['$group by 1 and Long 1', values(1, Long.ONE), [{ $group: { _id: '$v' } }, { $count: 'n' }], [{ n: 1 }]],
		['$group by document key order', values({ a: 1, b: 1 }, { b: 1, a: 1 }), [{ $group: { _id: '$v' } }, { $count: 'n' }], [{ n: 2 }]],
		['$group $sum Long', values(2, Long.fromNumber(3)), [{ $group: { _id: null, s: { $sum: '$v' } } }], [{ _id: null, s: 5 }]],
		[
			'$group $sum Decimal128',
			values(dec('0.1'), dec('0.2')),
			[{ $group: { _id: null, s: { $sum: '$v' } } }, { $project: { s: { $toString: '$s' } } }],
			[{ _id: null, s: '0.3' }]
		],
		['$group $push missing', [{ _id: 1 }, { _id: 2, v: 1 }], [{ $group: { _id: null, s: { $push: '$v' } } }], [{ _id: null, s: [1] }]],
		[
			'$group $top/$firstN/$maxN',
			values(1, 2, 3),
			[
				{
					$group: {
						_id: null,
						t: { $top: { sortBy: { v: -1 }, output: '$v' } },
						f: { $firstN: { input: '$v', n: 2 } },
						m: { $maxN: { input: '$v', n: 2 } }
					}
				}
			],
			[{ _id: null, t: 3, f: [1, 2], m: [3, 2] }]
		],
		[
			'$group $mergeObjects/$stdDevPop',
			values({ k: 'a' }),
			[{ $group: { _id: null, m: { $mergeObjects: '$v' }, d: { $stdDevPop: 2 } } }],
			[{ _id: null, m: { k: 'a' }, d: 0 }]
		],
		['$count on empty gives nothing', [], [{ $count: 'n' }], []],
		[
			'$bucket',
			values(1, 2, 3),
			[{ $bucket: { groupBy: '$v', boundaries: [0, 2, 5] } }],
			[{ _id: 0, count: 1 }, { _id: 2, count: 2 }]
		],
		[
			'$bucketAuto',
			values(1, 2, 3),
			[{ $bucketAuto: { groupBy: '$v', buckets: 2 } }],
			[{ _id: { min: 1, max: 3 }, count: 2 }, { _id: { min: 3, max: 3 }, count: 1 }]
		],
		[
			'$addFields over an array of documents',
			[{ _id: 1, a: [{ b: 1 }, { b: 2 }] }],
			[{ $addFields: { 'a.c': 9 } }],
			[{ _id: 1, a: [{ b: 1, c: 9 }, { b: 2, c: 9 }] }]
		],
		['$project missing field ref is left out', [{ _id: 1 }], [{ $project: { x: '$nope' } }], [{ _id: 1 }]],
		['$project array literal with missing -> null', [{ _id: 1, a: 1 }], [{ $project: { x: ['$a', '$nope'] } }], [{ _id: 1, x: [1, null] }]]
	])('%s', async (_, documents, stages, expected) => {
		expect(await piped(documents, ...stages)).toEqual(expected);
	});
	test('$limit 0 refused', async () => {
		await expect(piped([], { $limit: 0 })).rejects.toMatchObject({ code: 15958 });
	});
	test('aggregate does not change what is stored', async () => {
		const collection = store.fresh();
		await collection.insertOne({ _id: 1 as never, a: [1, 2], s: { x: 1 } });
		await collection.aggregate([{ $set: { 's.y': 2 } }, { $unwind: '$a' }]).toArray();
		expect(await collection.findOne()).toEqual({ _id: 1, a: [1, 2], s: { x: 1 } });
	});
});

describe('$lookup', () => {
	test.each<[string, Document, Document]>([
		['let/pipeline', { let: { r: '$r' }, pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$r'] } } }] }, { x: [{ _id: 5, q: 1 }] }],
		['localField+pipeline', { localField: 'r', foreignField: '_id', pipeline: [{ $project: { _id: 0 } }] }, { x: [{ q: 1 }] }],
		['as dotted', { localField: 'r', foreignField: '_id', as: 'a.b' }, { a: { b: [{ _id: 5, q: 1 }] } }]
	])('%s', async (_, spec, expected) => {
		const other = store.fresh();
		await other.insertMany([{ _id: 5, q: 1 }, { _id: 6 }] as never);
		const made = await piped([{ _id: 1, r: 5 }], { $lookup: { from: other.collectionName, as: 'x', ...spec } });
		expect(made).toEqual([{ _id: 1, r: 5, ...expected }]);
		const [joined] = (made[0]?.x ?? []) as Document[];
		if (joined && '_id' in joined) expect(Object.keys(joined)).toEqual(['_id', 'q']);
	});
});

describe('expressions', () => {
	const oid = '0123456789abcdef01234567';
	async function evaluated(expression: unknown, document: Document = {}): Promise<unknown> {
		const [made] = await piped([document], { $replaceWith: { v: expression } });
		return made?.v;
	}
	test.each<[string, unknown, unknown, Document?]>([
		['$eq 1 and Long 1', { $eq: [1, '$a'] }, true, { a: Long.ONE }],
		['$eq null vs missing is false', { $eq: [null, '$nope'] }, false],
		['$gt across types: string > number', { $gt: ['x', 5] }, true],
		['$lt missing < null', { $lt: ['$nope', null] }, true],
		['$gt null < number', { $lt: [null, 5] }, true],
		['$toUpper of null', { $toUpper: null }, ''],
		['$indexOfCP', { $indexOfCP: ['abc', 'c'] }, 2],
		[
			'$toString',
			[{ $toString: 5 }, { $toString: true }, { $toString: new ObjectId(oid) }, { $toString: new Date(0) }],
			['5', 'true', oid, '1970-01-01T00:00:00.000Z']
		],
		['$toObjectId', { $toObjectId: oid }, new ObjectId(oid)],
		['$toDecimal', { $toString: { $toDecimal: '5.10' } }, '5.10'],
		['$toDate from ObjectId', { $toDate: new ObjectId(oid) }, new Date(0x01234567 * 1000)],
		[
			'$type of values',
			{ $map: { input: '$a', in: { $type: '$$this' } } },
			['double', 'string', 'objectId', 'date', 'null', 'array', 'object', 'bool', 'long', 'decimal', 'binData', 'timestamp', 'regex'],
			{
				a: [1.5, 'x', new ObjectId(), new Date(), null, [], {}, true, Long.ONE, dec('1'), Buffer.from('x'), new Timestamp({ t: 1, i: 1 }), /x/]
			}
		],
		['$isNumber of a Timestamp', { $isNumber: '$a' }, false, { a: new Timestamp({ t: 5, i: 2 }) }],
		['$sum leaves Timestamps out', { $sum: ['$a', 1] }, 1, { a: new Timestamp({ t: 5, i: 2 }) }],
		['$isNumber', [{ $isNumber: 1 }, { $isNumber: '$a' }, { $isNumber: 'x' }], [true, true, false], { a: dec('1') }],
		['$first/$last', [{ $first: '$a' }, { $last: '$a' }], [1, 2], { a: [1, 2] }],
		[
			'$concatArrays / $reverseArray / $range / $zip',
			[{ $concatArrays: [[1], [2]] }, { $reverseArray: [[1, 2]] }, { $range: [0, 3] }, { $zip: { inputs: [[1], [2]] } }],
			[[1, 2], [2, 1], [0, 1, 2], [[1, 2]]]
		],
		[
			'$objectToArray/$arrayToObject',
			[{ $objectToArray: { a: 1 } }, { $arrayToObject: [[{ k: 'a', v: 1 }]] }],
			[[{ k: 'a', v: 1 }], { a: 1 }]
		],
		['$sum/$avg/$min/$max', [{ $sum: '$a' }, { $avg: '$a' }, { $max: '$a' }, { $min: '$a' }], [6, 2, 3, 1], { a: [1, 2, 3] }],
		[
			'$dateTrunc / $dateAdd / $dateDiff',
			[
				{ $dateTrunc: { date: date('2020-03-15T10:00:00Z'), unit: 'month' } },
				{ $dateAdd: { startDate: date('2020-01-31T00:00:00Z'), unit: 'month', amount: 1 } },
				{ $dateDiff: { startDate: date('2019-12-31T23:00:00Z'), endDate: date('2020-01-01T01:00:00Z'), unit: 'year' } }
			],
			[date('2020-03-01T00:00:00Z'), date('2020-02-29T00:00:00Z'), 1]
		],
		['$dateFromParts', { $dateFromParts: { year: 2021, month: 2, day: 1 } }, date('2021-02-01T00:00:00Z')],
		['$dateToParts', { $dateToParts: { date: date('2021-02-01T00:00:00Z') } }, { year: 2021, month: 2, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 }],
		['$bsonSize/$binarySize', [{ $bsonSize: '$a' }, { $binarySize: 'abc' }], [12, 3], { a: { b: 1 } }],
		['$tsSecond', { $tsSecond: '$a' }, 5, { a: new Timestamp({ t: 5, i: 1 }) }],
		['path $a.0 is not an index', '$a.0', [], { a: [5] }]
	])('%s', async (_, expression, expected, document) => {
		expect(await evaluated(expression, document)).toEqual(expected);
	});
	test.each<[string, unknown, number]>([
		['$switch no match', { $switch: { branches: [{ case: false, then: 1 }] } }, 40066],
		['$size of missing', { $size: '$nope' }, 17124],
		['$function', { $function: { body: 'function(){}', args: [], lang: 'js' } }, 168]
	])('%s is refused', async (_, expression, code) => {
		await expect(evaluated(expression)).rejects.toMatchObject({ code });
	});
	test('$toHashedIndexKey gives a long', async () => {
		expect(await evaluated({ $type: { $toHashedIndexKey: 'x' } })).toBe('long');
	});
});
