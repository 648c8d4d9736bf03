import { Decimal128, Double, Int32, Long, Timestamp } from 'bson';
import type { Document } from 'bson';
import { describe, expect, test } from 'vitest';
import { compileFilter } from './filter.ts';
import { canonical, codeOf, doc, plain, update } from './testing.ts';
import { compileUpdate, documentFromFilter } from './update/update.ts';

describe('update operators', () => {
	test.each<[string, Document, Document, Document, Document?]>([
		['$set of the same _id is nothing', { $set: { _id: 1, a: 2 } }, { _id: 1, a: 1 }, { _id: 1, a: 2 }],
		['$set beyond the end pads with null', { $set: { 'a.2': 9 } }, { _id: 1, a: [1] }, { _id: 1, a: [1, null, 9] }],
		['$set makes nested documents', { $set: { 'a.b.c': 1 } }, { _id: 1 }, { _id: 1, a: { b: { c: 1 } } }],
		[
			'new fields come in order of their names',
			{ $set: { b: 1, a: 2, 10: 1, 9: 1 } },
			{ _id: 1 },
			{ 9: 1, 10: 1, _id: 1, a: 2, b: 1 }
		],
		['$inc a long', { $inc: { a: Long.ONE } }, { _id: 1, a: 2 }, { _id: 1, a: 3 }],
		['$inc of a missing field', { $inc: { a: 2 } }, { _id: 1 }, { _id: 1, a: 2 }],
		['$mul of a missing field', { $mul: { a: 2 } }, { _id: 1 }, { _id: 1, a: 0 }],
		[
			'$min and $max',
			{ $min: { a: 1 }, $max: { b: 9, c: 1 } },
			{ _id: 1, a: 2, b: 2, c: 2 },
			{ _id: 1, a: 1, b: 9, c: 2 }
		],
		[
			'$unset',
			{ $unset: { a: '', 'b.c': '', 'd.0': '' } },
			{ _id: 1, a: 1, b: { c: 1 }, d: [1, 2] },
			{ _id: 1, b: {}, d: [null, 2] }
		],
		['$unset through a scalar is nothing', { $unset: { 'a.b': '' } }, { _id: 1, a: 1 }, { _id: 1, a: 1 }],
		['$rename', { $rename: { a: 'b.c' } }, { _id: 1, a: 1 }, { _id: 1, b: { c: 1 } }],
		['$rename of a missing field', { $rename: { x: 'y' } }, { _id: 1, y: 1 }, { _id: 1, y: 1 }],
		['$bit', { $bit: { a: { and: 6, or: 8 } } }, { _id: 1, a: 5 }, { _id: 1, a: 12 }],
		['$push', { $push: { a: 3 } }, { _id: 1, a: [1] }, { _id: 1, a: [1, 3] }],
		[
			'$push with all modifiers',
			{ $push: { a: { $each: [5, 2], $position: 0, $sort: -1, $slice: 3 } } },
			{ _id: 1, a: [1, 9] },
			{ _id: 1, a: [9, 5, 2] }
		],
		[
			'$push sorted by a field',
			{ $push: { a: { $each: [{ x: 1 }], $sort: { x: 1 } } } },
			{ _id: 1, a: [{ x: 2 }] },
			{ _id: 1, a: [{ x: 1 }, { x: 2 }] }
		],
		['$addToSet keeps old duplicates', { $addToSet: { a: 2 } }, { _id: 1, a: [1, 1] }, { _id: 1, a: [1, 1, 2] }],
		['$addToSet with $each', { $addToSet: { a: { $each: [1, 3, 3] } } }, { _id: 1, a: [1] }, { _id: 1, a: [1, 3] }],
		[
			'$addToSet tells documents apart by field order',
			{ $addToSet: { a: { y: 1, x: 1 } } },
			{ _id: 1, a: [{ x: 1, y: 1 }] },
			{
				_id: 1,
				a: [
					{ x: 1, y: 1 },
					{ y: 1, x: 1 }
				]
			}
		],
		['$pop at both ends', { $pop: { a: 1, b: -1 } }, { _id: 1, a: [1, 2], b: [1, 2] }, { _id: 1, a: [1], b: [2] }],
		[
			'$pull with $or',
			{ $pull: { a: { $or: [{ x: 1 }, { y: 2 }] } } },
			{ _id: 1, a: [{ x: 1 }, { y: 2 }, { z: 3 }] },
			{ _id: 1, a: [{ z: 3 }] }
		],
		[
			'$pull by value and by range',
			{ $pull: { a: 1, b: { $gte: 2 } } },
			{ _id: 1, a: [1, 2, 1], b: [1, 2, 3] },
			{ _id: 1, a: [2], b: [1] }
		],
		[
			'$pull by parts of documents',
			{ $pull: { a: { x: 1 } } },
			{ _id: 1, a: [{ x: 1, y: 2 }, { x: 2 }] },
			{ _id: 1, a: [{ x: 2 }] }
		],
		['$pullAll', { $pullAll: { a: [1, 3] } }, { _id: 1, a: [1, 2, 3, 1] }, { _id: 1, a: [2] }],
		['$setOnInsert does nothing here', { $setOnInsert: { a: 1 } }, { _id: 1 }, { _id: 1 }],
		[
			'$setOnInsert through a scalar does nothing either',
			{ $setOnInsert: { 'a.b': 1 } },
			{ _id: 1, a: 5 },
			{ _id: 1, a: 5 }
		],
		[
			'positional twice in one update',
			{ $set: { 'a.$.b': 9, 'a.$.c': 8 } },
			{ _id: 1, a: [{ x: 1 }, { x: 2 }] },
			{ _id: 1, a: [{ x: 1 }, { x: 2, b: 9, c: 8 }] },
			{ 'a.x': 2 }
		],
		[
			'positional $set and $inc',
			{ $set: { 'a.$.b': 9 }, $inc: { 'a.$.x': 1 } },
			{ _id: 1, a: [{ x: 1 }, { x: 2 }] },
			{ _id: 1, a: [{ x: 1 }, { x: 3, b: 9 }] },
			{ 'a.x': 2 }
		],
		[
			'positional inside $and',
			{ $set: { 'a.$': 9 } },
			{ _id: 1, a: [1, 2] },
			{ _id: 1, a: [1, 9] },
			{ $and: [{ a: 2 }] }
		],
		['$[] all elements', { $inc: { 'a.$[]': 1 } }, { _id: 1, a: [1, 2] }, { _id: 1, a: [2, 3] }],
		['an empty $set', { $set: {} }, { _id: 1 }, { _id: 1 }],
		['replacement keeps _id', { a: 2 }, { _id: 1, b: 1 }, { _id: 1, a: 2 }]
	])('%s', (_, change, document, expected, filter) => {
		const made = update(change, document, filter);
		expect(made).toEqual(expected);
		expect(Object.keys(made)).toEqual(Object.keys(expected));
	});

	test('filtered positions', () => {
		const run = (change: Document, document: Document, ...arrayFilters: Document[]) =>
			update(change, document, {}, { arrayFilters: arrayFilters.map(doc) });
		expect(run({ $set: { 'a.$[e]': 9 } }, { _id: 1, a: [1, 5] }, { e: { $gt: 2 } })).toEqual({ _id: 1, a: [1, 9] });
		expect(
			run({ $set: { 'a.$[e].y': 8, 'a.$[f].x': 9 } }, { _id: 1, a: [{ x: 1 }, { x: 2 }] }, { 'e.x': 1 }, { 'f.x': 2 })
		).toEqual({
			_id: 1,
			a: [{ x: 1, y: 8 }, { x: 9 }]
		});
		expect(run({ $inc: { 'a.$[].b.$[e]': 1 } }, { _id: 1, a: [{ b: [1, 2] }, { b: [2] }] }, { e: 2 })).toEqual({
			_id: 1,
			a: [{ b: [1, 3] }, { b: [3] }]
		});
	});

	test('$currentDate', () => {
		const now = new Date(1_600_000_000_000);
		const made = plain(
			compileUpdate(doc({ $currentDate: { a: true, b: { $type: 'timestamp' } } }), { now }).apply(doc({ _id: 1 })).doc
		);
		expect(made['a']).toEqual(now);
		expect(made['b']).toBeInstanceOf(Timestamp);
	});

	test('numbers keep or widen their type', () => {
		const after = (start: unknown, by: unknown, name = '$inc') => {
			const made = compileUpdate(doc({ [name]: { a: by } })).apply(doc({ a: start })).doc;
			return JSON.parse(canonical(made)).a;
		};
		expect(after(1, 2)).toEqual({ $numberInt: '3' });
		expect(after(1, new Double(2))).toEqual({ $numberDouble: '3.0' });
		expect(after(1, Long.fromNumber(2))).toEqual({ $numberLong: '3' });
		expect(after(2147483647, 1)).toEqual({ $numberLong: '2147483648' });
		expect(after(1, Decimal128.fromString('0.10'))).toEqual({ $numberDecimal: '1.10' });
		expect(after(100000, 100000, '$mul')).toEqual({ $numberLong: '10000000000' });
		expect(codeOf(() => after(Long.MAX_VALUE, 1))).toBe(2);
	});

	test('an update that changes nothing says so', () => {
		const stored = doc({ _id: 1, a: 1, b: [1], c: [null] });
		for (const change of [
			{ $set: { a: 1 } },
			{ $addToSet: { b: 1 } },
			{ $unset: { z: '' } },
			{ $max: { a: 0 } },
			{ $unset: { 'b.5': '', 'c.0': '' } },
			{ a: 1, b: [1], c: [null] }
		]) {
			const made = compileUpdate(doc(change)).apply(stored);
			expect(made.changed).toBe(false);
			expect(made.doc).toBe(stored);
		}
		expect(compileUpdate(doc({ $set: { a: new Double(1) } })).apply(stored).changed).toBe(true);
	});

	test.each<[string, Document, Document, number, Document?]>([
		['$set of another _id', { $set: { _id: 2 } }, { _id: 1 }, 66],
		['replacement with another _id', { _id: 2 }, { _id: 1 }, 66],
		['$unset of _id', { $unset: { _id: '' } }, { _id: 1 }, 66],
		['$set through a scalar', { $set: { 'a.b': 1 } }, { _id: 1, a: 5 }, 28],
		['$set through null', { $set: { 'a.b': 1 } }, { _id: 1, a: null }, 28],
		['$set of a name in an array', { $set: { 'a.b': 1 } }, { _id: 1, a: [{ b: 1 }] }, 28],
		['$inc on a string', { $inc: { a: 1 } }, { _id: 1, a: 'x' }, 14],
		['$inc on null', { $inc: { a: 1 } }, { _id: 1, a: null }, 14],
		['$inc by a string', { $inc: { a: 'x' } }, { _id: 1 }, 14],
		['$mul on a string', { $mul: { a: 1 } }, { _id: 1, a: 'x' }, 14],
		['$push on a scalar', { $push: { a: 1 } }, { _id: 1, a: 5 }, 2],
		['$addToSet on a scalar', { $addToSet: { a: 1 } }, { _id: 1, a: 5 }, 2],
		['$pop on a scalar', { $pop: { a: 1 } }, { _id: 1, a: 5 }, 14],
		['$pop by 2', { $pop: { a: 2 } }, { _id: 1, a: [1] }, 9],
		['$pull on a scalar', { $pull: { a: 1 } }, { _id: 1, a: 5 }, 2],
		['$pullAll with a scalar', { $pullAll: { a: 1 } }, { _id: 1, a: [1] }, 2],
		['a failing update changes nothing', { $set: { a: 1 }, $inc: { b: 1 } }, { _id: 1, b: 'x' }, 14],
		['the same path twice', { $set: { a: 1 }, $inc: { a: 1 } }, { _id: 1 }, 40],
		['a path and its part', { $set: { a: 1, 'a.b': 1 } }, { _id: 1 }, 40],
		['positional without a match', { $set: { 'a.$': 1 } }, { _id: 1, a: [1] }, 2],
		['an unknown operator', { $nope: { a: 1 } }, { _id: 1 }, 9],
		['a field among operators', { $set: { a: 1 }, b: 1 }, { _id: 1 }, 9],
		['an operator among fields', { b: 1, $set: { a: 1 } }, { _id: 1 }, 52],
		['an operator without fields', { $set: 1 }, { _id: 1 }, 9],
		['an empty path', { $set: { '': 1 } }, { _id: 1 }, 56],
		['an empty part of a path', { $set: { 'a..b': 1 } }, { _id: 1 }, 56],
		['an identifier without a filter', { $set: { 'a.$[e]': 1 } }, { _id: 1, a: [1] }, 2],
		['$[] on a missing field', { $set: { 'a.$[]': 1 } }, { _id: 1 }, 2],
		['$rename onto itself', { $rename: { a: 'a' } }, { _id: 1 }, 2],
		['$rename in an array', { $rename: { 'a.0.b': 'c' } }, { _id: 1, a: [{ b: 1 }] }, 2],
		['$rename through an array', { $rename: { 'a.b': 'c' } }, { _id: 1, a: [{ b: 1 }] }, 28],
		['$rename through a text', { $rename: { 'a.b': 'c' } }, { _id: 1, a: 'x' }, 28]
	])('refuses %s', (_, change, document, code, filter) => {
		expect(codeOf(() => update(change, document, filter))).toBe(code);
	});

	test('an unused array filter is refused', () => {
		expect(codeOf(() => update({ $set: { b: 1 } }, { _id: 1, a: [1] }, {}, { arrayFilters: [doc({ e: 1 })] }))).toBe(9);
	});
});

