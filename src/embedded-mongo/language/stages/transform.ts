import { isDoc, Long, typeName } from '../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../bson/values.ts';
import { countValue } from '../accumulators.ts';
import { inContext, storeError } from '../errors.ts';
import type { Eval, ExpressionEnv } from '../expression/env.ts';
import { withVariables } from '../expression/env.ts';
import { fieldParts } from '../expression/fields.ts';
import { compileFilter } from '../filter.ts';
import { isNumeric, toDouble, toWhole } from '../numbers.ts';
import { compileStageProjection } from '../projection.ts';
import { addFields, excludeFields, plant } from '../projection-tree.ts';
import type { Branch } from '../projection-tree.ts';
import { show } from '../show.ts';
import { TICK } from '../slices.ts';
import { mapping } from './stage.ts';
import type { Flow, StageCompiler, StageEnv, StageTable } from './stage.ts';

function match(spec: Value, env: StageEnv) {
	if (!isDoc(spec)) throw storeError(15959, 'the match filter must be an expression in an object');
	const filter = compileFilter(spec, filterOptions(env.expressions));
	return function* (input: Flow) {
		for (const doc of input) if (doc === TICK || filter.matches(doc)) yield doc;
	};
}

/** Filters inside a pipeline see its variables. */
export function filterOptions(env: ExpressionEnv) {
	return { collation: env.collation, now: env.now, variables: env.variables };
}

/** Compiles `$addFields`: nested documents name nested fields, everything else is an expression. */
export function compileAddFields(spec: Value, env: ExpressionEnv, name: string): (doc: Doc) => Doc {
	if (!isDoc(spec)) throw storeError(40272, `${name} specification stage must be an object, got ${typeName(spec)}`);
	const tree: Branch = new Map();
	const grow = (prefix: string, fields: Doc) => {
		for (const [key, value] of fields) {
			if (prefix !== '' && key.includes('.'))
				throw storeError(40183, `cannot use dotted field name '${key}' in a sub object`);
			const path = prefix === '' ? key : `${prefix}.${key}`;
			const nested = isDoc(value) && value.size > 0 && !value.keys().next().value?.startsWith('$');
			if (nested) grow(path, value);
			else plant(tree, path, { kind: 'computed', evaluate: env.compile(value, env) });
		}
	};
	try {
		if (spec.size === 0) throw storeError(40177, 'specification must have at least one field');
		grow('', spec);
	} catch (error) {
		throw inContext(`Invalid ${name}`, error);
	}
	return (doc) => addFields(doc, tree, doc);
}

export function compileUnset(spec: Value): (doc: Doc) => Doc {
	const paths = Array.isArray(spec) ? spec : [spec];
	if (paths.length === 0)
		throw storeError(31119, '$unset specification must be a string or an array with at least one field');
	const tree: Branch = new Map();
	for (const path of paths) {
		if (typeof path !== 'string') {
			throw storeError(
				Array.isArray(spec) ? 31120 : 31002,
				'$unset specification must be a string or an array containing only string values'
			);
		}
		plant(tree, path, { kind: 'flag' });
	}
	return (doc) => excludeFields(doc, tree);
}

/** `$replaceRoot` takes `{newRoot}`, `$replaceWith` the expression itself. */
export function compileReplaceRoot(spec: Value, env: ExpressionEnv, name: string): (doc: Doc) => Doc {
	let expression = spec;
	if (name === '$replaceRoot') {
		if (!isDoc(spec))
			throw storeError(40229, `expected an object as specification for $replaceRoot stage, got ${typeName(spec)}`);
		for (const key of spec.keys()) {
			if (key !== 'newRoot')
				throw storeError('IDLUnknownField', `BSON field '$replaceRoot.${key}' is an unknown field.`);
		}
		const given = spec.get('newRoot');
		if (given === undefined)
			throw storeError('IDLFailedToParse', "BSON field '$replaceRoot.newRoot' is missing but a required field");
		expression = given;
	}
	const evaluate = env.compile(expression, env);
	return (doc) => {
		const made = evaluate(doc);
		if (!isDoc(made)) {
			throw storeError(
				40228,
				`'${name === '$replaceRoot' ? 'newRoot' : 'replacement document'}' expression must evaluate to an object, but resulting value was: ${show(made)}. Type of resulting value: '${typeName(made)}'.`
			);
		}
		return made;
	};
}

