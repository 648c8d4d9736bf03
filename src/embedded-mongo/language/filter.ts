import { decode } from '../bson/codec.ts';
import { MANY, rawPath, readPath } from '../bson/read-path.ts';
import { BSONRegExp, isDoc, regex, T, typeOf } from '../bson/values.ts';
import type { Doc, Maybe, Value } from '../bson/values.ts';
import type { Collation } from './collation.ts';
import { badValue, failedToParse, storeError } from './errors.ts';
import type { Cell } from './expression/env.ts';
import { compileExpressionFilter } from './expression/filter.ts';
import type { FilterNode, PathNode, PathOperator } from './filter-tree.ts';
import { isNumeric, toDouble } from './numbers.ts';
import { compilePath } from './paths.ts';
import type { Hit, Leaf, Test } from './paths.ts';
import { equalityTest, inTest, rangeTest } from './predicates/comparison.ts';
import { bitsTest, isTruthy, modTest, sizeTest, typeTest } from './predicates/element.ts';
import { compileSchema } from './predicates/json-schema.ts';
import { regexTest } from './predicates/regex.ts';

export type { FilterNode, PathNode, PathOperator } from './filter-tree.ts';

/** What a filter may refer to besides the document: a collation, `$expr` variables, the command's time. */
export type FilterOptions = {
	collation?: Collation;
	let?: Doc;
	now?: Date;
	/** Variables of a surrounding pipeline, already bound; instead of `let`. */
	variables?: ReadonlyMap<string, Cell>;
};

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

function simplify(node: FilterNode): FilterNode {
	if (node.kind !== 'and') return node;
	const children = node.children.flatMap((child) => {
		const simple = simplify(child);
		return simple.kind === 'and' ? simple.children : [simple];
	});
	return children.length === 1 ? (children[0] as FilterNode) : { kind: 'and', children };
}

// --- parsing

type LogicParser = (operand: Value, options: FilterOptions) => FilterNode | null;

function logic(kind: 'and' | 'or' | 'nor'): LogicParser {
	return (operand, options) => {
		if (!Array.isArray(operand)) throw badValue(`$${kind} must be an array`);
		if (operand.length === 0) throw badValue('$and/$or/$nor must be a nonempty array');
		const children = operand.map((item) => {
			if (!isDoc(item)) throw badValue('$or/$and/$nor entries need to be full objects');
			return parseFilter(item, options);
		});
		return { kind, children };
	};
}

function constant(value: boolean, operator: string): LogicParser {
	return (operand) => {
		if (!isNumeric(operand) || toDouble(operand) !== 1)
			throw failedToParse(`${operator} must be an integer value of 1`);
		return { kind: 'constant', value };
	};
}

const TOP_LEVEL: Record<string, LogicParser> = {
	$and: logic('and'),
	$or: logic('or'),
	$nor: logic('nor'),
	$comment: () => null,
	$alwaysTrue: constant(true, '$alwaysTrue'),
	$alwaysFalse: constant(false, '$alwaysFalse'),
	$sampleRate(operand) {
		if (!isNumeric(operand)) throw badValue('argument to $sampleRate must be a numeric type');
		const rate = toDouble(operand);
		if (!(rate >= 0 && rate <= 1)) throw badValue('numeric argument to $sampleRate must be in [0, 1]');
		return { kind: 'opaque', operator: '$sampleRate', operand, test: () => Math.random() < rate };
	},
	$expr: (operand, options) => ({
		kind: 'opaque',
		operator: '$expr',
		operand,
		test: compileExpressionFilter(operand, options)
	}),
	$jsonSchema(operand) {
		if (!isDoc(operand)) throw storeError('TypeMismatch', '$jsonSchema must be an object');
		return { kind: 'opaque', operator: '$jsonSchema', operand, test: compileSchema(operand) };
	},
	$where() {
		throw badValue('no globalScriptEngine in $where parsing');
	},
	$text() {
		throw storeError('IndexNotFound', 'text index required for $text query');
	}
};

