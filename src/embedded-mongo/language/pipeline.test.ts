import { Decimal128, Long } from 'bson';
import type { Document } from 'bson';
import { describe, expect, test } from 'vitest';
import { compileCollation } from './collation.ts';
import { compilePipeline } from './stages/pipeline.ts';
import { aggregate, canonical, codeOf, doc } from './testing.ts';
import { runPipeline } from './stages/pipeline.ts';

const numbers = (...values: unknown[]) => values.map((v, index) => ({ _id: index, v }));
const collections = (map: Record<string, Document[]>) => ({
	readCollection: (name: string) => (map[name] ?? []).map(doc)
});

describe('$group', () => {
	const grouped = (fields: Document, documents: Document[]) => aggregate([{ $group: fields }], documents);

	test('leaves missing parts out of a key document', () => {
		expect(grouped({ _id: { a: '$v', b: '$x' } }, [{ v: 1 }])).toEqual([{ _id: { a: 1 } }]);
	});
	test('puts numbers of different types together', () => {
		expect(grouped({ _id: '$v' }, numbers(1, Long.ONE, Decimal128.fromString('1.0')))).toHaveLength(1);
	});
	test('tells documents apart by field order', () => {
		expect(grouped({ _id: '$v' }, numbers({ x: 1, y: 1 }, { y: 1, x: 1 }))).toHaveLength(2);
	});
	test('sums longs and decimals', () => {
		expect(grouped({ _id: null, s: { $sum: '$v' } }, numbers(Long.fromNumber(2), Long.fromNumber(3)))[0]?.['s']).toBe(
			5
		);
		const [sum] = runPipeline(
			[doc({ $group: { _id: null, s: { $sum: '$v' } } })],
			numbers(Decimal128.fromString('0.1'), Decimal128.fromString('0.2')).map(doc),
			{ readCollection: () => [] }
		);
		expect(String(sum?.get('s'))).toBe('0.3');
	});
	test('keeps the type of sums', () => {
		const type = (...values: unknown[]) => {
			const [made] = runPipeline([doc({ $group: { _id: null, s: { $sum: '$v' } } })], numbers(...values).map(doc), {
				readCollection: () => []
			});
			return Object.keys(JSON.parse(canonical(made ?? new Map())).s)[0];
		};
		expect([type(1, 2), type(1, Long.ONE), type(1, 0.5), type(2147483647, 1)]).toEqual([
			'$numberInt',
			'$numberLong',
			'$numberDouble',
			'$numberLong'
		]);
	});
	test('adds doubles without losing digits', () => {
		expect(grouped({ _id: null, s: { $sum: '$v' } }, numbers(0.1, 0.2, 0.3))[0]?.['s']).toBe(0.6);
	});
	test('$push leaves missing values out', () => {
		expect(grouped({ _id: null, s: { $push: '$v' } }, [{ v: 1 }, {}])).toEqual([{ _id: null, s: [1] }]);
	});
	test('$top, $firstN and $maxN', () => {
		expect(
			grouped(
				{
					_id: null,
					t: { $top: { sortBy: { v: -1 }, output: '$v' } },
					f: { $firstN: { input: '$v', n: 2 } },
					m: { $maxN: { input: '$v', n: 2 } }
				},
				numbers(1, 2, 3)
			)
		).toEqual([{ _id: null, t: 3, f: [1, 2], m: [3, 2] }]);
	});
	test('$mergeObjects, $stdDevPop, $first, $last, $avg, $addToSet, $count', () => {
		const fields = {
			_id: null,
			m: { $mergeObjects: '$o' },
			d: { $stdDevPop: '$v' },
			f: { $first: '$v' },
			l: { $last: '$w' },
			a: { $avg: '$v' },
			s: { $addToSet: '$g' },
			c: { $count: {} }
		};
		expect(
			grouped(fields, [
				{ v: 1, o: { k: 'a' }, g: 1 },
				{ v: 3, o: null, g: 1 }
			])
		).toEqual([{ _id: null, m: { k: 'a' }, d: 1, f: 1, l: null, a: 2, s: [1], c: 2 }]);
	});
	test('uses the collation', () => {
		const collation = compileCollation(doc({ locale: 'en', strength: 2 }));
		expect(aggregate([{ $group: { _id: '$v', c: { $sum: 1 } } }], numbers('a', 'A'), { collation })).toEqual([
			{ _id: 'a', c: 2 }
		]);
	});
});