function wholeNumber(spec: Value, name: string, code: number): number {
	const whole = isNumeric(spec) ? toWhole(spec) : null;
	if (whole === null)
		throw storeError(code, `invalid argument to ${name} stage: Expected an integer: ${name}: ${show(spec)}`);
	if (whole < 0n)
		throw storeError(
			code,
			`invalid argument to ${name} stage: Expected a non-negative number in: ${name}: ${show(spec)}`
		);
	return Number(whole);
}

export function limitOf(spec: Value): number {
	const limit = wholeNumber(spec, '$limit', 5107201);
	if (limit === 0) throw storeError(15958, 'the limit must be positive');
	return limit;
}

export function skipOf(spec: Value): number {
	return wholeNumber(spec, '$skip', 5107200);
}

const limit: StageCompiler = (spec) => {
	const most = limitOf(spec);
	return function* (input) {
		let count = 0;
		for (const doc of input) {
			yield doc;
			if (doc !== TICK && ++count >= most) return;
		}
	};
};

const skip: StageCompiler = (spec) => {
	const first = skipOf(spec);
	return function* (input) {
		let count = 0;
		for (const doc of input) if (doc === TICK || count++ >= first) yield doc;
	};
};

const count: StageCompiler = (spec) => {
	if (typeof spec !== 'string' || spec === '')
		throw storeError(typeof spec === 'string' ? 40157 : 40156, 'the count field must be a non-empty string');
	if (spec.startsWith('$')) throw storeError(40158, 'the count field cannot be a $-prefixed path');
	if (spec.includes('\0')) throw storeError(40159, 'the count field cannot contain a null byte');
	if (spec.includes('.')) throw storeError(40160, "the count field cannot contain '.'");
	return function* (input) {
		let total = 0;
		for (const doc of input) {
			if (doc === TICK) yield TICK;
			else total++;
		}
		if (total > 0) yield new Map([[spec, countValue(total)]]);
	};
};

type Unwind = { parts: string[]; indexField: string | undefined; keepEmpty: boolean };

function unwindSpec(spec: Value): Unwind {
	if (typeof spec !== 'string' && !isDoc(spec)) {
		throw storeError(
			15981,
			`expected either a string or an object as specification for $unwind stage, got ${typeName(spec)}`
		);
	}
	let path: Maybe = spec;
	let indexField: string | undefined;
	let keepEmpty = false;
	if (isDoc(spec)) {
		path = spec.get('path');
		for (const [key, value] of spec) {
			if (key === 'preserveNullAndEmptyArrays') {
				if (typeof value !== 'boolean')
					throw storeError(
						28809,
						`expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${typeName(value)}`
					);
				keepEmpty = value;
			} else if (key === 'includeArrayIndex') {
				if (typeof value !== 'string' || value === '')
					throw storeError(
						28810,
						`expected a non-empty string for the includeArrayIndex option to $unwind stage, got ${typeName(value)}`
					);
				if (value.startsWith('$'))
					throw storeError(
						28822,
						`includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${value}`
					);
				indexField = value;
			} else if (key !== 'path') throw storeError(28811, `unrecognized option to $unwind stage: ${key}`);
		}
	}
	if (path === undefined) throw storeError(28812, 'no path specified to $unwind stage');
	if (typeof path !== 'string')
		throw storeError(28808, `expected a string as the path for $unwind stage, got ${typeName(path)}`);
	if (!path.startsWith('$'))
		throw storeError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
	return { parts: fieldParts(path.slice(1)), indexField, keepEmpty };
}

/** A copy of the document with the value at a path of plain documents replaced, or removed if undefined. */
export function withPath(doc: Doc, parts: string[], value: Maybe, at = 0): Doc {
	const made = new Map(doc);
	const name = parts[at] as string;
	const inner = made.get(name);
	if (at < parts.length - 1) made.set(name, withPath(isDoc(inner) ? inner : new Map(), parts, value, at + 1));
	else if (value === undefined) made.delete(name);
	else made.set(name, value);
	return made;
}

const unwind: StageCompiler = (spec) => {
	const { parts, indexField, keepEmpty } = unwindSpec(spec);
	const numbered = (doc: Doc, index: Value) =>
		indexField === undefined ? doc : withPath(doc, indexField.split('.'), index);
	return function* (input) {
		for (const doc of input) {
			if (doc === TICK) {
				yield TICK;
				continue;
			}
			const value = plainPath(doc, parts);
			if (!Array.isArray(value)) {
				if (keepEmpty || (value !== undefined && value !== null)) yield numbered(doc, null);
			} else if (value.length > 0) {
				for (const [index, item] of value.entries()) yield numbered(withPath(doc, parts, item), Long.fromNumber(index));
			} else if (keepEmpty) yield numbered(withPath(doc, parts, undefined), null);
		}
	};
};

