/** Whatever the planner chooses, a query must give what a scan of the whole collection gives. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode, encode } from '../bson/codec.ts';
import { Decimal128, int32, Long, ObjectId } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { prepareQuery } from '../commands/query-arguments.ts';
import { compileFilter } from '../language/filter.ts';
import { compileSort } from '../language/sort.ts';
import { openStore } from '../store.ts';
import type { Store } from '../store.ts';
import type { Collection } from '../storage/catalog.ts';
import { validateCollection } from '../storage/validate.ts';
import { TICK } from '../language/slices.ts';
import { run } from './query.ts';

const RUNS = Number(process.env['PLANNER_RUNS'] ?? 40);

const doc = (entries: [string, Value][]): Doc => new Map(entries);

const scalar: fc.Arbitrary<Value> = fc.oneof(
	{ weight: 6, arbitrary: fc.integer({ min: -3, max: 6 }).map((n): Value => int32(n)) },
	{ weight: 2, arbitrary: fc.constantFrom<Value>(0.5, 1, 2, NaN, -Infinity, Infinity) },
	{ weight: 1, arbitrary: fc.constantFrom<Value>(Long.fromString('9007199254740993'), 9007199254740992, Long.fromNumber(2)) },
	{ weight: 1, arbitrary: fc.constantFrom('0.1', '1.0', '9007199254740993.5', '1E+400').map((t) => Decimal128.fromString(t)) },
	{ weight: 3, arbitrary: fc.constantFrom<Value>('', 'a', 'ab', 'abc', 'b', 'a\0b', '！', '😀') },
	{ weight: 1, arbitrary: fc.constantFrom<Value>(true, false) },
	{ weight: 2, arbitrary: fc.constant<Value>(null) },
	{ weight: 1, arbitrary: fc.constantFrom<Value>(new Date(0), new Date(-5), new ObjectId('0123456789abcdef01234567')) }
);
const few: fc.Arbitrary<Value> = fc.integer({ min: 0, max: 2 }).map((n) => int32(n));
const small: fc.Arbitrary<Value> = fc.oneof(
	{ weight: 5, arbitrary: scalar },
	{ weight: 2, arbitrary: fc.array(scalar, { maxLength: 3 }) },
	{ weight: 2, arbitrary: fc.array(fc.tuple(few, few).map(([x, y]) => doc([['x', x], ['y', y]])), { minLength: 1, maxLength: 3 }) },
	{ weight: 1, arbitrary: fc.array(fc.dictionary(fc.constantFrom('x', 'y'), scalar).map((o) => doc(Object.entries(o))), { maxLength: 3 }) },
	{ weight: 1, arbitrary: fc.dictionary(fc.constantFrom('x', 'y'), scalar).map((o) => doc(Object.entries(o))) }
);
const document = fc
	.record({ a: small, b: small, c: scalar, d: small }, { requiredKeys: [] })
	// Two arrays under one compound index are refused; keep arrays to one field.
	.map((fields) => {
		let arrays = 0;
		return doc(
			Object.entries(fields).map(([name, value]): [string, Value] =>
				Array.isArray(value) && arrays++ > 0 ? [name, null] : [name, value]
			)
		);
	});

const path = fc.constantFrom('a', 'b', 'c', 'd', 'd.x', 'd.y', 'a.x', '_id');
const operand = fc.oneof({ weight: 6, arbitrary: scalar }, { weight: 1, arbitrary: small });
const predicate: fc.Arbitrary<Value> = fc.oneof(
	{ weight: 4, arbitrary: operand },
	fc.tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne', '$eq'), operand).map(([name, value]) => doc([[name, value]])),
	fc.tuple(operand, operand).map(([low, high]) => doc([['$gte', low], ['$lt', high]])),
	fc.array(operand, { maxLength: 4 }).map((items) => doc([['$in', items]])),
	fc.boolean().map((yes) => doc([['$exists', yes]])),
	fc.constantFrom('^a', '^ab?', 'b', '^a\\.', '^').map((text) => doc([['$regex', text]])),
	fc.tuple(operand, operand).map(([low, high]) => doc([['$elemMatch', doc([['$gte', low], ['$lte', high]])]])),
	fc.tuple(operand, operand).map(([x, y]) => doc([['$elemMatch', doc([['x', x], ['y', y]])]]))
);
const conjunction = fc
	.array(fc.tuple(path, predicate), { minLength: 1, maxLength: 3 })
	.map((entries) => doc(entries));
const filter = fc.oneof(
	{ weight: 5, arbitrary: conjunction },
	{ weight: 2, arbitrary: fc.tuple(fc.constantFrom('d', 'a'), few, few).map(([f, x, y]) => doc([[`${f}.x`, x], [`${f}.y`, y]])) },
	{ weight: 1, arbitrary: fc.array(conjunction, { minLength: 1, maxLength: 3 }).map((items) => doc([['$or', items]])) },
	{
		weight: 1,
		arbitrary: fc
			.tuple(conjunction, fc.array(conjunction, { minLength: 1, maxLength: 2 }))
			.map(([head, items]) => doc([...head, ['$or', items]]))
	},
	{ weight: 1, arbitrary: fc.array(conjunction, { minLength: 1, maxLength: 3 }).map((items) => doc([['$and', items]])) }
);
const sort = fc
	.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd.x', '_id'), fc.constantFrom(1, -1)), {
		maxLength: 3,
		selector: ([field]) => field
	})
	.map((entries) => doc(entries.map(([field, direction]): [string, Value] => [field, int32(direction)])));

const INDEXES: [string, [string, 1 | -1 | 'hashed'][], [string, Value][]][] = [
	['a_1', [['a', 1]], []],
	['a_1_c_-1', [['a', 1], ['c', -1]], []],
	['b_-1_a_1', [['b', -1], ['a', 1]], []],
	['c_1_b_1', [['c', 1], ['b', 1]], []],
	['d.x_1_d.y_1', [['d.x', 1], ['d.y', 1]], []],
	['d.y_-1', [['d.y', -1]], [['sparse', true]]],
	['c_-1', [['c', -1]], [['partialFilterExpression', doc([['c', doc([['$gt', int32(1)]])]])]]],
	['d_1', [['d', 1]], []],
	// Only `c` never holds an array.
	['c_hashed__id_-1', [['c', 'hashed'], ['_id', -1]], []]
];

let store: Store;
let dataDir: string;
beforeAll(() => {
	dataDir = mkdtempSync(join(tmpdir(), 'planner-'));
	store = openStore(dataDir);
});
afterAll(async () => {
	await store.stop();
	rmSync(dataDir, { recursive: true, force: true });
});

async function fill(documents: Doc[], indexes: number[], name: string): Promise<Collection> {
	return store.environment.write(() => {
		const existing = store.catalog.get(name);
		if (existing) store.catalog.drop(existing);
		const collection = store.catalog.create(name);
		for (const at of indexes) {
			const [indexName, key, options] = INDEXES[at] as (typeof INDEXES)[number];
			const spec: [string, Value][] = [
				['v', int32(2)],
				['key', doc(key.map(([field, kind]): [string, Value] => [field, kind === 'hashed' ? kind : int32(kind)]))],
				['name', indexName]
			];
			store.catalog.addIndex(collection, doc([...spec, ...options]), false);
		}
		documents.forEach((fields, i) => {
			store.records.insert(collection, Buffer.from(encode(doc([['_id', int32(i % 7 === 3 ? i : -i)], ...fields]))));
		});
		return collection;
	});
}

function idsOf(
	collection: Collection,
	given: { filter: Doc; sort?: Doc; limit?: number; skip?: number; hint?: Value }
): Doc[] {
	const query = prepareQuery(store.environment, collection, given);
	return [...run(store.environment, collection, query).items].flatMap((found) => (found === TICK ? [] : [decode(found.bytes)]));
}

const show = (documents: Doc[]): string[] => documents.map((each) => String(each.get('_id')));

describe('the planner', () => {
	it('gives what a full scan gives, in the order asked for', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(document, { maxLength: 40 }),
				fc.subarray(INDEXES.map((_, i) => i)),
				fc.array(fc.tuple(filter, sort, fc.integer({ min: 0, max: 5 })), { minLength: 10, maxLength: 30 }),
				async (documents, indexes, queries) => {
					const collection = await fill(documents, indexes, 't.random');
					const all = documents.map((fields, i) => doc([['_id', int32(i % 7 === 3 ? i : -i)], ...fields]));
					for (const [filterDoc, sortDoc, limit] of queries) {
						const compiled = compileFilter(filterDoc);
						const expected = all.filter((each) => compiled.matches(each));
						const found = idsOf(collection, { filter: filterDoc, sort: sortDoc });
						expect([...show(found)].sort()).toEqual([...show(expected)].sort());
						const order = compileSort(sortDoc);
						for (let i = 1; i < found.length; i++) {
							expect(order.compare(found[i - 1] as Doc, found[i] as Doc)).toBeLessThanOrEqual(0);
						}
						const top = idsOf(collection, { filter: filterDoc, sort: sortDoc, limit: limit + 1, skip: 1 });
						expect(top.length).toBe(Math.max(0, Math.min(limit + 1, expected.length - 1)));
						top.forEach((each, i) => expect(order.compare(each, found[i + 1] as Doc)).toBe(0));
					}
				}
			),
			{ numRuns: RUNS }
		);
	}, 60_000);

	it('looks whole keys of unique indexes up, few or many', async () => {
		const collection = await fill(Array.from({ length: 50 }, (_, i) => doc([['c', int32(i)]])), [], 't.unique');
		await store.environment.write(() => {
			const spec = doc(
				[['v', int32(2)], ['key', doc([['c', int32(1)], ['_id', int32(-1)]])], ['name', 'u'], ['unique', true]]
			);
			const index = store.catalog.addIndex(collection, spec, false);
			for (let record = 1; record <= 50; record++) {
				store.records.indexExisting(collection, index, record, store.records.read(collection, record) as Buffer);
			}
		});
		const listed = doc([['$in', [int32(-40), int32(3), int32(-2), int32(77), 'x', int32(-2)]]]);
		expect(show(idsOf(collection, { filter: doc([['_id', listed]]), sort: doc([['_id', int32(-1)]]) }))).toEqual(['3', '-2', '-40']);
		const pair = doc([['c', doc([['$in', [int32(2), int32(40)]]])], ['_id', listed]]);
		expect(show(idsOf(collection, { filter: pair, hint: 'u' }))).toEqual(['-2', '-40']);
	});

	it('keeps indexes whole through random changes', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(document, { minLength: 1, maxLength: 15 }),
				fc.array(fc.tuple(fc.nat(), fc.option(document, { nil: undefined })), { maxLength: 20 }),
				async (documents, changes) => {
					const collection = await fill(documents, INDEXES.map((_, i) => i), 't.changed');
					await store.environment.write(() => {
						for (const [at, changed] of changes) {
							const record = (at % documents.length) + 1;
							const before = store.records.read(collection, record);
							if (!before) continue;
							if (!changed) {
								store.records.remove(collection, record, before);
								continue;
							}
							const id = decode(before).get('_id') as Value;
							store.records.replace(collection, record, before, Buffer.from(encode(doc([['_id', id], ...changed]))));
						}
					});
					const report = await validateCollection(store, collection.namespace);
					expect(report.errors).toEqual([]);
					expect(report.extra).toEqual([]);
				}
			),
			{ numRuns: RUNS }
		);
	}, 60_000);
});