function parseFilter(filter: Doc, options: FilterOptions): FilterNode {
	const children: FilterNode[] = [];
	for (const [name, value] of filter) {
		if (!name.startsWith('$')) {
			children.push(parsePath(name, value, options));
			continue;
		}
		const parser = Object.hasOwn(TOP_LEVEL, name) ? TOP_LEVEL[name] : undefined;
		if (!parser) {
			throw badValue(
				`unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`
			);
		}
		const node = parser(value, options);
		if (node) children.push(node);
	}
	return { kind: 'and', children };
}

/** Documents whose first field is an operator; `$ref`, `$id` and `$db` make a DBRef, which is a value. */
export function isOperatorDoc(value: Maybe): value is Doc {
	if (!isDoc(value)) return false;
	const first = value.keys().next().value;
	return first !== undefined && first.startsWith('$') && first !== '$ref' && first !== '$id' && first !== '$db';
}

function parsePath(path: string, value: Value, options: FilterOptions): FilterNode {
	if (isOperatorDoc(value)) return simplify({ kind: 'and', children: parseOperators(path, value, options) });
	if (value instanceof BSONRegExp) return pathNode(path, '$regex', value, options);
	return pathNode(path, '$eq', value, options);
}

function parseOperators(path: string, operators: Doc, options: FilterOptions): FilterNode[] {
	const nodes: FilterNode[] = [];
	for (const [name, operand] of operators) {
		const parser = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
		if (!parser) throw badValue(`unknown operator: ${name}`);
		const node = parser(path, operand, options, operators);
		if (node) nodes.push(node);
	}
	return nodes;
}

type OperatorParser = (path: string, operand: Value, options: FilterOptions, all: Doc) => FilterNode | null;

const TESTS: Record<PathOperator, (operand: Value, options: FilterOptions) => Test> = {
	$eq: (operand, { collation }) => equalityTest(operand, collation),
	$gt: (operand, { collation }) => rangeTest('$gt', operand, collation),
	$gte: (operand, { collation }) => rangeTest('$gte', operand, collation),
	$lt: (operand, { collation }) => rangeTest('$lt', operand, collation),
	$lte: (operand, { collation }) => rangeTest('$lte', operand, collation),
	$in: (operand, { collation }) => inTest(operand as Value[], collation),
	$exists: () => (value) => value !== undefined,
	$type: typeTest,
	$mod: modTest,
	$regex: regexTest,
	$size: sizeTest,
	$bitsAllSet: (operand) => bitsTest('$bitsAllSet', operand),
	$bitsAnySet: (operand) => bitsTest('$bitsAnySet', operand),
	$bitsAllClear: (operand) => bitsTest('$bitsAllClear', operand),
	$bitsAnyClear: (operand) => bitsTest('$bitsAnyClear', operand)
};

function pathNode(path: string, operator: PathOperator, operand: Value, options: FilterOptions): PathNode {
	if (typeOf(operand) === T.undefined) throw badValue('cannot compare to undefined');
	const leaf: Leaf = operator === '$size' || operator === '$exists' ? 'whole' : 'elements';
	return { kind: 'path', path, operator, operand, test: TESTS[operator](operand, options), leaf };
}

function simple(operator: PathOperator): OperatorParser {
	return (path, operand, options) => pathNode(path, operator, operand, options);
}

function range(operator: PathOperator): OperatorParser {
	return (path, operand, options) => {
		if (operand instanceof BSONRegExp) throw badValue(`Can't have RegEx as arg to predicate over field '${path}'.`);
		return pathNode(path, operator, operand, options);
	};
}

function inList(path: string, operand: Value, options: FilterOptions, operator: string): PathNode {
	if (!Array.isArray(operand)) throw badValue(`${operator} needs an array`);
	for (const item of operand) if (isOperatorDoc(item)) throw badValue(`cannot nest $ under ${operator}`);
	return pathNode(path, '$in', operand, options);
}

const not = (child: FilterNode): FilterNode => ({ kind: 'not', child });

function refused(message: string): OperatorParser {
	return () => {
		throw badValue(message);
	};
}

const NO_GEO: OperatorParser = () => {
	throw storeError(
		'NoQueryExecutionPlans',
		'error processing query: geospatial queries are not supported by this server'
	);
};