describe('$lookup', () => {
	const other = collections({
		other: [
			{ _id: 5, q: 1 },
			{ _id: 6, q: 2 }
		]
	});
	test('by let and pipeline', () => {
		const stage = {
			$lookup: { from: 'other', let: { r: '$r' }, pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$r'] } } }], as: 'x' }
		};
		expect(aggregate([stage], [{ _id: 1, r: 5 }], other)).toEqual([{ _id: 1, r: 5, x: [{ _id: 5, q: 1 }] }]);
	});
	test('by fields and pipeline', () => {
		const stage = {
			$lookup: {
				from: 'other',
				localField: 'r',
				foreignField: '_id',
				pipeline: [{ $project: { _id: 0, q: 1 } }],
				as: 'x'
			}
		};
		expect(aggregate([stage], [{ _id: 1, r: 5 }], other)).toEqual([{ _id: 1, r: 5, x: [{ q: 1 }] }]);
	});
	test('into a dotted path, by arrays, and null to missing', () => {
		const stage = (localField: string, as: string) => ({
			$lookup: { from: 'other', localField, foreignField: '_id', pipeline: [{ $project: { _id: 1 } }], as }
		});
		expect(aggregate([stage('r', 'a.b')], [{ _id: 1, r: 5 }], other)).toEqual([
			{ _id: 1, r: 5, a: { b: [{ _id: 5 }] } }
		]);
		expect(aggregate([stage('r', 'x')], [{ _id: 1, r: [5, 6, 7] }], other)[0]?.['x']).toEqual([{ _id: 5 }, { _id: 6 }]);
		const nulls = collections({ n: [{ _id: 1 }, { _id: 2, k: null }, { _id: 3, k: 1 }] });
		expect(
			aggregate([{ $lookup: { from: 'n', localField: 'nope', foreignField: 'k', as: 'x' } }], [{ _id: 0 }], nulls)[0]?.[
				'x'
			]
		).toHaveLength(2);
	});
	test('uses the index the store offers', () => {
		const asked: string[] = [];
		const env = {
			readCollection: () => [],
			readCollectionWhere(name: string, filter: ReturnType<typeof doc>) {
				asked.push(`${name} ${canonical(filter)}`);
				return [doc({ _id: 5 })];
			}
		};
		expect(
			aggregate(
				[{ $lookup: { from: 'other', localField: 'r', foreignField: '_id', as: 'x' } }],
				[{ _id: 1, r: 5 }],
				env
			)[0]?.['x']
		).toEqual([{ _id: 5 }]);
		expect(asked).toEqual(['other {"_id":{"$eq":{"$numberInt":"5"}}}']);
	});
	test('reads a large collection anew rather than keep it', () => {
		const many = collections({ m: Array.from({ length: 100 }, (_, k) => ({ _id: k, k: k % 10 })) });
		const stage = { $lookup: { from: 'm', localField: 'r', foreignField: 'k', as: 'x' } };
		expect(aggregate([stage], [{ _id: 1, r: 5 }], { ...many, memoryLimitBytes: 500 })[0]?.['x']).toHaveLength(10);
	});
	test('$graphLookup walks a hierarchy', () => {
		const tree = collections({
			t: [{ _id: 'a' }, { _id: 'b', up: 'a' }, { _id: 'c', up: 'b' }, { _id: 'd', up: 'c' }]
		});
		const spec = {
			from: 't',
			startWith: '$up',
			connectFromField: 'up',
			connectToField: '_id',
			as: 'above',
			depthField: 'n'
		};
		expect(aggregate([{ $graphLookup: spec }], [{ _id: 'd', up: 'c' }], tree)[0]?.['above']).toEqual([
			{ _id: 'c', up: 'b', n: 0 },
			{ _id: 'b', up: 'a', n: 1 },
			{ _id: 'a', n: 2 }
		]);
		expect(
			aggregate([{ $graphLookup: { ...spec, maxDepth: 0 } }], [{ _id: 'd', up: 'c' }], tree)[0]?.['above']
		).toHaveLength(1);
	});
	test('$unionWith', () => {
		expect(
			aggregate([{ $unionWith: { coll: 'other', pipeline: [{ $match: { q: 2 } }] } }], [{ _id: 1 }], other)
		).toEqual([{ _id: 1 }, { _id: 6, q: 2 }]);
	});
});

describe('stages', () => {
	test.each<[string, Document[], Document[], Document[]]>([
		['$count on nothing gives nothing', [{ $count: 'n' }], [], []],
		['$count', [{ $count: 'n' }], numbers(1, 2), [{ n: 2 }]],
		[
			'$bucket',
			[{ $bucket: { groupBy: '$v', boundaries: [0, 2, 4] } }],
			numbers(3, 1, 2),
			[
				{ _id: 0, count: 1 },
				{ _id: 2, count: 2 }
			]
		],
		[
			'$bucketAuto',
			[{ $bucketAuto: { groupBy: '$v', buckets: 2 } }],
			numbers(1, 2, 3),
			[
				{ _id: { min: 1, max: 3 }, count: 2 },
				{ _id: { min: 3, max: 3 }, count: 1 }
			]
		],
		[
			'$addFields over an array of documents',
			[{ $addFields: { 'a.c': 9 } }],
			[{ _id: 1, a: [{ b: 1 }, { b: 2 }] }],
			[
				{
					_id: 1,
					a: [
						{ b: 1, c: 9 },
						{ b: 2, c: 9 }
					]
				}
			]
		],
		[
			'$addFields with nested documents',
			[{ $set: { a: { c: '$v' } } }],
			[{ _id: 1, v: 2, a: { b: 1 } }],
			[{ _id: 1, v: 2, a: { b: 1, c: 2 } }]
		],
		['$project leaves missing references out', [{ $project: { x: '$nope' } }], [{ _id: 1 }], [{ _id: 1 }]],
		[
			'missing values in array literals are null',
			[{ $project: { x: ['$a', '$nope'] } }],
			[{ _id: 1, a: 1 }],
			[{ _id: 1, x: [1, null] }]
		],
		[
			'$unwind',
			[{ $unwind: '$a' }],
			[{ _id: 1, a: [1, 2] }, { _id: 2, a: [] }, { _id: 3 }, { _id: 4, a: 5 }],
			[
				{ _id: 1, a: 1 },
				{ _id: 1, a: 2 },
				{ _id: 4, a: 5 }
			]
		],
		[
			'$unwind keeping empty ones',
			[{ $unwind: { path: '$a', preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' } }],
			[
				{ _id: 1, a: [7] },
				{ _id: 2, a: [] },
				{ _id: 3, a: 5 }
			],
			[
				{ _id: 1, a: 7, i: 0 },
				{ _id: 2, i: null },
				{ _id: 3, a: 5, i: null }
			]
		],
		[
			'$sortByCount',
			[{ $sortByCount: '$v' }],
			numbers('a', 'b', 'b'),
			[
				{ _id: 'b', count: 2 },
				{ _id: 'a', count: 1 }
			]
		],
		[
			'$sort with $skip and $limit',
			[{ $sort: { v: 1 } }, { $skip: 1 }, { $limit: 1 }, { $project: { _id: 0 } }],
			numbers(3, 1, 2),
			[{ v: 2 }]
		],
		[
			'$replaceRoot',
			[{ $replaceRoot: { newRoot: { $mergeObjects: ['$v', { z: 1 }] } } }],
			numbers({ x: 1 }),
			[{ x: 1, z: 1 }]
		],
		['$unset', [{ $unset: ['a', 'b.c'] }], [{ _id: 1, a: 1, b: { c: 1, d: 1 } }], [{ _id: 1, b: { d: 1 } }]],
		[
			'$facet',
			[{ $facet: { n: [{ $count: 'c' }], m: [{ $match: { v: 2 } }, { $unset: '_id' }] } }],
			numbers(1, 2),
			[{ n: [{ c: 2 }], m: [{ v: 2 }] }]
		],
		[
			'$redact',
			[{ $redact: { $cond: [{ $eq: ['$secret', true] }, '$$PRUNE', '$$DESCEND'] } }],
			[{ _id: 1, a: [{ secret: true }, { b: 1 }] }],
			[{ _id: 1, a: [{ b: 1 }] }]
		],
		['$documents', [{ $documents: [{ a: 1 }] }, { $match: { a: 1 } }], [], [{ a: 1 }]]
	])('%s', (_, stages, documents, expected) => {
		expect(aggregate(stages, documents)).toEqual(expected);
	});

	test('$sample takes as many as asked, without repeats', () => {
		const ids = aggregate([{ $sample: { size: 5 } }], numbers(...Array.from({ length: 20 }, (_, i) => i))).map(
			(found) => found['_id']
		);
		expect(new Set(ids).size).toBe(5);
	});

	test('the input is not changed', () => {
		const input = doc({ _id: 1, a: [1, 2], s: { x: 1 } });
		runPipeline([doc({ $set: { 's.y': 2, a: { $reverseArray: '$a' } } }), doc({ $unset: 's.x' })], [input], {
			readCollection: () => []
		});
		expect(input).toEqual(doc({ _id: 1, a: [1, 2], s: { x: 1 } }));
	});

	test('stages run lazily', () => {
		let read = 0;
		const source = function* () {
			for (;;) yield doc({ n: read++ });
		};
		expect([
			...compilePipeline([doc({ $match: { n: { $gt: 2 } } }), doc({ $limit: 2 })], { readCollection: () => [] })(
				source()
			)
		]).toHaveLength(2);
		expect(read).toBe(5);
	});

	test('$out and $merge are parsed for the store', () => {
		const output = (stage: Document) => compilePipeline([doc(stage)], { readCollection: () => [] }).output;
		expect(output({ $out: 'x' })).toEqual({ kind: 'out', db: undefined, coll: 'x' });
		expect(output({ $merge: { into: 'x', on: ['a', 'b'], whenMatched: 'replace' } })).toEqual({
			kind: 'merge',
			db: undefined,
			coll: 'x',
			on: ['a', 'b'],
			whenMatched: 'replace',
			whenNotMatched: 'insert',
			let: undefined
		});
	});

	test('a blocking stage refuses to hold more than it may', () => {
		const documents = numbers(...Array.from({ length: 200 }, (_, i) => `text ${i}`));
		const limited = { memoryLimitBytes: 1000 };
		expect(codeOf(() => aggregate([{ $sort: { v: 1 } }], documents, limited))).toBe(292);
		expect(codeOf(() => aggregate([{ $group: { _id: null, all: { $push: '$v' } } }], documents, limited))).toBe(292);
		expect(codeOf(() => aggregate([{ $group: { _id: '$v' } }], documents, limited))).toBe(292);
		expect(aggregate([{ $sort: { v: 1 } }, { $limit: 1 }], documents, { memoryLimitBytes: 20000 })).toHaveLength(1);
		expect(aggregate([{ $group: { _id: null, n: { $sum: 1 } } }], documents, limited)).toEqual([{ _id: null, n: 200 }]);
	});

	test.each<[string, Document, number]>([
		['$limit 0', { $limit: 0 }, 15958],
		['$limit by text', { $limit: 'x' }, 5107201],
		['$skip below 0', { $skip: -1 }, 5107200],
		['an unknown stage', { $nope: 1 }, 40324],
		['two stages in one', { $match: {}, $limit: 1 }, 40323],
		['a $group without _id', { $group: { a: 1 } }, 15955],
		['an unknown accumulator', { $group: { _id: 1, a: { $nope: 1 } } }, 15952],
		['an accumulator that is none', { $group: { _id: 1, a: 1 } }, 40234],
		['an empty $project', { $project: {} }, 51272],
		['an empty $sort', { $sort: {} }, 15976],
		['$unwind without a dollar', { $unwind: 'a' }, 28818],
		['an unknown expression', { $project: { a: { $nope: 1 } } }, 31325],
		['$out not last', { $facet: { a: [{ $out: 'x' }] } }, 40600],
		['unsorted boundaries', { $bucket: { groupBy: '$v', boundaries: [2, 1] } }, 40194]
	])('refuses %s', (_, stage, code) => {
		expect(codeOf(() => aggregate([stage], []))).toBe(code);
	});

	test('refuses $replaceRoot with a scalar and a bucket that fits nothing', () => {
		expect(codeOf(() => aggregate([{ $replaceRoot: { newRoot: '$v' } }], numbers(1)))).toBe(40228);
		expect(codeOf(() => aggregate([{ $bucket: { groupBy: '$v', boundaries: [0, 1] } }], numbers(5)))).toBe(40066);
		expect(codeOf(() => aggregate([{ $out: 'x' }, { $limit: 1 }], []))).toBe(40601);
	});
});

describe('$setWindowFields', () => {
	const rows = [
		{ _id: 1, g: 'a', v: 10 },
		{ _id: 2, g: 'a', v: 20 },
		{ _id: 3, g: 'a', v: 20 },
		{ _id: 4, g: 'b', v: 5 }
	];
	const windowed = (output: Document, sortBy: Document = { v: 1 }) =>
		aggregate([{ $setWindowFields: { partitionBy: '$g', sortBy, output: { r: output } } }], rows).map(
			(row) => row['r']
		);
	test('ranks', () => {
		expect(windowed({ $rank: {} })).toEqual([1, 2, 2, 1]);
		expect(windowed({ $denseRank: {} }, { v: -1 })).toEqual([1, 1, 2, 1]);
		expect(windowed({ $documentNumber: {} })).toEqual([1, 2, 3, 1]);
	});
	test('running and sliding totals', () => {
		expect(windowed({ $sum: '$v', window: { documents: ['unbounded', 'current'] } })).toEqual([10, 30, 50, 5]);
		expect(windowed({ $sum: '$v', window: { documents: [-1, 0] } })).toEqual([10, 30, 40, 5]);
		expect(windowed({ $sum: '$v' })).toEqual([50, 50, 50, 5]);
		expect(windowed({ $sum: '$v', window: { range: [-10, 0] } })).toEqual([10, 50, 50, 5]);
	});
	test('$shift', () => {
		expect(windowed({ $shift: { output: '$v', by: -1, default: 0 } })).toEqual([0, 10, 20, 0]);
	});
	test('$densify', () => {
		const stage = (range: Document) => ({ $densify: { field: 'n', range } });
		expect(aggregate([stage({ step: 1, bounds: 'full' })], [{ n: 1 }, { n: 3 }])).toEqual([
			{ n: 1 },
			{ n: 2 },
			{ n: 3 }
		]);
		expect(aggregate([stage({ step: 2, bounds: [0, 5] })], [{ n: 2, x: 1 }])).toEqual([
			{ n: 0 },
			{ n: 2, x: 1 },
			{ n: 4 }
		]);
		expect(codeOf(() => aggregate([stage({ step: 1, bounds: [0, 1e9] })], [{ n: 2 }]))).toBe(5897900);
	});
	test('$fill by the last value', () => {
		expect(
			aggregate(
				[{ $fill: { sortBy: { _id: 1 }, output: { v: { method: 'locf' }, w: { value: 0 } } } }],
				[{ _id: 1, v: 1 }, { _id: 2 }]
			)
		).toEqual([
			{ _id: 1, v: 1, w: 0 },
			{ _id: 2, v: 1, w: 0 }
		]);
	});
});

describe('$bucketAuto with preferred numbers', () => {
	const edges = (granularity: string, buckets: number, ...list: number[]) =>
		aggregate([{ $bucketAuto: { groupBy: '$v', buckets, granularity } }], numbers(...list)).map((bucket) => [
			bucket['_id'].min,
			bucket['_id'].max,
			bucket['count']
		]);
	const hundred = Array.from({ length: 100 }, (_, i) => i);
	test.each<[string, number, number[], number[][]]>([
		// The worked example of the manual: 0 to 99 in five buckets.
		['R20', 5, hundred, [[0, 20, 20], [20, 40, 20], [40, 63, 23], [63, 90, 27], [90, 100, 10]]],
		['E24', 5, hundred, [[0, 20, 20], [20, 43, 23], [43, 68, 25], [68, 91, 23], [91, 100, 9]]],
		['1-2-5', 5, hundred, [[0, 20, 20], [20, 50, 30], [50, 100, 50]]],
		['POWERSOF2', 5, hundred, [[0, 32, 32], [32, 64, 32], [64, 128, 36]]],
		['R5', 2, [0.3, 3, 30], [[0.25, 4, 2], [4, 40, 1]]],
		['POWERSOF2', 2, [0, 0, 5], [[0, 4, 2], [4, 8, 1]]]
	])('%s', (granularity, buckets, list, expected) => {
		expect(edges(granularity, buckets, ...list)).toEqual(expected);
	});
	test('needs numbers that are not negative, and a known series', () => {
		const refused = (granularity: unknown, ...list: unknown[]) =>
			codeOf(() => aggregate([{ $bucketAuto: { groupBy: '$v', buckets: 2, granularity } }], numbers(...list)));
		expect([refused('E7'), refused(5), refused('R5', 'x'), refused('R5', -1), refused('R5', NaN)]).toEqual([
			40257, 40261, 40258, 40260, 40259
		]);
	});
});

describe('window measures', () => {
	const hours = (...list: [number, number][]) =>
		list.map(([hour, v], _id) => ({ _id, t: new Date(hour * 3_600_000), x: hour, v }));
	const windowed = (output: Document, documents: Document[], sortBy: Document = { t: 1 }) =>
		aggregate([{ $setWindowFields: { sortBy, output: { o: output } } }], documents).map((each) => each['o']);
	const pair = { documents: [-1, 0] };

	test('$derivative is the slope of the window', () => {
		const list = hours([0, 10], [1, 30], [3, 40]);
		expect(windowed({ $derivative: { input: '$v', unit: 'hour' }, window: pair }, list)).toEqual([null, 20, 5]);
		expect(windowed({ $derivative: { input: '$v' }, window: pair }, list, { x: 1 })).toEqual([null, 20, 5]);
	});
	test('$integral is the area of the window', () => {
		const list = hours([0, 10], [1, 30], [3, 40]);
		expect(windowed({ $integral: { input: '$v', unit: 'hour' }, window: pair }, list)).toEqual([0, 20, 70]);
		expect(windowed({ $integral: { input: '$v', unit: 'hour' } }, list)).toEqual([90, 90, 90]);
	});
	test('covariances leave out what is not a number', () => {
		const list = [{ x: 1, v: 2 }, { x: 2, v: 4 }, { x: 'no', v: 9 }, { x: 3, v: 9 }];
		const whole = { documents: ['unbounded', 'unbounded'] };
		const [pop] = windowed({ $covariancePop: ['$x', '$v'], window: whole }, list, { v: 1 });
		const [samp] = windowed({ $covarianceSamp: ['$x', '$v'], window: whole }, list, { v: 1 });
		expect(pop).toBeCloseTo(7 / 3);
		expect(samp).toBeCloseTo(3.5);
		expect(windowed({ $covarianceSamp: ['$x', '$v'], window: { documents: ['current', 'current'] } }, list, { v: 1 })).toEqual([
			null,
			null,
			null,
			null
		]);
	});
	test('are refused where they make no sense', () => {
		const list = hours([0, 1], [1, 2]);
		const refused = (output: Document, sortBy?: Document) => codeOf(() => windowed(output, list, sortBy));
		expect(refused({ $derivative: { input: '$v', unit: 'hour' } })).toBe(9);
		expect(refused({ $derivative: { input: '$v' }, window: pair })).toBe(5624901);
		expect(refused({ $integral: { input: '$v', unit: 'hour' } }, { x: 1 })).toBe(5624900);
		expect(refused({ $integral: { input: '$v', unit: 'month' } })).toBe(5490710);
		expect(refused({ $covariancePop: ['$x'] })).toBe(9);
	});
});
