import { isDoc, typeName } from '../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../bson/values.ts';
import type { Collation } from '../collation.ts';
import { canonicalKey, compareValues, equalValues } from '../compare.ts';
import { badValue, failedToParse, typeMismatch } from '../errors.ts';
import { compileElementTest } from '../filter.ts';
import { toSafeInteger } from '../numbers.ts';
import { show } from '../show.ts';
import { compileSort } from '../sort.ts';
import type { OperationParser } from './operation.ts';
import { idOf } from './operation.ts';

/** `$push` and `$addToSet` take one value or `{$each: [...]}` with modifiers. */
function each(operator: string, operand: Value, modifiers: string[]): { items: Value[]; spec: Doc | undefined } {
	if (!isDoc(operand) || !operand.has('$each')) return { items: [operand], spec: undefined };
	const items = operand.get('$each');
	if (!Array.isArray(items)) {
		throw operator === '$push'
			? badValue(`The argument to $each in $push must be an array but it was of type: ${typeName(items)}`)
			: typeMismatch(`The argument to $each in ${operator} must be an array but it was of type ${typeName(items)}`);
	}
	for (const name of operand.keys()) {
		if (name !== '$each' && !modifiers.includes(name)) {
			throw badValue(
				operator === '$push'
					? `Unrecognized clause in $push: ${name}`
					: `Found unexpected fields after $each in ${operator}: ${show(operand)}`
			);
		}
	}
	return { items, spec: operand };
}

function wholeNumber(value: Value, clause: string): number {
	const number = toSafeInteger(value);
	if (number === null) {
		const given = clause === '$position' ? ', not of type:' : ' but was given type:';
		throw badValue(`The value for ${clause} must be an integer value${given} ${typeName(value)}`);
	}
	return number;
}

function pushSort(
	spec: Value | undefined,
	collation: Collation | undefined
): ((a: Value, b: Value) => number) | undefined {
	if (spec === undefined) return undefined;
	if (isDoc(spec)) {
		if (spec.size === 0) throw badValue('The $sort pattern is empty when it should be a set of fields.');
		for (const [path, direction] of spec) {
			const sign = toSafeInteger(direction);
			if (sign !== 1 && sign !== -1) throw badValue('The $sort element value must be either 1 or -1');
			if (path === '' || path.split('.').includes(''))
				throw badValue(`The $sort field is a dotted field but has an empty part: ${path}`);
		}
		const sort = compileSort(spec, collation);
		const wrap = (value: Value): Doc => (isDoc(value) ? value : new Map());
		return (a, b) => sort.compare(wrap(a), wrap(b));
	}
	const sign = toSafeInteger(spec);
	if (sign !== 1 && sign !== -1) {
		throw badValue('The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields');
	}
	return (a, b) => compareValues(a, b, collation) * sign;
}

const push: OperationParser = (operand, path, { collation }) => {
	const { items, spec } = each('$push', operand, ['$slice', '$sort', '$position']);
	const clause = (name: string) => {
		const value = spec?.get(name);
		return value === undefined ? undefined : wholeNumber(value, name);
	};
	const slice = clause('$slice');
	const position = clause('$position');
	const sort = pushSort(spec?.get('$sort'), collation);
	return {
		apply(existing, context) {
			if (existing !== undefined && !Array.isArray(existing)) {
				throw badValue(
					`The field '${path}' must be an array but is of type ${typeName(existing)} in document {_id: ${show(idOf(context))}}`
				);
			}
			let made = [...(existing ?? [])];
			const length = made.length;
			const at =
				position === undefined ? length : position < 0 ? Math.max(0, length + position) : Math.min(position, length);
			made.splice(at, 0, ...items);
			if (sort) made.sort(sort);
			if (slice !== undefined) made = slice >= 0 ? made.slice(0, slice) : made.slice(slice);
			return made;
		}
	};
};

const addToSet: OperationParser = (operand, path, { collation }) => {
	const { items } = each('$addToSet', operand, []);
	return {
		apply(existing) {
			if (existing !== undefined && !Array.isArray(existing)) {
				throw badValue(
					`Cannot apply $addToSet to non-array field. Field named '${path.split('.').at(-1)}' has non-array type ${typeName(existing)}`
				);
			}
			const known = new Set((existing ?? []).map((item) => canonicalKey(item, collation)));
			const added: Value[] = [];
			for (const item of items) {
				const key = canonicalKey(item, collation);
				if (known.has(key)) continue;
				known.add(key);
				added.push(item);
			}
			return existing && added.length === 0 ? existing : [...(existing ?? []), ...added];
		}
	};
};

const pop: OperationParser = (operand, path) => {
	const end = toSafeInteger(operand);
	if (end === null) throw failedToParse(`Expected a number in: ${path}: ${show(operand)}`);
	if (end !== 1 && end !== -1) throw failedToParse(`$pop expects 1 or -1, found: ${show(operand)}`);
	return {
		lenient: true,
		apply(existing) {
			if (existing === undefined) return undefined;
			if (!Array.isArray(existing)) {
				throw typeMismatch(`Path '${path}' contains an element of non-array type '${typeName(existing)}'`);
			}
			if (existing.length === 0) return existing;
			return end === 1 ? existing.slice(0, -1) : existing.slice(1);
		}
	};
};

function without(existing: Maybe, matches: (item: Value) => boolean): Maybe {
	if (existing === undefined) return undefined;
	if (!Array.isArray(existing)) throw badValue('Cannot apply $pull to a non-array value');
	const kept = existing.filter((item) => !matches(item));
	return kept.length === existing.length ? existing : kept;
}

const pull: OperationParser = (operand, _path, options) => {
	const test = compileElementTest(operand, options);
	return { lenient: true, apply: (existing) => without(existing, test) };
};

const pullAll: OperationParser = (operand, _path, { collation }) => {
	if (!Array.isArray(operand))
		throw badValue(`$pullAll requires an array argument but was given a ${typeName(operand)}`);
	const matches = (item: Value) => operand.some((unwanted) => equalValues(item, unwanted, collation));
	return { lenient: true, apply: (existing) => without(existing, matches) };
};

/** The operators that change arrays. */
export const ARRAY_OPERATORS: Record<string, OperationParser> = {
	$push: push,
	$addToSet: addToSet,
	$pop: pop,
	$pull: pull,
	$pullAll: pullAll
};
