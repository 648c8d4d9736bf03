import { expect, test } from 'vitest';
import { doc, plain } from './testing.ts';
import { runPipeline } from './stages/pipeline.ts';

test('smoke', () => {
	const input = [1, 2, 3].map((n) => doc({ _id: n, n, g: n % 2 }));
	const out = runPipeline(
		[doc({ $match: { n: { $gt: 0 } } }), doc({ $group: { _id: '$g', s: { $sum: '$n' }, c: { $count: {} } } }), doc({ $sort: { _id: 1 } })],
		input,
		{ readCollection: () => [] }
	);
	expect(out.map(plain)).toEqual([
		{ _id: 0, s: 2, c: 1 },
		{ _id: 1, s: 4, c: 2 }
	]);
});
