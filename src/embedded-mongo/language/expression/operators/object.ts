import { isDoc, typeName } from '../../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../../bson/values.ts';
import { canonicalKey } from '../../compare.ts';
import { storeError } from '../../errors.ts';
import { isTruthy } from '../../predicates/element.ts';
import { binary, isNullish, namedSpecs, requireArray, unary, variadic } from '../arguments.ts';
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

function setKeys(items: Value[], env: ExpressionEnv): Set<string | number> {
	return new Set(items.map((item) => canonicalKey(item, env.collation)));
}

/** The operands from left to right: `null` at the first that is nullish, an error at the first of another type. */
function setsOrNull(values: Maybe[], code: number, name: string): Value[][] | null {
	const sets: Value[][] = [];
	for (const value of values) {
		if (isNullish(value)) return null;
		sets.push(requireArray(value, code, `All operands of ${name} must be arrays. One argument is of type:`));
	}
	return sets;
}

function pairOfSets(a: Maybe, b: Maybe, codes: [number, number], name: string): [Value[], Value[]] {
	const refusal = `both operands of ${name} must be arrays.`;
	return [
		requireArray(a, codes[0], `${refusal} First argument is of type:`),
		requireArray(b, codes[1], `${refusal} Second argument is of type:`)
	];
}

const elementsOf = (code: number) => (value: Maybe, _env: ExpressionEnv, name: string) =>
	requireArray(value, code, `${name}'s argument must be an array, but is`);

export const SETS: OperatorTable = {
	$setUnion: variadic((values, env, name) => {
		const sets = setsOrNull(values, 17043, name);
		return sets && distinct(sets.flat(), env);
	}),
	$setIntersection: variadic((values, env, name) => {
		const sets = setsOrNull(values, 17047, name);
		if (!sets) return null;
		const [first = [], ...rest] = sets;
		const others = rest.map((items) => setKeys(items, env));
		return distinct(first, env).filter((item) => others.every((keys) => keys.has(canonicalKey(item, env.collation))));
	}),
	$setDifference: binary((a, b, env, name) => {
		if (isNullish(a) || isNullish(b)) return null;
		const [items, others] = pairOfSets(a, b, [17048, 17049], name);
		const unwanted = setKeys(others, env);
		return distinct(items, env).filter((item) => !unwanted.has(canonicalKey(item, env.collation)));
	}),
	$setEquals: variadic((values, env, name) => {
		const [first = new Set(), ...rest] = values.map((value, at) => {
			const refusal = `All operands of ${name} must be arrays. ${at + 1}-th argument is of type:`;
			return setKeys(requireArray(value, 5887502, refusal), env);
		});
		return rest.every((keys) => keys.size === first.size && [...keys].every((key) => first.has(key)));
	}, 2),
	$setIsSubset: binary((a, b, env, name) => {
		const [part, whole] = pairOfSets(a, b, [17046, 17042], name);
		const keys = setKeys(whole, env);
		return [...setKeys(part, env)].every((key) => keys.has(key));
	}),
	$anyElementTrue: unary((...given) => elementsOf(17041)(...given).some(isTruthy)),
	$allElementsTrue: unary((...given) => elementsOf(17040)(...given).every(isTruthy))
};
