/** What an index keeps in place of a document's values: folded texts under a collation, a hash in a hashed field. */
import type { Value } from '../bson/values.ts';
import { hashedKey } from '../language/hash.ts';
import { foldValue } from './collation.ts';
import type { Index } from './description.ts';

/** The value as one field of the index holds it. */
export function storedValue(index: Index, at: number, value: Value): Value {
	const folded = index.collation ? foldValue(value, index.collation) : value;
	return at === index.hashed ? hashedKey(folded) : folded;
}

/** A row of values as the index holds it. */
export function storedValues(index: Index, row: Value[]): Value[] {
	if (!index.collation && index.hashed === undefined) return row;
	return row.map((value, at) => storedValue(index, at, value));
}
