import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode } from '../bson/codec.ts';
import { rawPath } from '../bson/read-path.ts';
import type { Doc, Value } from '../bson/values.ts';
import { extractKey, extractKeys } from './key-extraction.ts';

const { document } = fc.letrec<{ value: Value; document: Doc }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 3 },
		fc.constantFrom<Value>(null, true, 'x', '', 1.5),
		fc.array(tie('value'), { maxLength: 3 }),
		tie('document')
	),
	document: fc
		.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', '0'), tie('value')), { maxLength: 4, selector: ([name]) => name })
		.map((fields) => new Map(fields))
}));
const path = fc.array(fc.constantFrom('a', 'b', 'c', '0'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));

test('a key read from the bytes is the one found in the decoded document', () => {
	let read = 0;
	fc.assert(
		fc.property(document, fc.uniqueArray(path, { minLength: 1, maxLength: 3 }), (doc, paths) => {
			const bytes = Buffer.from(encode(doc));
			const key = extractKey(bytes, paths.map(rawPath));
			if (!key) return;
			read += 1;
			expect(key).toEqual(extractKeys(decode(bytes), paths.map((one) => one.split('.'))));
		}),
		{ numRuns: 2000 }
	);
	expect(read).toBeGreaterThan(500);
});
