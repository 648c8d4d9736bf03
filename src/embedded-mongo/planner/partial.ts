/** Whether a query's filter implies a partial index's, so that the index holds every document the query wants. */
import type { Value } from '../bson/values.ts';
import { compareValues, equalValues, rankOf } from '../language/compare.ts';
import type { FilterNode, PathNode } from '../language/filter.ts';

export function implies(query: FilterNode, partial: FilterNode): boolean {
	if (partial.kind === 'and') return partial.children.every((child) => implies(query, child));
	if (partial.kind === 'or') return partial.children.some((child) => implies(query, child));
	if (partial.kind !== 'path') return false;
	if (query.kind === 'and') return query.children.some((child) => implies(child, partial));
	if (query.kind === 'or') return query.children.every((child) => implies(child, partial));
	return query.kind === 'path' && query.path === partial.path && pathImplies(query, partial);
}

/** The only values a predicate accepts, if it names them. */
function namedValues(node: PathNode): Value[] | undefined {
	if (node.operator === '$eq') return [node.operand];
	if (node.operator === '$in') return node.operand as Value[];
	return undefined;
}

const RANGES = new Set(['$gt', '$gte', '$lt', '$lte']);

function pathImplies(query: PathNode, partial: PathNode): boolean {
	const named = namedValues(query);
	if (partial.operator === '$eq' && partial.operand === null) return named?.every((value) => value === null) ?? false;
	if (named) {
		// Null also stands for missing, and an array is compared as a whole and by its elements.
		if (named.some((value) => value === null || Array.isArray(value))) {
			const same = namedValues(partial);
			return same !== undefined && named.every((value) => same.some((other) => equalValues(value, other)));
		}
		return named.every((value) => partial.test(value));
	}
	if (partial.operator === '$exists') {
		return query.operator === '$exists' || query.operator === '$regex' || query.operator === '$type' || isRange(query);
	}
	if (query.operator === partial.operator && equalValues(query.operand, partial.operand)) return true;
	if (!isRange(query) || !RANGES.has(partial.operator) || rankOf(query.operand) !== rankOf(partial.operand)) {
		return false;
	}
	if (query.operator[1] !== partial.operator[1]) return false;
	const order = compareValues(query.operand, partial.operand);
	const stricter = query.operator[1] === 'g' ? order : -order;
	return stricter > 0 || (stricter === 0 && (partial.operator.endsWith('e') || !query.operator.endsWith('e')));
}

function isRange(node: PathNode): boolean {
	return RANGES.has(node.operator) && node.operand !== null;
}
