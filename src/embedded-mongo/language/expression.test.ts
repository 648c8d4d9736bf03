import { Binary, Decimal128, Int32, Long, ObjectId, Timestamp } from 'bson';
import { describe, expect, test } from 'vitest';
import { codeOf, evaluate, result } from './testing.ts';
import { typeName } from '../bson/values.ts';

const iso = (text: string) => new Date(text);
const typeOfResult = (expression: unknown, document = {}) => typeName(evaluate(expression, document));

describe('comparison and logic', () => {
	test.each<[string, unknown, Record<string, unknown>, unknown]>([
		['1 equals a long 1', { $eq: ['$a', '$b'] }, { a: 1, b: Long.ONE }, true],
		['null is not missing', { $eq: [null, '$nope'] }, {}, false],
		['strings are above numbers', { $gt: ['x', 5] }, {}, true],
		['missing is below null', { $lt: ['$nope', null] }, {}, true],
		['null is not above numbers', { $gt: [null, 5] }, {}, false],
		['$cmp', { $cmp: [1, 2] }, {}, -1],
		['$and of values', { $and: [1, 'x', []] }, {}, true],
		['$or of nothing', { $or: [0, null] }, {}, false],
		['$cond', { $cond: ['$a', 1, 2] }, { a: 0 }, 2],
		['$cond by name', { $cond: { if: true, then: 1, else: 2 } }, {}, 1],
		['$ifNull', { $ifNull: ['$a', '$nope', 3] }, { a: null }, 3],
		['$switch', { $switch: { branches: [{ case: false, then: 1 }], default: 2 } }, {}, 2],
		['$let', { $let: { vars: { x: { $add: ['$a', 1] } }, in: { $multiply: ['$$x', '$$x'] } } }, { a: 2 }, 9],
		['a path never indexes an array', '$a.0', { a: [5] }, []],
		['a path through an array', '$a.b', { a: [{ b: 1 }, {}, 3, { b: 2 }] }, [1, 2]],
		['$$REMOVE', { a: '$$REMOVE', b: 1 }, {}, { b: 1 }],
		['$$ROOT and $$CURRENT', ['$$ROOT.a', '$$CURRENT.a'], { a: 1 }, [1, 1]]
	])('%s', (_, expression, document, expected) => {
		expect(result(expression, document)).toEqual(expected);
	});
	test('$switch without a match is refused', () => {
		expect(codeOf(() => evaluate({ $switch: { branches: [{ case: false, then: 1 }] } }))).toBe(40066);
	});
});

describe('arithmetic', () => {
	test.each<[string, unknown, unknown]>([
		['$add', { $add: [1, 2, 3] }, 6],
		['$add of a date', { $add: [iso('2020-01-01T00:00:00Z'), 1000] }, iso('2020-01-01T00:00:01Z')],
		['$add with null', { $add: [1, null] }, null],
		['$subtract dates', { $subtract: [iso('2020-01-01T00:00:01Z'), iso('2020-01-01T00:00:00Z')] }, 1000],
		['$divide', { $divide: [7, 2] }, 3.5],
		['$mod', { $mod: [-7, 3] }, -1],
		['$abs', { $abs: -5 }, 5],
		['$round half to even', { $round: [2.5] }, 2],
		['$round to places', { $round: [1.2345, 2] }, 1.23],
		['$round takes the double as it is, upwards', { $round: [2.345, 2] }, 2.35],
		['$round takes the double as it is, downwards', { $round: [1.015, 2] }, 1.01],
		['$trunc takes the double as it is', { $trunc: [0.3, 1] }, 0.2],
		['$round before the point', { $round: [1250, -2] }, 1200],
		['$trunc', { $trunc: [-1.9] }, -1],
		['$ceil and $floor', [{ $ceil: 1.2 }, { $floor: -1.2 }], [2, -2]],
		['$pow', { $pow: [2, 10] }, 1024],
		['$sqrt, $ln, $log10, $log', [{ $sqrt: 16 }, { $ln: 1 }, { $log10: 100 }, { $log: [8, 2] }], [4, 0, 2, 3]],
		['bits', [{ $bitAnd: [6, 3] }, { $bitOr: [6, 1] }, { $bitXor: [6, 3] }, { $bitNot: 0 }], [2, 7, 5, -1]],
		['$sin and $degreesToRadians', [{ $sin: 0 }, { $degreesToRadians: 180 }], [0, Math.PI]],
		[
			'$sum, $avg, $max and $min',
			[{ $sum: [1, 2] }, { $avg: [1, 2, 3] }, { $max: [1, 3, 2] }, { $min: [[2, 1]] }],
			[3, 2, 3, 1]
		],
		['$sum of one array', { $sum: [[1, 2, 'x']] }, 3],
		['$stdDevPop', { $stdDevPop: [1, 3] }, 1],
		['$median', { $median: { input: [1, 5, 3], method: 'approximate' } }, 3]
	])('%s', (_, expression, expected) => {
		expect(result(expression)).toEqual(expected);
	});
	test('types widen as needed', () => {
		expect(typeOfResult({ $add: [1, 2] })).toBe('int');
		expect(typeOfResult({ $add: [2147483647, 1] })).toBe('long');
		expect(typeOfResult({ $multiply: [Long.MAX_VALUE, 2] })).toBe('double');
		expect(String(evaluate({ $add: [Decimal128.fromString('0.1'), 1] }))).toBe('1.1');
		expect(String(evaluate({ $divide: [Decimal128.fromString('1'), 3] }))).toBe('0.3333333333333333333333333333333333');
		expect(typeOfResult({ $divide: [4, 2] })).toBe('double');
	});
	test('refusals', () => {
		expect(codeOf(() => evaluate({ $add: [1, 'x'] }))).toBe(14);
		expect(codeOf(() => evaluate({ $divide: [1, 0] }))).toBe(2);
		expect(codeOf(() => evaluate({ $abs: 'x' }))).toBe(28765);
		expect(codeOf(() => evaluate({ $nope: 1 }))).toBe(168);
		expect(codeOf(() => evaluate({ $add: 1, $subtract: 2 }))).toBe(15983);
		expect(codeOf(() => evaluate({ $subtract: [1] }))).toBe(16020);
		expect(codeOf(() => evaluate('$$nope'))).toBe(17276);
	});
});

