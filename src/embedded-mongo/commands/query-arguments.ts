/** From a command's filter, sort, hint and the like to a planned query; parsed filters are remembered. */
import type { Doc, Value } from '../bson/values.ts';
import { compileCollation } from '../language/collation.ts';
import type { Collation } from '../language/collation.ts';
import { compileFilter } from '../language/filter.ts';
import type { Filter } from '../language/filter.ts';
import { compileSort } from '../language/sort.ts';
import type { Sort } from '../language/sort.ts';
import { plan } from '../planner/planner.ts';
import type { Query } from '../planner/query.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Environment } from '../storage/environment.ts';

export interface QueryArguments {
	filter: Doc;
	sort?: Doc;
	skip?: number;
	limit?: number;
	hint?: Value;
	min?: Doc;
	max?: Doc;
	collation?: Doc;
	let?: Doc;
}


/** The collation a command asks for, or the collection's own. */
export function collationFor(collection: Collection | undefined, asked: Doc | undefined): Collation | undefined {
	return compileCollation(asked ?? collection?.options.get('collation'));
}

export function prepareQuery(environment: Environment, collection: Collection, given: QueryArguments): Query {
	const collation = collationFor(collection, given.collation);
	const filter = compileFilter(given.filter, { collation, let: given.let });
	const sort = given.sort && given.sort.size > 0 ? sortFor(given.sort, collation) : undefined;
	const query: Query = {
		filter,
		skip: given.skip ?? 0,
		limit: given.limit ?? 0,
		plan: plan(environment, collection, {
			filter,
			filterDoc: given.filter,
			sort: sort?.sort,
			collation,
			hint: sort?.natural ?? given.hint,
			min: given.min,
			max: given.max
		})
	};
	if (sort?.sort) query.sort = sort.sort;
	return query;
}

/** `{$natural: 1}` is not a sort but a way through the collection. */
function sortFor(spec: Doc, collation: Collation | undefined): { sort?: Sort; natural?: Doc } {
	if (spec.size === 1 && spec.has('$natural')) return { natural: spec };
	return { sort: compileSort(spec, collation) };
}

export function checkFilter(filter: Doc, collation?: Collation): Filter {
	return compileFilter(filter, { collation });
}

