/** Chooses how to get at the records of a query. */
import { encode } from '../bson/codec.ts';
import { T, typeOf } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { toNumber } from '../indexes/description.ts';
import type { Index } from '../indexes/description.ts';
import { collationKey } from '../indexes/collation.ts';
import { encodeKey, encodePart } from '../indexes/key-encoding.ts';
import type { Collation } from '../language/collation.ts';
import { badValue, storeError } from '../language/errors.ts';
import type { Filter, FilterNode } from '../language/filter.ts';
import { show } from '../language/show.ts';
import type { Sort } from '../language/sort.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Environment } from '../storage/environment.ts';
import { after } from '../storage/keys.ts';
import { candidateFor } from './candidates.ts';
import type { Candidate } from './candidates.ts';
import { choose } from './choose.ts';
import { conditionsOf, hasText } from './conditions.ts';
import type { Condition } from './conditions.ts';
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

const ZERO = Buffer.of(0);

export function plan(environment: Environment, collection: Collection, request: PlanRequest): Plan {
	const { filter, sort, collation, hint } = request;
	const { tree } = filter;
	const done = (access: Access, sorted = false, rejected: Access[] = []): Plan => ({
		access,
		sorted,
		rejected,
		filter: request.filterDoc
	});
	if (hint === undefined && !request.min && !request.max) {
		const byId = idLookup(collection, tree, collation);
		// One record at most needs no sorting.
		if (byId) return done(byId, true);
	}
	if (request.min || request.max) return done(minMax(collection, request), false);
	if (hint instanceof Map && hint.has('$natural')) {
		return done({ kind: 'collection', reverse: (toNumber(hint.get('$natural')) ?? 1) < 0 });
	}
	if (tree.kind === 'constant' && !tree.value) return done({ kind: 'nothing' }, true);
	const conditions = conditionsOf(tree);
	const order = collationKey(collation);
	if (hint !== undefined) {
		const index = hintedIndex(collection, hint);
		const candidate = candidateFor(index, tree, conditions, sort, order, true);
		if (!candidate) {
			throw storeError(
				'NoQueryExecutionPlans',
				'error processing query: planner returned error :: caused by :: No query solutions'
			);
		}
		return done(candidate.access, candidate.sorted);
	}
	const candidates = collection.indexes
		.filter((index) => sort || beginsWith(index, conditions))
		.map((index) => candidateFor(index, tree, conditions, sort, order, false))
		.filter((candidate) => candidate !== undefined);
	const bounded = candidates.filter((candidate) => candidate.bounded > 0);
	const best = choose(environment, collection, bounded);
	if (best) {
		const rejected = bounded.filter((candidate) => candidate !== best).map((candidate) => candidate.access);
		return done(best.access, best.sorted, rejected);
	}
	const split = unionOf(environment, collection, tree, order);
	if (split) return done(split);
	const ordering = candidates.find((candidate) => candidate.sorted);
	if (ordering) return done(ordering.access, true);
	return done({ kind: 'collection', reverse: false });
}

/** Without a condition on its first field an index has no bounds to offer. */
const beginsWith = (index: Index, conditions: readonly Condition[]): boolean =>
	conditions.some(({ path }) => path === index.fields[0]);

/**
 * A filter that asks for one `_id`, among other things or alone: one get, no bounds to compute, and no other index can do
 * better. A conditional update by `_id` is such a query.
 */
function idLookup(collection: Collection, tree: FilterNode, collation: Collation | undefined): Access | undefined {
	const conjuncts = tree.kind === 'and' ? tree.children : [tree];
	const asked = conjuncts.find((node) => node.kind === 'path' && node.path === '_id' && node.operator === '$eq');
	const index = collection.indexes[0];
	if (asked?.kind !== 'path' || !index || index.cut) return undefined;
	const { operand } = asked;
	const type = typeOf(operand);
	const folded = collation ?? index.collation;
	if ((folded && hasText(operand)) || type === T.null || type === T.array || type === T.regex) return undefined;
	const key = encodeKey([operand], index.directions);
	const from = Buffer.concat([index.prefix, key]);
	return {
		kind: 'index',
		index,
		ranges: [{ from, to: Buffer.concat([from, ZERO]) }],
		reverse: false,
		shown: () => new Map([['_id', [`[${show(operand)}, ${show(operand)}]`]]]),
		exact: conjuncts.length === 1
	};
}

/** `$or`: if every branch has an index, their results together, each record once. */
function unionOf(
	environment: Environment,
	collection: Collection,
	tree: FilterNode,
	collation: string
): Access | undefined {
	const conjuncts = tree.kind === 'and' ? tree.children : [tree];
	for (const node of conjuncts) {
		if (node.kind !== 'or') continue;
		const others = conjuncts.filter((other) => other !== node);
		const inputs: Access[] = [];
		for (const child of node.children) {
			const branch: FilterNode = {
				kind: 'and',
				children: [...others, ...(child.kind === 'and' ? child.children : [child])]
			};
			const conditions = conditionsOf(branch);
			const candidates = collection.indexes
				.filter((index) => beginsWith(index, conditions))
				.map((index) => candidateFor(index, branch, conditions, undefined, collation, false))
				.filter((candidate) => candidate !== undefined && candidate.bounded > 0) as Candidate[];
			const best = choose(environment, collection, candidates);
			const input = best?.access ?? unionOf(environment, collection, branch, collation);
			if (!input) break;
			inputs.push(input.kind === 'index' ? { ...input, exact: false } : input);
		}
		if (inputs.length === node.children.length) return { kind: 'union', inputs };
	}
	return undefined;
}

const sameKey = (a: Doc, b: Doc): boolean => Buffer.from(encode(a)).equals(Buffer.from(encode(b)));

function sameFields(a: Doc, b: Doc): boolean {
	return a.size === b.size && [...a].every(([field, value], i) => {
		const other = [...b][i];
		return other !== undefined && other[0] === field && toNumber(other[1]) === toNumber(value);
	});
}

export function hintedIndex(collection: Collection, hint: Value): Index {
	const [index, another] = collection.indexes.filter((candidate) => {
		if (candidate.hidden || candidate.building) return false;
		if (typeof hint === 'string') return candidate.name === hint;
		return hint instanceof Map && (sameKey(candidate.key, hint) || sameFields(candidate.key, hint));
	});
	if (another) {
		throw storeError(
			'IndexNotFound',
			`error processing query: planner returned error :: caused by :: Hint matched multiple indexes, must hint by index name. Matched: ${show(another.spec)} and ${show(index?.spec)}`
		);
	}
	if (!index) {
		throw badValue(
			'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index'
		);
	}
	return index;
}

function minMax(collection: Collection, { hint, min, max }: PlanRequest): Access {
	if (hint === undefined) {
		throw storeError(51173, 'When using min()/max() a hint of which index to use must be provided');
	}
	const index = hintedIndex(collection, hint);
	const bound = (given: Doc): Buffer => {
		const fields = [...given.keys()];
		if (fields.length !== index.fields.length || fields.some((field, i) => field !== index.fields[i])) {
			throw storeError(51174, `The index chosen is not compatible with min/max: ${index.name}`);
		}
		return Buffer.concat([
			index.prefix,
			...[...given.values()].map((value, i) => encodePart(value, index.directions[i] as 1 | -1))
		]);
	};
	return {
		kind: 'index',
		index,
		ranges: [{ from: min ? bound(min) : index.prefix, to: max ? bound(max) : after(index.prefix) }],
		reverse: false,
		shown: () => new Map(index.fields.map((field) => [field, ['[min, max)']])),
		exact: false
	};
}
