/** Chooses how to get at the records of a query. */
import type { Doc, Value } from '../bson/values.ts';
import type { Collation } from '../language/collation.ts';
import type { Filter } from '../language/filter.ts';
import type { Sort } from '../language/sort.ts';
import { encodeKey } from '../indexes/key-encoding.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Access, Plan } from './plan.ts';

export interface PlanRequest {
	filter: Filter;
	filterDoc: Doc;
	sort?: Sort;
	collation?: Collation;
	/** An index name, a key pattern or `{$natural: ±1}`. */
	hint?: Value;
	min?: Doc;
	max?: Doc;
}

export function plan(collection: Collection, request: PlanRequest): Plan {
	const { tree } = request.filter;
	let access: Access = { kind: 'collection', reverse: false };
	const index = collection.indexes[0];
	if (index && tree.kind === 'path' && tree.path === '_id' && tree.operator === '$eq' && !request.collation) {
		const from = Buffer.concat([index.prefix, encodeKey([tree.operand], [1])]);
		access = {
			kind: 'index',
			index,
			ranges: [{ from, to: Buffer.concat([from, Buffer.of(0)]) }],
			reverse: false,
			shown: new Map(),
			exact: false
		};
	}
	return { access, sorted: false, rejected: [], filter: request.filterDoc };
}