describe('strings', () => {
	test.each<[string, unknown, unknown]>([
		['$toUpper of null', { $toUpper: null }, ''],
		['$toLower', { $toLower: 'ÀBC' }, 'Àbc'],
		['$concat', { $concat: ['a', 'b'] }, 'ab'],
		['$indexOfCP', { $indexOfCP: ['a😀b', 'b'] }, 2],
		['$indexOfBytes', { $indexOfBytes: ['é!', '!'] }, 2],
		['$substrCP', { $substrCP: ['a😀b', 1, 1] }, '😀'],
		['$substrBytes', { $substrBytes: ['abc', 1, -1] }, 'bc'],
		['$strLenCP and $strLenBytes', [{ $strLenCP: '😀' }, { $strLenBytes: '😀' }], [1, 4]],
		['$split', { $split: ['a-b', '-'] }, ['a', 'b']],
		['$trim', [{ $trim: { input: ' a ' } }, { $ltrim: { input: 'xxa', chars: 'x' } }], ['a', 'a']],
		['$replaceAll', { $replaceAll: { input: 'a.a', find: 'a', replacement: { $literal: '$&' } } }, '$&.$&'],
		['$strcasecmp', { $strcasecmp: ['a', 'B'] }, -1],
		['$regexMatch', { $regexMatch: { input: 'Abc', regex: '^a', options: 'i' } }, true],
		['$regexFind', { $regexFind: { input: '😀ab', regex: /(a)(x)?/ } }, { match: 'a', idx: 1, captures: ['a', null] }],
		[
			'$regexFindAll',
			{ $regexFindAll: { input: 'aa', regex: 'a' } },
			[
				{ match: 'a', idx: 0, captures: [] },
				{ match: 'a', idx: 1, captures: [] }
			]
		]
	])('%s', (_, expression, expected) => {
		expect(result(expression)).toEqual(expected);
	});
});

