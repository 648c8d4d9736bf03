/** The bounds one condition puts on one field of an index that may keep folded texts or hashes instead of the values. */
import type { Value } from '../bson/values.ts';
import { BSONRegExp, UNDEFINED } from '../bson/values.ts';
import type { Index } from '../indexes/description.ts';
import { storedValue } from '../indexes/stored-values.ts';
import type { PathNode } from '../language/filter.ts';
import type { Condition } from './conditions.ts';
import { boundsOf, NULL_BOUNDS } from './intervals.ts';
import type { Bounds } from './intervals.ts';

/** Nothing if the index cannot serve the condition. `collation` is the query's, empty for binary order. */
export function boundsOn(index: Index, at: number, condition: Condition, collation: string): Bounds | undefined {
	const { test, textual } = condition;
	if (at === index.hashed) return test && hashedBounds(index, at, test, textual, collation);
	return test ? collatedBounds(index, at, test, textual, collation) : NULL_BOUNDS;
}

function valuesOf({ operator, operand }: PathNode): Value[] | undefined {
	if (operator !== '$eq' && operator !== '$in') return undefined;
	const values = operator === '$in' ? (operand as Value[]) : [operand];
	return values.some((value) => value instanceof BSONRegExp) ? undefined : values;
}

function collatedBounds(
	index: Index,
	at: number,
	test: PathNode,
	textual: boolean,
	collation: string
): Bounds | undefined {
	if (!textual || (index.collationKey === '' && collation === '')) return boundsOf(test);
	if (index.collationKey !== collation || !index.collation || !valuesOf(test)) return undefined;
	return boundsOf({ ...test, operand: storedValue(index, at, test.operand) });
}

/** Different values may share a hash, so the filter still decides. */
function hashedBounds(
	index: Index,
	at: number,
	test: PathNode,
	textual: boolean,
	collation: string
): Bounds | undefined {
	const wanted = valuesOf(test);
	if (!wanted || (textual && index.collationKey !== collation)) return undefined;
	const nothing = wanted.includes(null);
	// What lacks the field is not in a sparse index.
	if (nothing && index.sparse) return undefined;
	const values = nothing ? [...wanted, UNDEFINED] : wanted;
	const bounds = boundsOf({ ...test, operator: '$in', operand: values.map((value) => storedValue(index, at, value)) });
	return bounds && { ...bounds, exact: false, exactInArrays: false };
}
