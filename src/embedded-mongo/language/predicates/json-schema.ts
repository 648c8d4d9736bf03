import { isDoc, typeName, typeOf } from '../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../bson/values.ts';
import { canonicalKey, compareValues } from '../compare.ts';
import { failedToParse, typeMismatch } from '../errors.ts';
import { isNumeric, toDouble, toSafeInteger, toWhole } from '../numbers.ts';
import type { Test } from '../paths.ts';
import { typeSet } from './element.ts';
import { compileRegex } from './regex.ts';

/** One keyword of a schema; `schema` is the whole object it stands in. */
type Keyword = (operand: Value, schema: Doc) => Test | null;

const JSON_TYPES: Record<string, string[]> = {
	array: ['array'],
	boolean: ['bool'],
	null: ['null'],
	number: ['number'],
	object: ['object'],
	string: ['string']
};

function schemaOf(value: Value, keyword: string): Test {
	if (!isDoc(value))
		throw typeMismatch(
			`$jsonSchema keyword '${keyword}' must be an object, but found an element of type ${typeName(value)}`
		);
	return compile(value);
}

function schemasOf(value: Value, keyword: string): Test[] {
	if (!Array.isArray(value)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an array`);
	if (value.length === 0) throw failedToParse(`$jsonSchema keyword '${keyword}' must be a non-empty array`);
	return value.map((item) => schemaOf(item, keyword));
}

function mapOf(value: Value, keyword: string): Doc {
	if (!isDoc(value)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an object`);
	return value;
}

function count(value: Value, keyword: string): number {
	const number = toSafeInteger(value);
	if (number === null || number < 0)
		throw failedToParse(`$jsonSchema keyword '${keyword}' must be a non-negative integer`);
	return number;
}

function names(value: Value, keyword: string): string[] {
	if (!Array.isArray(value)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an array`);
	if (value.length === 0) throw failedToParse(`$jsonSchema keyword '${keyword}' cannot be an empty array`);
	return value.map((item) => {
		if (typeof item !== 'string') throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an array of strings`);
		return item;
	});
}

const onString =
	(test: (value: string) => boolean): Test =>
	(value) =>
		typeof value !== 'string' || test(value);
const onArray =
	(test: (value: Value[]) => boolean): Test =>
	(value) =>
		!Array.isArray(value) || test(value);
const onDoc =
	(test: (value: Doc) => boolean): Test =>
	(value) =>
		!isDoc(value) || test(value);