describe('arrays, objects and sets', () => {
	test.each<[string, unknown, unknown]>([
		['$first and $last', [{ $first: [[1, 2]] }, { $last: [[1, 2]] }], [1, 2]],
		['$concatArrays', { $concatArrays: [[1], [2]] }, [1, 2]],
		['$reverseArray', { $reverseArray: [[1, 2]] }, [2, 1]],
		['$range', { $range: [0, 3] }, [0, 1, 2]],
		['$zip', { $zip: { inputs: [[1], [2, 3]] } }, [[1, 2]]],
		[
			'$zip to the longest',
			{ $zip: { inputs: [[1], [2, 3]], useLongestLength: true, defaults: [0, 0] } },
			[
				[1, 2],
				[0, 3]
			]
		],
		['$objectToArray', { $objectToArray: { a: 1 } }, [{ k: 'a', v: 1 }]],
		['$arrayToObject', { $arrayToObject: { $literal: [{ k: 'a', v: 1 }] } }, { a: 1 }],
		['$arrayToObject of pairs', { $arrayToObject: [[['a', 1]]] }, { a: 1 }],
		['$arrayElemAt', [{ $arrayElemAt: [[1, 2], -1] }, { $arrayElemAt: [[1], 5] }], [2, null]],
		['$slice', [{ $slice: [[1, 2, 3], -2] }, { $slice: [[1, 2, 3], 1, 1] }], [[2, 3], [2]]],
		['$in and $indexOfArray', [{ $in: [2, [1, 2]] }, { $indexOfArray: [[1, 2], 2] }], [true, 1]],
		['$map', { $map: { input: [1, 2], as: 'x', in: { $add: ['$$x', 1] } } }, [2, 3]],
		['$filter', { $filter: { input: [1, 2, 3], cond: { $gt: ['$$this', 1] }, limit: 1 } }, [2]],
		['$reduce', { $reduce: { input: [1, 2, 3], initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 6],
		[
			'nested $map',
			{ $map: { input: [[1, 2], [3]], as: 'r', in: { $map: { input: '$$r', as: 'c', in: { $size: '$$r' } } } } },
			[[2, 2], [1]]
		],
		[
			'$sortArray',
			[
				{ $sortArray: { input: [3, 1], sortBy: 1 } },
				{ $sortArray: { input: [{ a: 1 }, { a: 2 }], sortBy: { a: -1 } } }
			],
			[
				[1, 3],
				[{ a: 2 }, { a: 1 }]
			]
		],
		[
			'$firstN and $maxN',
			[{ $firstN: { input: [1, 2, 3], n: 2 } }, { $maxN: { input: [1, null, 3], n: 2 } }],
			[
				[1, 2],
				[3, 1]
			]
		],
		['$isArray', [{ $isArray: [[1]] }, { $isArray: 1 }], [true, false]],
		['$mergeObjects', { $mergeObjects: [{ a: 1, b: 1 }, null, { b: 2 }] }, { a: 1, b: 2 }],
		['$getField', { $getField: { field: 'a.b', input: { $literal: { 'a.b': 5 } } } }, 5],
		[
			'$setField and $unsetField',
			[
				{ $setField: { field: { $literal: '$x' }, input: {}, value: 1 } },
				{ $unsetField: { field: 'a', input: { a: 1 } } }
			],
			[{ $x: 1 }, {}]
		],
		[
			'$setUnion',
			{
				$setUnion: [
					[1, 2],
					[2, 3]
				]
			},
			[1, 2, 3]
		],
		[
			'$setIntersection',
			{
				$setIntersection: [
					[1, 2],
					[2, 3]
				]
			},
			[2]
		],
		['$setDifference', { $setDifference: [[1, 2], [2]] }, [1]],
		['$setEquals and $setIsSubset', [{ $setEquals: [[1, 1], [1]] }, { $setIsSubset: [[1], [1, 2]] }], [true, true]],
		[
			'$anyElementTrue and $allElementsTrue',
			[{ $anyElementTrue: [[0, 1]] }, { $allElementsTrue: [[0, 1]] }],
			[true, false]
		]
	])('%s', (_, expression, expected) => {
		expect(result(expression)).toEqual(expected);
	});
	test('$size of a missing field is refused', () => {
		expect(codeOf(() => evaluate({ $size: '$nope' }))).toBe(17124);
	});
});

describe('types and conversion', () => {
	test('$type names', () => {
		const values: [unknown, string][] = [
			[1.5, 'double'],
			['x', 'string'],
			[new ObjectId(), 'objectId'],
			[new Date(), 'date'],
			[null, 'null'],
			[[], 'array'],
			[{}, 'object'],
			[true, 'bool'],
			[Long.ONE, 'long'],
			[Decimal128.fromString('1'), 'decimal'],
			[new Binary(Buffer.from('x')), 'binData'],
			[new Timestamp({ t: 1, i: 1 }), 'timestamp'],
			[/x/, 'regex'],
			[1, 'int']
		];
		for (const [a, name] of values) expect(result({ $type: '$a' }, { a })).toBe(name);
		expect(result({ $type: '$nope' })).toBe('missing');
	});
	test('$isNumber', () => {
		expect(result([{ $isNumber: 1 }, { $isNumber: Decimal128.fromString('1') }, { $isNumber: 'x' }])).toEqual([
			true,
			true,
			false
		]);
	});
	test('$toString', () => {
		const id = new ObjectId('0123456789abcdef01234567');
		expect(result([{ $toString: 5 }, { $toString: true }, { $toString: id }, { $toString: new Date(0) }])).toEqual([
			'5',
			'true',
			'0123456789abcdef01234567',
			'1970-01-01T00:00:00.000Z'
		]);
	});
	test('to ObjectId, decimal, date and integers', () => {
		expect(evaluate({ $toObjectId: '0123456789abcdef01234567' })).toEqual(new ObjectId('0123456789abcdef01234567'));
		expect(String(evaluate({ $toDecimal: '5.10' }))).toBe('5.10');
		expect(result({ $toDate: new ObjectId('0123456789abcdef01234567') })).toEqual(iso('1970-08-09T22:25:43Z'));
		expect(result({ $toDate: '2020-02-03T04:05:06+01:00' })).toEqual(iso('2020-02-03T03:05:06Z'));
		expect(evaluate({ $toInt: '12' })).toEqual(new Int32(12));
		expect(evaluate({ $toLong: 1.9 })).toEqual(Long.ONE);
		expect(result([{ $toBool: 'x' }, { $toDouble: '1e3' }])).toEqual([true, 1000]);
		expect(result({ $convert: { input: 'x', to: 'int', onError: -1 } })).toBe(-1);
		expect(result({ $convert: { input: null, to: 'int', onNull: 0 } })).toBe(0);
		for (const bad of [
			{ $toInt: 'x' },
			{ $toInt: 3e9 },
			{ $toObjectId: 'x' },
			{ $toDate: true },
			{ $toDate: '2020-02-31' }
		]) {
			expect(codeOf(() => evaluate(bad))).toBe(241);
		}
	});
	test('hostile sizes are refused or bounded', () => {
		expect(String(evaluate({ $toDecimal: '1E-999999999' }))).toBe('0E-6176');
		expect(String(evaluate({ $toDecimal: '-1E999999999' }))).toBe('-Infinity');
		expect(codeOf(() => evaluate({ $toInt: '9'.repeat(1_000_000) }))).toBe(241);
		expect(codeOf(() => evaluate({ $toDecimal: '9'.repeat(1_000_000) }))).toBe(241);
		expect(codeOf(() => evaluate({ $range: [0, 2_000_000_000] }))).toBe(146);
		expect(codeOf(() => evaluate({ $range: [0, 3_000_000_000] }))).toBe(34445);
	});
	test('$toHashedIndexKey', () => {
		// The first value is the example of MongoDB's manual.
		expect(evaluate({ $toHashedIndexKey: 'string to hash' })).toEqual(Long.fromString('763543691661428748'));
		expect(evaluate({ $toHashedIndexKey: '$nope' })).toEqual(evaluate({ $toHashedIndexKey: null }));
		expect(evaluate({ $toHashedIndexKey: 5 })).toEqual(evaluate({ $toHashedIndexKey: Long.fromNumber(5) }));
	});
	test('sizes and timestamps', () => {
		expect(
			result([{ $bsonSize: { a: 1 } }, { $binarySize: 'abc' }, { $tsSecond: new Timestamp({ t: 5, i: 1 }) }])
		).toEqual([12, 3, 5]);
	});
});

describe('dates', () => {
	const date = iso('2020-03-15T12:34:56.789Z');
	test.each<[string, unknown, unknown]>([
		[
			'parts',
			[
				{ $year: date },
				{ $month: date },
				{ $dayOfMonth: date },
				{ $hour: date },
				{ $millisecond: date },
				{ $dayOfWeek: date },
				{ $dayOfYear: date },
				{ $isoWeek: date },
				{ $week: date }
			],
			[2020, 3, 15, 12, 789, 1, 75, 11, 11]
		],
		['parts in a zone', { $hour: { date, timezone: 'Asia/Shanghai' } }, 20],
		['parts at an offset', { $hour: { date, timezone: '-05:30' } }, 7],
		['$dateTrunc', { $dateTrunc: { date, unit: 'month' } }, iso('2020-03-01T00:00:00Z')],
		[
			'$dateTrunc in a zone',
			{ $dateTrunc: { date, unit: 'day', timezone: 'Asia/Shanghai' } },
			iso('2020-03-14T16:00:00Z')
		],
		[
			'$dateTrunc to weeks from Monday',
			{ $dateTrunc: { date, unit: 'week', startOfWeek: 'monday' } },
			iso('2020-03-09T00:00:00Z')
		],
		[
			'$dateAdd clips to the end of the month',
			{ $dateAdd: { startDate: iso('2020-01-31T00:00:00Z'), unit: 'month', amount: 1 } },
			iso('2020-02-29T00:00:00Z')
		],
		['$dateSubtract', { $dateSubtract: { startDate: date, unit: 'day', amount: 15 } }, iso('2020-02-29T12:34:56.789Z')],
		[
			'$dateAdd over a change of clocks',
			{ $dateAdd: { startDate: iso('2021-03-27T11:00:00Z'), unit: 'day', amount: 1, timezone: 'Europe/Berlin' } },
			iso('2021-03-28T10:00:00Z')
		],
		[
			'$dateDiff counts boundaries',
			{ $dateDiff: { startDate: iso('2020-12-31T23:59:59Z'), endDate: iso('2021-01-01T00:00:00Z'), unit: 'year' } },
			1
		],
		[
			'$dateDiff in weeks',
			{
				$dateDiff: {
					startDate: iso('2020-03-14T00:00:00Z'),
					endDate: iso('2020-03-16T00:00:00Z'),
					unit: 'week',
					startOfWeek: 'mon'
				}
			},
			1
		],
		['$dateFromParts carries', { $dateFromParts: { year: 2021, month: 1, day: 32 } }, iso('2021-02-01T00:00:00Z')],
		[
			'$dateFromParts in a zone',
			{ $dateFromParts: { year: 2021, timezone: 'Asia/Shanghai' } },
			iso('2020-12-31T16:00:00Z')
		],
		[
			'$dateToParts',
			{ $dateToParts: { date } },
			{ year: 2020, month: 3, day: 15, hour: 12, minute: 34, second: 56, millisecond: 789 }
		],
		[
			'$dateToString',
			{ $dateToString: { date, format: '%Y-%m-%d %H:%M:%S.%L %j %u %V %z', timezone: 'Asia/Shanghai' } },
			'2020-03-15 20:34:56.789 075 7 11 +0800'
		],
		['$dateToString by default', { $dateToString: { date } }, '2020-03-15T12:34:56.789Z'],
		[
			'$dateFromString',
			{ $dateFromString: { dateString: '2020-03-15', timezone: 'Asia/Shanghai' } },
			iso('2020-03-14T16:00:00Z')
		],
		[
			'$dateFromString by format',
			{ $dateFromString: { dateString: '15/03/2020 08', format: '%d/%m/%Y %H' } },
			iso('2020-03-15T08:00:00Z')
		],
		['$dateFromString with onError', { $dateFromString: { dateString: 'x', onError: 'bad' } }, 'bad']
	])('%s', (_, expression, expected) => {
		expect(result(expression)).toEqual(expected);
	});
	test('$dateDiff gives a long', () => {
		expect(typeOfResult({ $dateDiff: { startDate: date, endDate: date, unit: 'day' } })).toBe('long');
	});
});

describe('$convert between text and binary data', () => {
	const bytes = (text: string, type: BufferEncoding, subtype = 0) => new Binary(Buffer.from(text, type), subtype);
	const uuid = '0e3b9063-8abd-4eb3-9f9f-f4c59fd30a60';
	const convert = (input: unknown, to: unknown, format?: string) =>
		result({ $convert: { input: '$v', to, ...(format === undefined ? {} : { format }) } }, { v: input });
	test.each<[string, unknown, string, Binary]>([
		['base64', 'aGk=', 'base64', bytes('hi', 'utf8')],
		['base64url', '_-8', 'base64url', bytes('ffef', 'hex')],
		['hex', 'ffEF', 'hex', bytes('ffef', 'hex')],
		['utf8', '苗', 'utf8', bytes('苗', 'utf8')]
	])('%s', (_, text, format, binary) => {
		expect(convert(text, 'binData', format)).toEqual(binary);
		expect(String(convert(binary, 'string', format)).toLowerCase()).toBe(String(text).toLowerCase());
	});
	test('UUIDs', () => {
		expect(convert(uuid, { type: 'binData', subtype: 4 }, 'uuid')).toEqual(bytes(uuid.replaceAll('-', ''), 'hex', 4));
		expect(convert(bytes(uuid.replaceAll('-', ''), 'hex', 4), 'string', 'auto')).toBe(uuid);
		expect(convert(bytes('hi', 'utf8'), 'string', 'auto')).toBe('aGk=');
	});
	test.each<[string, unknown, unknown, string | undefined, number]>([
		['a format is needed', 'aGk=', 'binData', undefined, 241],
		['malformed text', 'xyz', 'binData', 'hex', 241],
		['malformed base64', 'aGk', 'binData', 'base64', 241],
		['uuid needs its subtype', uuid, 'binData', 'uuid', 241],
		['an unknown format', 'x', 'binData', 'base32', 2],
		['numbers', 5, 'binData', 'hex', 241],
		['bytes that are no text', bytes('ff', 'hex'), 'string', 'utf8', 241]
	])('%s', (_, input, to, format, code) => {
		expect(codeOf(() => convert(input, to, format))).toBe(code);
	});
});
