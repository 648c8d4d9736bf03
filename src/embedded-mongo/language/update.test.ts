import { expect, test } from 'vitest';
import { compileFilter } from './filter.ts';
import { compileProjection } from './projection.ts';
import { doc, plain } from './testing.ts';
import { compileUpdate } from './update/update.ts';

test('smoke', () => {
	const d = doc({ _id: 1, a: [{ x: 1 }, { x: 2 }], n: 5 });
	const f = compileFilter(doc({ 'a.x': 2, n: { $gte: 5 } }));
	const m = f.match(d);
	expect(m).toEqual({ arrayIndex: 1 });
	const u = compileUpdate(doc({ $set: { 'a.$.b': 9, z: 1, c: 1 }, $inc: { n: 1 } }));
	expect(plain(u.apply(d, m).doc)).toEqual({ _id: 1, a: [{ x: 1 }, { x: 2, b: 9 }], n: 6, c: 1, z: 1 });
	expect(plain(compileProjection(doc({ 'a.$': 1 })).apply(d, m))).toEqual({ _id: 1, a: [{ x: 2 }] });
});