/** `minimum` and `maximum`, made exclusive by a boolean beside them. */
function bound(keyword: 'minimum' | 'maximum'): Keyword {
	const sign = keyword === 'minimum' ? 1 : -1;
	const partner = keyword === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum';
	return (operand, schema) => {
		if (!isNumeric(operand)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be a number`);
		const strict = schema.get(partner) === true;
		return (value) => {
			if (!isNumeric(value)) return true;
			const order = compareValues(value, operand) * sign;
			return order > 0 || (order === 0 && !strict);
		};
	};
}

function partnerOf(keyword: string): Keyword {
	return (operand, schema) => {
		const of = keyword === 'exclusiveMinimum' ? 'minimum' : 'maximum';
		if (typeof operand !== 'boolean') throw typeMismatch(`$jsonSchema keyword '${keyword}' must be a boolean`);
		if (!schema.has(of)) throw failedToParse(`$jsonSchema keyword '${of}' must be a present if ${keyword} is present`);
		return null;
	};
}

function isMultiple(value: Value, divisor: Value): boolean {
	if (!isNumeric(value) || !isNumeric(divisor)) return true;
	const [whole, by] = [toWhole(value), toWhole(divisor)];
	return whole !== null && by !== null ? whole % by === 0n : toDouble(value) % toDouble(divisor) === 0;
}

function additionalProperties(operand: Value, schema: Doc): Test {
	const known = schema.get('properties');
	const patterns = schema.get('patternProperties');
	const regexes = isDoc(patterns) ? [...patterns.keys()].map((pattern) => compileRegex(pattern, '')) : [];
	const rest: Test = typeof operand === 'boolean' ? () => operand : schemaOf(operand, 'additionalProperties');
	return onDoc((doc) => {
		for (const [name, value] of doc) {
			if ((isDoc(known) && known.has(name)) || regexes.some((regex) => regex.test(name))) continue;
			if (!rest(value)) return false;
		}
		return true;
	});
}

function items(operand: Value): Test {
	if (!Array.isArray(operand)) {
		const each = schemaOf(operand, 'items');
		return onArray((list) => list.every(each));
	}
	const tests = operand.map((item) => schemaOf(item, 'items'));
	return onArray((list) => tests.every((test, index) => index >= list.length || test(list[index])));
}

function dependencies(operand: Value): Test {
	const tests = Array.from(mapOf(operand, 'dependencies'), ([name, need]): [string, Test] => [
		name,
		Array.isArray(need) ? required(need) : schemaOf(need, 'dependencies')
	]);
	return onDoc((doc) => tests.every(([name, test]) => !doc.has(name) || test(doc)));
}

function required(operand: Value): Test {
	const wanted = names(operand, 'required');
	return onDoc((doc) => wanted.every((name) => doc.has(name)));
}

function typeKeyword(operand: Value, aliases: (name: string) => string[]): Test {
	const given = Array.isArray(operand) ? operand : [operand];
	const wanted = typeSet(
		given.flatMap((name) => {
			if (typeof name !== 'string')
				throw typeMismatch("$jsonSchema keyword 'type' must be either a string or an array of strings");
			return aliases(name);
		})
	);
	return (value) => wanted.has(typeOf(value));
}

const NOTHING: Keyword = (operand) => {
	if (typeof operand !== 'string') throw typeMismatch('$jsonSchema titles and descriptions must be strings');
	return null;
};

const KEYWORDS: Record<string, Keyword> = {
	bsonType: (operand) => typeKeyword(operand, (name) => [name]),
	type: (operand) =>
		typeKeyword(operand, (name) => {
			const types = Object.hasOwn(JSON_TYPES, name) ? JSON_TYPES[name] : undefined;
			if (!types) throw failedToParse(`Unknown type name alias: ${name}`);
			return types;
		}),
	enum(operand) {
		if (!Array.isArray(operand)) throw typeMismatch("$jsonSchema keyword 'enum' must be an array");
		if (operand.length === 0) throw failedToParse("$jsonSchema keyword 'enum' cannot be an empty array");
		const keys = new Set(operand.map((item) => canonicalKey(item)));
		return (value) => keys.has(canonicalKey(value));
	},
	required: (operand) => required(operand),
	properties(operand) {
		const tests = Array.from(mapOf(operand, 'properties'), ([name, schema]): [string, Test] => [
			name,
			schemaOf(schema, 'properties')
		]);
		return onDoc((doc) => tests.every(([name, test]) => !doc.has(name) || test(doc.get(name))));
	},
	patternProperties(operand) {
		const tests = Array.from(mapOf(operand, 'patternProperties'), ([pattern, schema]): [RegExp, Test] => [
			compileRegex(pattern, ''),
			schemaOf(schema, 'patternProperties')
		]);
		return onDoc((doc) =>
			[...doc].every(([name, value]) => tests.every(([regex, test]) => !regex.test(name) || test(value)))
		);
	},
	additionalProperties,
	items: (operand) => items(operand),
	additionalItems(operand, schema) {
		const first = schema.get('items');
		const from = Array.isArray(first) ? first.length : Infinity;
		const rest: Test = typeof operand === 'boolean' ? () => operand : schemaOf(operand, 'additionalItems');
		return onArray((list) => list.slice(from).every(rest));
	},
	minItems: (operand) => {
		const least = count(operand, 'minItems');
		return onArray((list) => list.length >= least);
	},
	maxItems: (operand) => {
		const most = count(operand, 'maxItems');
		return onArray((list) => list.length <= most);
	},
	uniqueItems(operand) {
		if (typeof operand !== 'boolean') throw typeMismatch("$jsonSchema keyword 'uniqueItems' must be a boolean");
		return operand ? onArray((list) => new Set(list.map((item) => canonicalKey(item))).size === list.length) : null;
	},
	minimum: bound('minimum'),
	maximum: bound('maximum'),
	exclusiveMinimum: partnerOf('exclusiveMinimum'),
	exclusiveMaximum: partnerOf('exclusiveMaximum'),
	multipleOf(operand) {
		if (!isNumeric(operand) || !(toDouble(operand) > 0))
			throw failedToParse("$jsonSchema keyword 'multipleOf' must be a positive number");
		return (value) => value === undefined || isMultiple(value, operand);
	},
	minLength: (operand) => {
		const least = count(operand, 'minLength');
		return onString((text) => [...text].length >= least);
	},
	maxLength: (operand) => {
		const most = count(operand, 'maxLength');
		return onString((text) => [...text].length <= most);
	},
	pattern(operand) {
		if (typeof operand !== 'string') throw typeMismatch("$jsonSchema keyword 'pattern' must be a string");
		const regex = compileRegex(operand, '');
		return onString((text) => regex.test(text));
	},
	minProperties: (operand) => {
		const least = count(operand, 'minProperties');
		return onDoc((doc) => doc.size >= least);
	},
	maxProperties: (operand) => {
		const most = count(operand, 'maxProperties');
		return onDoc((doc) => doc.size <= most);
	},
	dependencies: (operand) => dependencies(operand),
	allOf(operand) {
		const tests = schemasOf(operand, 'allOf');
		return (value) => tests.every((test) => test(value));
	},
	anyOf(operand) {
		const tests = schemasOf(operand, 'anyOf');
		return (value) => tests.some((test) => test(value));
	},
	oneOf(operand) {
		const tests = schemasOf(operand, 'oneOf');
		return (value) => tests.filter((test) => test(value)).length === 1;
	},
	not(operand) {
		const test = schemaOf(operand, 'not');
		return (value) => !test(value);
	},
	title: NOTHING,
	description: NOTHING
};

const UNSUPPORTED = ['$ref', '$schema', 'default', 'definitions', 'format', 'id'];

/** One keyword of a schema that says something of values. */
export type SchemaRule = { keyword: string; operand: Value; test: Test };

/** The rules of a schema, in the order of its keywords. Throws for keywords that are malformed or unknown. */
export function schemaRules(schema: Doc): SchemaRule[] {
	const rules: SchemaRule[] = [];
	for (const [keyword, operand] of schema) {
		const compileKeyword = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
		if (!compileKeyword) {
			throw failedToParse(
				UNSUPPORTED.includes(keyword)
					? `$jsonSchema keyword '${keyword}' is not currently supported`
					: `Unknown $jsonSchema keyword: ${keyword}`
			);
		}
		const test = compileKeyword(operand, schema);
		if (test) rules.push({ keyword, operand, test });
	}
	if (schema.has('type') && schema.has('bsonType')) {
		throw failedToParse("Cannot specify both $jsonSchema keywords 'type' and 'bsonType'");
	}
	return rules;
}

function compile(schema: Doc): Test {
	const tests = schemaRules(schema).map(({ test }) => test);
	return (value: Maybe) => tests.every((test) => test(value));
}

/** Compiles MongoDB's dialect of JSON Schema (draft 4 with `bsonType`) into a predicate on documents. */
export function compileSchema(schema: Doc): (doc: Doc) => boolean {
	return compile(schema);
}