const OPERATORS: Record<string, OperatorParser> = {
	$eq: simple('$eq'),
	$gt: range('$gt'),
	$gte: range('$gte'),
	$lt: range('$lt'),
	$lte: range('$lte'),
	$ne(path, operand, options) {
		if (operand instanceof BSONRegExp) throw badValue("Can't have regex as arg to $ne.");
		return not(pathNode(path, '$eq', operand, options));
	},
	$in: (path, operand, options) => inList(path, operand, options, '$in'),
	$nin: (path, operand, options) => not(inList(path, operand, options, '$nin')),
	$exists(path, operand, options) {
		const node = pathNode(path, '$exists', operand, options);
		return isTruthy(operand) ? node : not({ ...node, operand: true });
	},
	$type: simple('$type'),
	$mod: simple('$mod'),
	$size: simple('$size'),
	$bitsAllSet: simple('$bitsAllSet'),
	$bitsAnySet: simple('$bitsAnySet'),
	$bitsAllClear: simple('$bitsAllClear'),
	$bitsAnyClear: simple('$bitsAnyClear'),
	$not(path, operand, options) {
		if (operand instanceof BSONRegExp) return not(pathNode(path, '$regex', operand, options));
		if (!isDoc(operand)) throw badValue('$not needs a regex or a document');
		if (operand.size === 0) throw badValue('$not cannot be empty');
		return not(simplify({ kind: 'and', children: parseOperators(path, operand, options) }));
	},
	$regex(path, operand, options, all) {
		const given = all.get('$options');
		if (given !== undefined && typeof given !== 'string') throw badValue('$options has to be a string');
		if (operand instanceof BSONRegExp) {
			if (given !== undefined && operand.options !== '') {
				throw storeError(51075, 'options set in both $regex and $options');
			}
			return pathNode(path, '$regex', regex(operand.pattern, given ?? operand.options), options);
		}
		if (typeof operand !== 'string') throw badValue('$regex has to be a string');
		return pathNode(path, '$regex', regex(operand, given ?? ''), options);
	},
	$options(_path, _operand, _options, all) {
		if (!all.has('$regex')) throw badValue('$options needs a $regex');
		return null;
	},
	$all(path, operand, options) {
		if (!Array.isArray(operand)) throw badValue('$all needs an array');
		if (operand.length === 0) return { kind: 'constant', value: false };
		const elemMatch = (item: Value) => isDoc(item) && item.keys().next().value === '$elemMatch';
		const mixed = operand.some(elemMatch);
		const children = operand.map((item) => {
			if (isDoc(item) && mixed) {
				if (!elemMatch(item)) throw badValue('$all/$elemMatch has to be consistent');
				return parseElemMatch(path, item.get('$elemMatch') as Value, options);
			}
			if (mixed) throw badValue('$all/$elemMatch has to be consistent');
			if (isOperatorDoc(item)) throw badValue('no $ expressions in $all');
			return pathNode(path, item instanceof BSONRegExp ? '$regex' : '$eq', item, options);
		});
		return simplify({ kind: 'and', children });
	},
	$elemMatch: parseElemMatch,
	$comment: () => null,
	$near: NO_GEO,
	$nearSphere: NO_GEO,
	$geoNear: NO_GEO,
	$geoWithin: NO_GEO,
	$geoIntersects: NO_GEO,
	$within: NO_GEO,
	$expr: refused('unknown operator: $expr')
};

const LOGIC_NAMES = new Set(['$and', '$or', '$nor', '$expr', '$where', '$jsonSchema']);

function parseElemMatch(path: string, operand: Value, options: FilterOptions): FilterNode {
	if (!isDoc(operand)) throw badValue('$elemMatch needs an Object');
	const first = operand.keys().next().value ?? '';
	if (isOperatorDoc(operand) && !LOGIC_NAMES.has(first)) {
		const child = simplify({ kind: 'and', children: parseOperators('', operand, options) });
		return { kind: 'elemMatch', path, of: 'value', child };
	}
	if (operand.has('$where')) throw badValue('$elemMatch cannot contain $where expression');
	return { kind: 'elemMatch', path, of: 'object', child: simplify(parseFilter(operand, options)) };
}

// --- running

type Matcher = (doc: Doc, hit: Hit | null) => boolean;

