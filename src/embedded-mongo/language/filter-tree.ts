import type { Doc, Value } from '../bson/values.ts';
import type { Collation } from './collation.ts';
import type { Cell } from './expression/env.ts';
import type { Leaf, Test } from './paths.ts';

/** Operators on a path that look at one value. `$ne` and `$nin` appear as `not` around `$eq` and `$in`. */
export type PathOperator =
	| '$eq'
	| '$gt'
	| '$gte'
	| '$lt'
	| '$lte'
	| '$in'
	| '$exists'
	| '$type'
	| '$mod'
	| '$regex'
	| '$size'
	| '$bitsAllSet'
	| '$bitsAnySet'
	| '$bitsAllClear'
	| '$bitsAnyClear';

/** One predicate on a path. For `$regex` the operand is a `BSONRegExp`, for `$in` an array. */
export type PathNode = {
	kind: 'path';
	path: string;
	operator: PathOperator;
	operand: Value;
	test: Test;
	leaf: Leaf;
};

/** `$elemMatch`; the child's paths are relative to the element, `''` being the element itself for `of: 'value'`. */
export type ElemMatchNode = { kind: 'elemMatch'; path: string; of: 'object' | 'value'; child: FilterNode };

/** A parsed filter: what the planner reads. `opaque` stands for `$expr`, `$jsonSchema` and the like. */
export type FilterNode =
	| { kind: 'and' | 'or' | 'nor'; children: FilterNode[] }
	| { kind: 'not'; child: FilterNode }
	| PathNode
	| ElemMatchNode
	| { kind: 'constant'; value: boolean }
	| { kind: 'opaque'; operator: string; operand: Value; test: (doc: Doc) => boolean };

/** What a filter may refer to besides the document: a collation, `$expr` variables, the command's time. */
export type FilterOptions = {
	collation?: Collation;
	let?: Doc;
	now?: Date;
	/** Variables of a surrounding pipeline, already bound; instead of `let`. */
	variables?: ReadonlyMap<string, Cell>;
};
