import type { Document } from 'bson';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../bson/codec.ts';
import { pickFields } from '../../bson/raw-fields.ts';
import { canonical, doc } from '../testing.ts';
import { neededFields } from './needed-fields.ts';
import { runPipeline } from './pipeline.ts';

const DOCUMENTS = [
	{ _id: 1, a: 1, b: { c: 2, d: 'x' }, list: [{ n: 1 }, { n: 2 }], other: 'p' },
	{ b: { c: 3 }, _id: 2, a: 2, list: [], more: 1 },
	{ _id: 3, list: { n: 7 }, a: 'text', other: null }
].map(doc);

const names = (stages: Document[]): string[] | undefined => {
	const found = neededFields(stages.map(doc));
	return found && [...found].sort();
};

describe('the fields a pipeline looks at', () => {
	const cases: [Document[], string[]][] = [
		[[{ $group: { _id: '$a', n: { $sum: 1 } } }], ['a']],
		[[{ $group: { _id: null, n: { $sum: 1 } } }], []],
		[[{ $group: { _id: { x: '$b.c' }, all: { $push: { k: '$other', v: { $eq: ['$a', 1] } } } } }], ['a', 'b', 'other']],
		[[{ $match: { $or: [{ a: 1 }, { 'b.c': 3 }], $expr: { $ne: ['$other', 0] } } }, { $count: 'n' }], ['a', 'b', 'other']],
		[[{ $unwind: '$list' }, { $sort: { 'b.c': -1 } }, { $sortByCount: '$list.n' }], ['b', 'list']],
		[[{ $unwind: { path: '$list', includeArrayIndex: 'at' } }, { $group: { _id: '$at', n: { $max: '$list.n' } } }], ['at', 'list']],
		[[{ $set: { 'b.e': '$a' } }, { $limit: 2 }, { $group: { _id: '$b' } }], ['a', 'b']],
		[[{ $project: { _id: 0, a: 1, 'b.c': 1, made: { $size: { $ifNull: ['$gone', []] } } } }], ['_id', 'a', 'b', 'gone', 'made']],
		[[{ $group: { _id: { $let: { vars: { v: '$a' }, in: '$$v' } } } }, { $set: { all: '$$ROOT' } }], ['a']]
	];
	test.each(cases)('%j', (stages, expected) => {
		expect(names(stages)).toEqual(expected);
		const pipeline = stages.map(doc);
		const needed = neededFields(pipeline) ?? new Set<string>();
		const picked = DOCUMENTS.map((document) => decode(pickFields(encode(document), needed)));
		expect(runPipeline(pipeline, picked, { readCollection: () => [] }).map(canonical)).toEqual(
			runPipeline(pipeline, DOCUMENTS, { readCollection: () => [] }).map(canonical)
		);
	});
});

describe('needs whole documents', () => {
	test.each<[Document[]]>([
		[[]],
		[[{ $match: { a: 1 } }]],
		[[{ $project: { a: 0 } }]],
		[[{ $project: { b: { c: 0 } } }]],
		[[{ $project: { _id: 0 } }]],
		[[{ $group: { _id: '$$ROOT' } }]],
		[[{ $group: { _id: '$$CURRENT.a' } }]],
		[[{ $group: { _id: { $getField: 'a' } } }]],
		[[{ $group: { _id: 1, best: { $top: { sortBy: { a: 1 }, output: '$b' } } } }]],
		[[{ $match: { $jsonSchema: { required: ['a'] } } }, { $count: 'n' }]],
		[[{ $replaceWith: '$b' }, { $group: { _id: '$c' } }]]
	])('%j', (stages) => {
		expect(names(stages)).toBeUndefined();
	});
});