function compileNode(node: FilterNode): Matcher {
	switch (node.kind) {
		case 'constant':
			return () => node.value;
		case 'opaque':
			return (doc) => node.test(doc);
		case 'path':
			return compilePath(node.path, node.test, node.leaf);
		case 'elemMatch':
			return compileElemMatch(node.path, elementTest(node));
		case 'not': {
			const child = compileNode(node.child);
			return (doc) => !child(doc, null);
		}
		default: {
			const children = node.children.map(compileNode);
			return node.kind === 'and' ? all(children) : node.kind === 'or' ? any(children) : none(children);
		}
	}
}

function all(children: Matcher[]): Matcher {
	return (doc, hit) => {
		for (const child of children) {
			if (child(doc, hit)) continue;
			if (hit) hit.index = -1;
			return false;
		}
		return true;
	};
}

function any(children: Matcher[]): Matcher {
	return (doc, hit) => children.some((child) => child(doc, hit));
}

function none(children: Matcher[]): Matcher {
	return (doc) => !children.some((child) => child(doc, null));
}

function compileElemMatch(path: string, test: Test): Matcher {
	let found = -1;
	const walk = compilePath(
		path,
		(value) => {
			if (!Array.isArray(value)) return false;
			found = value.findIndex(test);
			return found >= 0;
		},
		'whole'
	);
	return (doc, hit) => {
		if (!hit) return walk(doc, null);
		const outer: Hit = { index: -1 };
		if (!walk(doc, outer)) return false;
		hit.index = outer.index >= 0 ? outer.index : found;
		return true;
	};
}

/** The test `$elemMatch` puts to each element of the array. */
function elementTest(node: { of: 'object' | 'value'; child: FilterNode }): Test {
	if (node.of === 'value') return compileSingle(node.child);
	const child = compileNode(node.child);
	return (value) => {
		if (isDoc(value)) return child(value, null);
		// A nested array is matched like a document with its indexes as names.
		return Array.isArray(value) && child(new Map(value.map((item, index) => [String(index), item])), null);
	};
}

/** A filter put to one value as it stands, without looking into arrays. */
function compileSingle(node: FilterNode): Test {
	switch (node.kind) {
		case 'path':
			return node.test;
		case 'constant':
			return () => node.value;
		case 'not': {
			const child = compileSingle(node.child);
			return (value) => !child(value);
		}
		case 'elemMatch': {
			const test = elementTest(node);
			return (value) => Array.isArray(value) && value.some(test);
		}
		case 'opaque':
			return (value) => isDoc(value) && node.test(value);
		default: {
			const children = node.children.map(compileSingle);
			if (node.kind === 'and') return (value) => children.every((child) => child(value));
			return (value) => children.some((child) => child(value)) === (node.kind === 'or');
		}
	}
}

/** A filter for single values, as `$pull` and `arrayFilters` put it to array elements. */
export function compileElementTest(condition: Value, options: FilterOptions): Test {
	if (isOperatorDoc(condition) && !LOGIC_NAMES.has(condition.keys().next().value ?? '')) {
		return compileSingle(simplify({ kind: 'and', children: parseOperators('', condition, options) }));
	}
	if (isDoc(condition)) {
		const filter = compileFilter(condition, options);
		return (value) => isDoc(value) && filter.matches(value);
	}
	return condition instanceof BSONRegExp ? regexTest(condition) : equalityTest(condition, options.collation);
}

/** Runs conjunctions of path predicates on the bytes; everything else on the decoded document. */
function compileBytes(tree: FilterNode, run: Matcher): (bytes: Uint8Array) => boolean {
	const nodes = tree.kind === 'and' ? tree.children : [tree];
	const simple = nodes.filter((node): node is PathNode => node.kind === 'path');
	const complete = simple.length === nodes.length;
	const checks = simple.map(({ path, test, leaf }) => ({
		raw: rawPath(path),
		test: (value: Maybe) => (Array.isArray(value) && leaf === 'elements' ? value.some(test) : false) || test(value)
	}));
	return (bytes) => {
		let certain = complete;
		for (const { raw, test } of checks) {
			const value = readPath(bytes, raw);
			if (value === MANY) certain = false;
			else if (!test(value)) return false;
		}
		return certain || run(decode(bytes), null);
	};
}