describe('updates by pipeline', () => {
	test('see the document and keep _id', () => {
		expect(update([{ $set: { b: { $add: ['$a', 1] } } }, { $unset: 'a' }], { _id: 1, a: 1 })).toEqual({ _id: 1, b: 2 });
		expect(update([{ $replaceWith: { x: '$a' } }], { _id: 1, a: 1 })).toEqual({ _id: 1, x: 1 });
		expect(codeOf(() => update([{ $match: {} }], { _id: 1 }))).toBe(72);
		expect(codeOf(() => update([{ $set: { _id: 2 } }], { _id: 1 }))).toBe(66);
	});
});

describe('upserts', () => {
	const upsert = (filter: Document, change: Document) => {
		const compiled = compileUpdate(doc(change));
		return plain(
			compiled.apply(documentFromFilter(doc(filter), compiled.kind === 'replacement'), null, { upserting: true }).doc
		);
	};
	test('start from what the filter fixes', () => {
		expect(upsert({ a: 1, b: { $gt: 1 }, 'c.d': { $eq: 2 } }, { $set: { x: 1 } })).toEqual({ a: 1, c: { d: 2 }, x: 1 });
		expect(upsert({ $and: [{ a: 1 }, { b: { $in: [2] } }], $or: [{ c: 3 }] }, { $inc: { n: 1 } })).toEqual({
			a: 1,
			b: 2,
			c: 3,
			n: 1
		});
		expect(upsert({ a: 1, _id: 7 }, { $setOnInsert: { x: 1 } })).toEqual({ _id: 7, a: 1, x: 1 });
		expect(upsert({ a: 1, _id: 7 }, { b: 1 })).toEqual({ _id: 7, b: 1 });
		expect(upsert({ a: 1 }, { $set: { _id: 5 } })).toEqual({ a: 1, _id: 5 });
	});
	test('refuse contradictions', () => {
		expect(codeOf(() => upsert({ $and: [{ a: 1 }, { a: 2 }] }, { $set: { x: 1 } }))).toBe(54);
		expect(codeOf(() => upsert({ _id: 1 }, { $set: { _id: 2 } }))).toBe(66);
	});
});

test('a stored document keeps sharing unchanged parts', () => {
	const stored = doc({ _id: new Int32(1), big: [1, 2, 3], a: 1 });
	const made = compileUpdate(doc({ $set: { a: 2 } })).apply(stored, compileFilter(doc({})).match(stored));
	expect(made.doc.get('big')).toBe(stored.get('big'));
});
