import { BSONRegExp, isDoc, regex, T, typeOf } from '../bson/values.ts';
import type { Doc, Maybe, Value } from '../bson/values.ts';
import { badValue, failedToParse, storeError } from './errors.ts';
import { compileExpressionFilter } from './expression/filter.ts';
import type { FilterNode, FilterOptions, PathNode, PathOperator } from './filter-tree.ts';
import { isNumeric, toDouble } from './numbers.ts';
import type { Leaf, Test } from './paths.ts';
import { equalityTest, inTest, rangeTest } from './predicates/comparison.ts';
import { bitsTest, isTruthy, modTest, sizeTest, typeTest } from './predicates/element.ts';
import { compileSchema } from './predicates/json-schema.ts';
import { regexTest } from './predicates/regex.ts';

export function simplify(node: FilterNode): FilterNode {
	if (node.kind !== 'and') return node;
	const children = node.children.flatMap((child) => {
		const simple = simplify(child);
		return simple.kind === 'and' ? simple.children : [simple];
	});
	return children.length === 1 ? (children[0] as FilterNode) : { kind: 'and', children };
}

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

/** The fields of a DBRef are names, though they look like operators. */
const DBREF_FIELDS = new Set(['$ref', '$id', '$db']);

export function parseFilter(filter: Doc, options: FilterOptions): FilterNode {
	const children: FilterNode[] = [];
	for (const [name, value] of filter) {
		if (!name.startsWith('$') || DBREF_FIELDS.has(name)) {
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
	return first !== undefined && first.startsWith('$') && !DBREF_FIELDS.has(first);
}

function parsePath(path: string, value: Value, options: FilterOptions): FilterNode {
	if (isOperatorDoc(value)) return simplify({ kind: 'and', children: parseOperators(path, value, options) });
	if (value instanceof BSONRegExp) return pathNode(path, '$regex', value, options);
	return pathNode(path, '$eq', value, options);
}

export function parseOperators(path: string, operators: Doc, options: FilterOptions): FilterNode[] {
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

/** Whether a condition that starts with this operator is a filter on a document rather than on a value. */
export function isLogicName(name: string | undefined): boolean {
	return name !== undefined && LOGIC_NAMES.has(name);
}

function parseElemMatch(path: string, operand: Value, options: FilterOptions): FilterNode {
	if (!isDoc(operand)) throw badValue('$elemMatch needs an Object');
	const first = operand.keys().next().value;
	if (isOperatorDoc(operand) && !isLogicName(first)) {
		const child = simplify({ kind: 'and', children: parseOperators('', operand, options) });
		return { kind: 'elemMatch', path, of: 'value', child };
	}
	if (operand.has('$where')) throw badValue('$elemMatch cannot contain $where expression');
	return { kind: 'elemMatch', path, of: 'object', child: simplify(parseFilter(operand, options)) };
}