/** The value at a path that leads through documents only. */
function plainPath(doc: Doc, parts: string[]): Maybe {
	let current: Maybe = doc;
	for (const part of parts) current = isDoc(current) ? current.get(part) : undefined;
	return current;
}

const sample: StageCompiler = (spec) => {
	if (!isDoc(spec)) throw storeError(28745, 'the $sample stage specification must be an object');
	for (const key of spec.keys()) if (key !== 'size') throw storeError(28748, `unrecognized option to $sample: ${key}`);
	const size = spec.get('size');
	if (size === undefined) throw storeError(28749, '$sample stage must specify a size');
	if (!isNumeric(size)) throw storeError(28746, 'size argument to $sample must be a number');
	const wanted = Math.trunc(toDouble(size));
	if (!(wanted > 0)) throw storeError(28747, 'size argument to $sample must be a positive integer');
	return function* (input) {
		// Reservoir sampling, then shuffled, since a reservoir keeps early documents in place.
		const kept: Doc[] = [];
		let seen = 0;
		for (const doc of input) {
			if (doc === TICK) {
				yield TICK;
				continue;
			}
			seen++;
			if (kept.length < wanted) kept.push(doc);
			else {
				const at = Math.floor(Math.random() * seen);
				if (at < wanted) kept[at] = doc;
			}
		}
		yield* kept
			.map((doc) => ({ doc, at: Math.random() }))
			.sort((a, b) => a.at - b.at)
			.map(({ doc }) => doc);
	};
};

const redact: StageCompiler = (spec, env) => {
	const markers = ['DESCEND', 'PRUNE', 'KEEP'].map((name): [string, { value: Value }] => [
		name,
		{ value: `$$${name}` }
	]);
	const current = { value: undefined as Maybe };
	const evaluate = env.expressions.compile(spec, withVariables(env.expressions, [...markers, ['CURRENT', current]]));
	return function* (input) {
		for (const doc of input) {
			if (doc === TICK) {
				yield TICK;
				continue;
			}
			const kept = redacted(doc, doc, evaluate, current);
			if (kept) yield kept;
		}
	};
};

function redacted(doc: Doc, root: Doc, evaluate: Eval, current: { value: Maybe }): Doc | undefined {
	current.value = doc;
	const verdict = evaluate(root);
	if (verdict === '$$KEEP') return doc;
	if (verdict === '$$PRUNE') return undefined;
	if (verdict !== '$$DESCEND') {
		throw storeError(
			17053,
			`$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE, but returned ${show(verdict)}`
		);
	}
	const below = (value: Value): Maybe => {
		if (isDoc(value)) return redacted(value, root, evaluate, current);
		return Array.isArray(value) ? value.map(below).filter((item) => item !== undefined) : value;
	};
	const made: Doc = new Map();
	for (const [name, value] of doc) {
		const kept = below(value);
		if (kept !== undefined) made.set(name, kept);
	}
	return made;
}

const documents: StageCompiler = (spec, env) => {
	const evaluate = env.expressions.compile(spec, env.expressions);
	return () => {
		const made = evaluate(new Map());
		if (!Array.isArray(made)) throw storeError(5858203, `an array is expected for $documents, got ${typeName(made)}`);
		return made.map((item) => {
			if (!isDoc(item)) throw storeError(40228, `$documents needs objects, got ${typeName(item)}`);
			return item;
		});
	};
};

export const TRANSFORMS: StageTable = {
	$match: match,
	$project(spec, env) {
		if (!isDoc(spec)) throw storeError(15969, '$project specification must be an object');
		const projection = compileStageProjection(spec, env.expressions);
		return mapping((doc) => projection.apply(doc));
	},
	$addFields: (spec, env, name) => mapping(compileAddFields(spec, env.expressions, name)),
	$set: (spec, env, name) => mapping(compileAddFields(spec, env.expressions, name)),
	$unset: (spec) => mapping(compileUnset(spec)),
	$replaceRoot: (spec, env, name) => mapping(compileReplaceRoot(spec, env.expressions, name)),
	$replaceWith: (spec, env, name) => mapping(compileReplaceRoot(spec, env.expressions, name)),
	$limit: limit,
	$skip: skip,
	$count: count,
	$unwind: unwind,
	$sample: sample,
	$redact: redact,
	$documents: documents
};
