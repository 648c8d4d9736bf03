import { Binary, Decimal128, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import type { Document } from 'bson';
import { expect, test } from 'vitest';
import { compileCollation } from './collation.ts';
import { compileSort } from './sort.ts';
import { codeOf, doc, sorted } from './testing.ts';

test('types sort in MongoDB’s order', () => {
	const values = [
		new MinKey(),
		null,
		1,
		'a',
		{ x: 1 },
		new Binary(Buffer.from('x')),
		new ObjectId(),
		false,
		new Date(0),
		new Timestamp({ t: 1, i: 1 }),
		/x/,
		new MaxKey()
	];
	const documents = values.map((v, _id) => ({ _id, v }));
	expect(sorted({ v: 1 }, [...documents].reverse())).toEqual(values.map((_, index) => index));
	expect(
		sorted({ v: 1 }, [
			{ _id: 1, v: null },
			{ _id: 2, v: [] },
			{ _id: 3, v: 1 }
		])
	).toEqual([2, 1, 3]);
});

test('arrays sort by their smallest element ascending, their largest descending', () => {
	const documents = [
		{ _id: 1, v: [1, 2] },
		{ _id: 2, v: [0, 5] },
		{ _id: 3, v: 9 }
	];
	expect(sorted({ v: 1 }, documents)).toEqual([2, 1, 3]);
	expect(sorted({ v: -1 }, documents)).toEqual([3, 2, 1]);
	expect(
		sorted({ 'v.x': 1 }, [
			{ _id: 1, v: [{ x: 3 }, { x: 2 }] },
			{ _id: 2, v: [{ x: 1 }, { x: 9 }] }
		])
	).toEqual([2, 1]);
});

test('numbers of all types sort together, NaN first', () => {
	expect(
		sorted({ v: 1 }, [
			{ _id: 1, v: Long.fromNumber(10) },
			{ _id: 2, v: Long.fromNumber(2) },
			{ _id: 3, v: Long.fromNumber(9) }
		])
	).toEqual([2, 3, 1]);
	expect(
		sorted({ v: 1 }, [
			{ _id: 1, v: Decimal128.fromString('10') },
			{ _id: 2, v: Decimal128.fromString('9') }
		])
	).toEqual([2, 1]);
	expect(
		sorted({ v: 1 }, [
			{ _id: 1, v: 5 },
			{ _id: 2, v: NaN },
			{ _id: 3, v: -Infinity }
		])
	).toEqual([2, 3, 1]);
});

test('strings sort by code point, beyond the basic plane too', () => {
	expect(
		sorted({ v: 1 }, [
			{ _id: '😀', v: '😀' },
			{ _id: '！', v: '！' }
		])
	).toEqual(['！', '😀']);
});

test('fields below one array sort by its elements as a whole', () => {
	const documents = [
		{
			_id: 1,
			a: [
				{ x: 1, y: 9 },
				{ x: 2, y: 1 }
			]
		},
		{ _id: 2, a: [{ x: 1, y: 5 }] }
	];
	expect(sorted({ 'a.x': 1, 'a.y': 1 }, documents)).toEqual([2, 1]);
	expect(sorted({ 'a.x': -1, 'a.y': 1 }, documents)).toEqual([1, 2]);
	expect(
		codeOf(() =>
			sorted({ a: 1, b: 1 }, [
				{ _id: 1, a: [1], b: [1] },
				{ _id: 2, a: 1, b: 1 }
			])
		)
	).toBe(2);
});

test('a collation decides the order of strings', () => {
	const documents = ['b', 'A', 'á'].map((v, _id) => doc({ _id, v }));
	const order = (spec: Document) =>
		[...documents].sort(compileSort(doc({ v: 1 }), compileCollation(doc(spec))).compare).map((made) => made.get('v'));
	expect(order({ locale: 'en_US' })).toEqual(['A', 'á', 'b']);
	expect(order({ locale: 'simple' })).toEqual(['A', 'b', 'á']);
});

test('bad specifications are refused', () => {
	expect(codeOf(() => compileSort(doc({ a: 0 })))).toBe(15975);
	expect(codeOf(() => compileSort(doc({ a: 2 })))).toBe(15975);
	expect(codeOf(() => compileSort(doc({ a: 'x' })))).toBe(15974);
	expect(codeOf(() => compileSort(doc({ 'a..b': 1 })))).toBe(15998);
});
