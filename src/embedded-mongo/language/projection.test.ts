import { Long } from 'bson';
import type { Document } from 'bson';
import { describe, expect, test } from 'vitest';
import { compileProjection } from './projection.ts';
import { codeOf, doc, project } from './testing.ts';

describe('find projections', () => {
	test.each<[string, Document, Document, Document, Document?]>([
		['inclusion keeps the order of the document', { b: 1, a: 1 }, { _id: 1, a: 1, b: 2, c: 3 }, { _id: 1, a: 1, b: 2 }],
		['exclusion with _id: 1', { a: 0, _id: 1 }, { _id: 1, a: 1, b: 2 }, { _id: 1, b: 2 }],
		['inclusion without _id', { a: 1, _id: 0 }, { _id: 1, a: 1 }, { a: 1 }],
		['_id: 0 alone', { _id: 0 }, { _id: 1, a: 1 }, { a: 1 }],
		['_id: 1 alone', { _id: 1 }, { _id: 1, a: 1 }, { _id: 1 }],
		['through arrays', { 'a.b': 1 }, { _id: 1, a: [{ b: 1, c: 2 }, { c: 3 }, 5] }, { _id: 1, a: [{ b: 1 }, {}] }],
		['nested', { a: { b: 1 } }, { _id: 1, a: { b: 1, c: 2 } }, { _id: 1, a: { b: 1 } }],
		['exclusion below arrays', { 'a.b': 0 }, { _id: 1, a: [{ b: 1, c: 2 }, 5] }, { _id: 1, a: [{ c: 2 }, 5] }],
		['true counts as 1', { a: true }, { _id: 1, a: 1, b: 2 }, { _id: 1, a: 1 }],
		['1.5 counts as 1', { a: 1.5 }, { _id: 1, a: 1, b: 2 }, { _id: 1, a: 1 }],
		['a long counts as 1', { a: Long.ONE }, { _id: 1, a: 1, b: 2 }, { _id: 1, a: 1 }],
		['missing fields stay missing', { a: 1, z: 1 }, { _id: 1, a: 1 }, { _id: 1, a: 1 }],
		['null is a value', { a: 1 }, { _id: 1, a: null }, { _id: 1, a: null }],
		[
			'$slice alone keeps the other fields',
			{ a: { $slice: 1 } },
			{ _id: 1, a: [1, 2], b: 1 },
			{ _id: 1, a: [1], b: 1 }
		],
		['$slice with exclusion', { a: { $slice: 1 }, c: 0 }, { _id: 1, a: [1, 2], b: 1, c: 1 }, { _id: 1, a: [1], b: 1 }],
		[
			'$slice with inclusion',
			{ a: { $slice: [-2, 1] }, b: 1 },
			{ _id: 1, a: [1, 2, 3], b: 1, c: 1 },
			{ _id: 1, a: [2], b: 1 }
		],
		[
			'$elemMatch',
			{ a: { $elemMatch: { x: 2 } } },
			{ _id: 1, a: [{ x: 1 }, { x: 2 }, { x: 2, y: 1 }] },
			{ _id: 1, a: [{ x: 2 }] }
		],
		['$elemMatch on values', { a: { $elemMatch: { $in: [2, 3] } } }, { _id: 1, a: [1, 2, 3] }, { _id: 1, a: [2] }],
		['$elemMatch without a match', { a: { $elemMatch: { x: 9 } } }, { _id: 1, a: [{ x: 1 }] }, { _id: 1 }],
		[
			'$elemMatch with exclusion',
			{ a: { $elemMatch: { x: 2 } }, c: 0 },
			{ _id: 1, a: [{ x: 1 }, { x: 2 }], b: 1, c: 1 },
			{ _id: 1, a: [{ x: 2 }], b: 1 }
		],
		[
			'$elemMatch without _id',
			{ a: { $elemMatch: { x: 2 } }, _id: 0 },
			{ _id: 1, a: [{ x: 1 }, { x: 2 }], b: 1 },
			{ a: [{ x: 2 }] }
		],
		['positional', { 'a.$': 1 }, { _id: 1, a: [3, 5, 7], b: 1 }, { _id: 1, a: [5] }, { a: { $gt: 4 } }],
		[
			'positional with $elemMatch',
			{ 'a.$': 1 },
			{ _id: 1, a: [{ x: 1 }, { x: 2 }] },
			{ _id: 1, a: [{ x: 2 }] },
			{ a: { $elemMatch: { x: 2 } } }
		],
		['$meta without a score', { s: { $meta: 'textScore' }, a: 1 }, { _id: 1 }, { _id: 1 }],
		['an expression', { b: { $add: ['$a', 1] } }, { _id: 1, a: 2 }, { _id: 1, b: 3 }],
		['a field reference', { x: '$a' }, { _id: 1, a: 2 }, { _id: 1, x: 2 }],
		['nothing', {}, { _id: 1, a: 2 }, { _id: 1, a: 2 }]
	])('%s', (_, spec, document, expected, filter) => {
		const made = project(spec, document, filter);
		expect(made).toEqual(expected);
		expect(Object.keys(made)).toEqual(Object.keys(expected));
	});

	test('results share no document with what is stored', () => {
		const stored = doc({ _id: 1, a: 1 });
		for (const spec of [{}, { a: 1 }, { b: 0 }]) {
			compileProjection(doc(spec)).apply(stored).set('a', 2);
			expect(stored).toEqual(doc({ _id: 1, a: 1 }));
		}
	});

	test.each<[string, Document, number]>([
		['inclusion after exclusion', { a: 0, b: 1 }, 31253],
		['exclusion after inclusion', { a: 1, b: 0 }, 31254],
		['overlapping paths', { a: 1, 'a.b': 1 }, 31249],
		['overlapping paths, the other way', { 'a.b': 1, a: 1 }, 31250],
		['two positional paths', { 'a.$': 1, 'b.$': 1 }, 31276],
		['positional exclusion', { 'a.$': 0 }, 31395],
		['an empty sub-projection', { a: {} }, 51270],
		['$elemMatch with a scalar', { a: { $elemMatch: 1 } }, 31274],
		['an unknown expression', { a: { $nope: 1 } }, 31325],
		['two expressions at once', { a: { $add: [1], $abs: 1 } }, 16410],
		['$elemMatch and a positional path', { a: { $elemMatch: { x: 1 } }, 'b.$': 1 }, 31256],
		['a positional path and $elemMatch', { 'b.$': 1, a: { $elemMatch: { x: 1 } } }, 31255],
		['a positional path that goes on', { 'a.$.b': 1 }, 31394],
		['a positional path with an expression', { 'a.$': { $add: [1] } }, 31271]
	])('refuses %s', (_, spec, code) => {
		expect(codeOf(() => compileProjection(doc(spec)))).toBe(code);
	});

	test('a positional projection needs a matched element', () => {
		expect(codeOf(() => project({ 'a.$': 1 }, { _id: 1, a: [1] }, { _id: 1 }))).toBe(51246);
	});
});
