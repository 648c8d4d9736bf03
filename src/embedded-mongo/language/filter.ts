import { BSONRegExp, isDoc } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { isLogicName, isOperatorDoc, parseFilter, parseOperators, simplify } from './filter-parse.ts';
import { compileBytes, compileNode, compileSingle } from './filter-run.ts';
import type { FilterNode, FilterOptions } from './filter-tree.ts';
import type { Hit, Test } from './paths.ts';
import { equalityTest } from './predicates/comparison.ts';
import { regexTest } from './predicates/regex.ts';

export { isOperatorDoc } from './filter-parse.ts';
export type { FilterNode, FilterOptions, PathNode, PathOperator } from './filter-tree.ts';

/** What a match tells: the array index the positional operator `$` stands for, if any. */
export type MatchDetails = { arrayIndex: number | undefined };

export type Filter = {
	matches(doc: Doc): boolean;
	match(doc: Doc): MatchDetails | null;
	/** Like `matches`, on BSON bytes; decodes only what the filter looks at where that is possible. */
	matchesBytes(bytes: Uint8Array): boolean;
	tree: FilterNode;
};

/** Compiles a query filter. Throws `StoreError` with MongoDB's code for anything malformed or not offered. */
export function compileFilter(filter: Doc, options: FilterOptions = {}): Filter {
	const tree = simplify(parseFilter(filter, options));
	const run = compileNode(tree);
	return {
		tree,
		matches: (doc) => run(doc, null),
		match(doc) {
			const hit: Hit = { index: -1 };
			return run(doc, hit) ? { arrayIndex: hit.index < 0 ? undefined : hit.index } : null;
		},
		matchesBytes: compileBytes(tree, run)
	};
}

/** A filter for single values, as `$pull` and `arrayFilters` put it to array elements. */
export function compileElementTest(condition: Value, options: FilterOptions): Test {
	if (isOperatorDoc(condition) && !isLogicName(condition.keys().next().value)) {
		return compileSingle(simplify({ kind: 'and', children: parseOperators('', condition, options) }));
	}
	if (isDoc(condition)) {
		const filter = compileFilter(condition, options);
		return (value) => isDoc(value) && filter.matches(value);
	}
	return condition instanceof BSONRegExp ? regexTest(condition) : equalityTest(condition, options.collation);
}
