import { isDoc, typeName } from '../../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../../bson/values.ts';
import { canonicalKey } from '../../compare.ts';
import { storeError } from '../../errors.ts';
import { isTruthy } from '../../predicates/element.ts';
import { binary, isNullish, namedSpecs, unary, variadic } from '../arguments.ts';
import type { Eval, ExpressionEnv, Operator, OperatorTable } from '../env.ts';
import { distinct } from './array.ts';

/** `$mergeObjects` over a list, as expression and as accumulator. */
export function mergeObjects(values: Iterable<Maybe>): Doc {
	const merged: Doc = new Map();
	for (const value of values) {
		if (isNullish(value)) continue;
		if (!isDoc(value))
			throw storeError(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`);
		for (const [name, item] of value) merged.set(name, item);
	}
	return merged;
}

/** The field's name must be a constant string: a string, `{$literal: ...}` or another constant expression. */
function constantField(spec: Value, env: ExpressionEnv, name: string, code: number): string {
	if (typeof spec === 'string' && spec.startsWith('$')) {
		throw storeError(code, `${name} requires 'field' to evaluate to a constant, but got a field path`);
	}
	const field = env.compile(spec, env)(new Map());
	if (typeof field !== 'string')
		throw storeError(code, `${name} requires 'field' to evaluate to type String, but got ${typeName(field)}`);
	return field;
}

const getField: Operator = (operand, env, name) => {
	const shorthand = !isDoc(operand) || operand.keys().next().value?.startsWith('$');
	const specs = shorthand ? new Map([['field', operand]]) : namedSpecs(operand, name, ['field'], ['input']);
	const spec = specs.get('field') as Value;
	if (typeof spec === 'string' && spec.startsWith('$')) {
		throw storeError(5654600, `${name} requires 'field' to evaluate to a constant, but got a field path; use $literal`);
	}
	const field = env.compile(spec, env);
	const inputSpec = specs.get('input');
	const input: Eval = inputSpec === undefined ? env.compile('$$CURRENT', env) : env.compile(inputSpec, env);
	return (root) => {
		const key = field(root);
		if (typeof key !== 'string')
			throw storeError(3041704, `${name} requires 'field' to evaluate to type String, but got ${typeName(key)}`);
		const doc = input(root);
		if (isDoc(doc)) return doc.get(key);
		return isNullish(doc) && doc !== undefined ? null : undefined;
	};
};

function setField(unset: boolean): Operator {
	return (operand, env, name) => {
		const specs = namedSpecs(operand, name, unset ? ['field', 'input'] : ['field', 'input', 'value'], []);
		const field = constantField(specs.get('field') as Value, env, name, 4161107);
		const input = env.compile(specs.get('input') as Value, env);
		const value: Eval = unset ? () => undefined : env.compile(specs.get('value') as Value, env);
		return (root) => {
			const doc = input(root);
			if (isNullish(doc)) return null;
			if (!isDoc(doc)) throw storeError(4161105, `${name} requires 'input' to evaluate to type Object`);
			const made: Doc = new Map(doc);
			const item = value(root);
			if (item === undefined) made.delete(field);
			else made.set(field, item);
			return made;
		};
	};
}

export const OBJECTS: OperatorTable = {
	$mergeObjects: variadic((values) => mergeObjects(values)),
	$getField: getField,
	$setField: setField(false),
	$unsetField: setField(true)
};

function requireSet(value: Maybe, code: number, name: string): Value[] {
	if (!Array.isArray(value))
		throw storeError(code, `All operands of ${name} must be arrays. One argument is of type: ${typeName(value)}`);
	return value;
}

const keySet = (items: Value[], env: ExpressionEnv) => new Set(items.map((item) => canonicalKey(item, env.collation)));

export const SETS: OperatorTable = {
	$setUnion: variadic((values, env, name) => {
		if (values.some(isNullish)) return null;
		return distinct(
			values.flatMap((value) => requireSet(value, 17043, name)),
			env
		);
	}),
	$setIntersection: variadic((values, env, name) => {
		if (values.some(isNullish)) return null;
		const [first = [], ...rest] = values.map((value) => requireSet(value, 17047, name));
		const others = rest.map((items) => keySet(items, env));
		return distinct(first, env).filter((item) => others.every((keys) => keys.has(canonicalKey(item, env.collation))));
	}),
	$setDifference: binary((a, b, env, name) => {
		if (isNullish(a) || isNullish(b)) return null;
		const items = requireSet(a, 17048, name);
		const unwanted = keySet(requireSet(b, 17049, name), env);
		return distinct(items, env).filter((item) => !unwanted.has(canonicalKey(item, env.collation)));
	}),
	$setEquals: variadic((values, env, name) => {
		const [first = new Set(), ...rest] = values.map((value) => keySet(requireSet(value, 17044, name), env));
		return rest.every((keys) => keys.size === first.size && [...keys].every((key) => first.has(key)));
	}, 2),
	$setIsSubset: binary((a, b, env, name) => {
		const whole = keySet(requireSet(b, 17042, name), env);
		return [...keySet(requireSet(a, 17046, name), env)].every((key) => whole.has(key));
	}),
	$anyElementTrue: unary((value, _env, name) => requireSet(value, 17041, name).some(isTruthy)),
	$allElementsTrue: unary((value, _env, name) => requireSet(value, 17040, name).every(isTruthy))
};
