/** Why a value does not satisfy a JSON schema, in the form MongoDB reports it (`schemaRulesNotSatisfied`). */
import { int32, isDoc, typeName } from '../bson/values.ts';
import type { Doc, Maybe, Value } from '../bson/values.ts';
import { canonicalKey } from './compare.ts';
import { compileRegex } from './predicates/regex.ts';
import { schemaRules } from './predicates/json-schema.ts';
import type { SchemaRule } from './predicates/json-schema.ts';

const entries = (...list: [string, Value][]): Doc => new Map(list);

/** The order in which rules are reported: those of values, of arrays, of objects, and of other schemas. */
const ORDER = [
	'bsonType', 'type', 'multipleOf', 'maximum', 'minimum', 'maxLength', 'minLength', 'pattern',
	'maxItems', 'minItems', 'uniqueItems', 'items', 'additionalItems',
	'properties', 'patternProperties', 'additionalProperties', 'required', 'minProperties', 'maxProperties', 'dependencies',
	'allOf', 'anyOf', 'oneOf', 'not', 'enum'
];

const REASONS: Record<string, string> = {
	bsonType: 'type did not match',
	type: 'type did not match',
	multipleOf: 'considered value is not a multiple of the specified value',
	maximum: 'comparison failed',
	minimum: 'comparison failed',
	maxLength: 'specified string length was not satisfied',
	minLength: 'specified string length was not satisfied',
	pattern: 'regular expression did not match',
	maxItems: 'array did not match specified length',
	minItems: 'array did not match specified length',
	uniqueItems: 'found a duplicate item',
	additionalItems: 'found additional items',
	minProperties: 'specified number of properties was not satisfied',
	maxProperties: 'specified number of properties was not satisfied',
	not: 'child expression matched',
	enum: 'value was not found in enum'
};

/** `title` and `description`, which people write to explain a rule to those who break it. */
function words(schema: Value | undefined): [string, Value][] {
	if (!isDoc(schema)) return [];
	return ['title', 'description'].flatMap((name): [string, Value][] => {
		const text = schema.get(name);
		return text === undefined ? [] : [[name, text]];
	});
}

/** The rules of a schema a value breaks; none if it satisfies them. */
export function schemaFailures(schema: Doc, value: Maybe): Doc[] {
	return schemaRules(schema)
		.filter(({ test }) => !test(value))
		.sort((a, b) => ORDER.indexOf(a.keyword) - ORDER.indexOf(b.keyword))
		.map((rule) => ruleFailure(rule, schema, value));
}

/** `details` of a `$jsonSchema` that is not satisfied. */
export function schemaDetails(schema: Doc, value: Doc): Doc {
	return entries(
		['operatorName', '$jsonSchema'],
		...words(schema),
		['schemaRulesNotSatisfied', schemaFailures(schema, value)]
	);
}

function ruleFailure(rule: SchemaRule, schema: Doc, value: Maybe): Doc {
	const { keyword } = rule;
	const named: [string, Value] = ['operatorName', keyword];
	if (isDoc(value)) {
		const of = objectFailure(rule, schema, value);
		if (of) return entries(named, ...of);
	}
	if (Array.isArray(value)) {
		const of = arrayFailure(rule, schema, value);
		if (of) return entries(named, ...of);
	}
	const several = combined(rule, value);
	if (several) return entries(named, ...several);
	const shown = entries(named, specifiedAs(rule, schema), ['reason', REASONS[keyword] ?? 'rule was not satisfied']);
	if (value !== undefined) shown.set('consideredValue', value);
	if (keyword === 'bsonType' || keyword === 'type') shown.set('consideredType', typeName(value));
	if (isDoc(value) && /Properties$/.test(keyword)) shown.set('numberOfProperties', int32(value.size));
	if (Array.isArray(value) && keyword === 'uniqueItems') shown.set('duplicatedValue', duplicate(value) ?? null);
	return shown;
}

/** What the schema says; a bound with whether it is exclusive. */
function specifiedAs({ keyword, operand }: SchemaRule, schema: Doc): [string, Value] {
	const said = entries([keyword, operand]);
	const exclusive = keyword === 'minimum' ? 'exclusiveMinimum' : keyword === 'maximum' ? 'exclusiveMaximum' : undefined;
	const given = exclusive === undefined ? undefined : schema.get(exclusive);
	if (exclusive !== undefined && given !== undefined) said.set(exclusive, given);
	return ['specifiedAs', said];
}

function duplicate(items: Value[]): Value | undefined {
	const seen = new Set<string | number>();
	return items.find((item) => {
		const key = canonicalKey(item);
		if (seen.has(key)) return true;
		seen.add(key);
		return false;
	});
}

function objectFailure(rule: SchemaRule, schema: Doc, value: Doc): [string, Value][] | undefined {
	const { keyword, operand } = rule;
	switch (keyword) {
		case 'properties':
			return [['propertiesNotSatisfied', propertyFailures(operand as Doc, value)]];
		case 'required': {
			const missing = (operand as Value[]).filter((name) => !value.has(name as string));
			return [specifiedAs(rule, schema), ['missingProperties', missing]];
		}
		case 'patternProperties':
			return [['details', patternFailures(operand as Doc, value)]];
		case 'additionalProperties':
			return additionalFailure(rule, schema, value);
		case 'dependencies':
			return [['failingDependencies', dependencyFailures(operand as Doc, value)]];
		default:
			return undefined;
	}
}

function propertyFailures(properties: Doc, value: Doc): Doc[] {
	return [...properties].flatMap(([name, schema]) => {
		const details = value.has(name) && isDoc(schema) ? schemaFailures(schema, value.get(name)) : [];
		return details.length === 0 ? [] : [entries(['propertyName', name], ...words(schema), ['details', details])];
	});
}

function patternFailures(patterns: Doc, value: Doc): Doc[] {
	return [...patterns].flatMap(([pattern, schema]) => {
		const regex = compileRegex(pattern, '');
		return [...value].flatMap(([name, item]) => {
			const details = regex.test(name) && isDoc(schema) ? schemaFailures(schema, item) : [];
			if (details.length === 0) return [];
			return [entries(['propertyName', name], ...words(schema), ['regexMatched', pattern], ['details', details])];
		});
	});
}

function additionalFailure(rule: SchemaRule, schema: Doc, value: Doc): [string, Value][] {
	const known = schema.get('properties');
	const patterns = schema.get('patternProperties');
	const regexes = isDoc(patterns) ? [...patterns.keys()].map((pattern) => compileRegex(pattern, '')) : [];
	const others = [...value].filter(
		([name]) => !(isDoc(known) && known.has(name)) && !regexes.some((regex) => regex.test(name))
	);
	const { operand } = rule;
	if (!isDoc(operand)) return [specifiedAs(rule, schema), ['additionalProperties', others.map(([name]) => name)]];
	for (const [name, item] of others) {
		const details = schemaFailures(operand, item);
		if (details.length === 0) continue;
		return [
			['reason', 'at least one additional property did not match the subschema'],
			['failingProperty', name],
			['details', details]
		];
	}
	return [specifiedAs(rule, schema)];
}

function dependencyFailures(dependencies: Doc, value: Doc): Doc[] {
	return [...dependencies].flatMap(([name, need]) => {
		if (!value.has(name)) return [];
		if (Array.isArray(need)) {
			const missing = need.filter((item) => !value.has(item as string));
			return missing.length === 0 ? [] : [entries(['conditionalProperty', name], ['missingProperties', missing])];
		}
		const details = isDoc(need) ? schemaFailures(need, value) : [];
		return details.length === 0 ? [] : [entries(['conditionalProperty', name], ['details', details])];
	});
}

function arrayFailure({ keyword, operand }: SchemaRule, schema: Doc, value: Value[]): [string, Value][] | undefined {
	const first = schema.get('items');
	const from = keyword === 'additionalItems' ? (Array.isArray(first) ? first.length : value.length) : 0;
	if (keyword === 'additionalItems' && !isDoc(operand)) {
		return [
			['specifiedAs', entries([keyword, operand])],
			['reason', 'found additional items'],
			['additionalItems', value.slice(from)]
		];
	}
	if (keyword !== 'items' && keyword !== 'additionalItems') return undefined;
	for (let index = from; index < value.length; index++) {
		const each = Array.isArray(operand) ? operand[index] : operand;
		const details = isDoc(each) ? schemaFailures(each, value[index]) : [];
		if (details.length === 0) continue;
		return [
			['reason', 'At least one item did not match the sub-schema'],
			['itemIndex', int32(index)],
			['details', details]
		];
	}
	return undefined;
}

/** Rules made of several schemas. */
function combined({ keyword, operand }: SchemaRule, value: Maybe): [string, Value][] | undefined {
	if (!Array.isArray(operand) || !['allOf', 'anyOf', 'oneOf'].includes(keyword)) return undefined;
	const failures = operand.map((schema) => (isDoc(schema) ? schemaFailures(schema, value) : []));
	const matching = failures.flatMap((details, index) => (details.length === 0 ? [int32(index)] : []));
	if (keyword === 'oneOf' && matching.length > 1) {
		return [['reason', 'more than one subschema matched'], ['matchingSchemaIndexes', matching]];
	}
	const shown = failures.flatMap((details, index) =>
		details.length === 0 ? [] : [entries(['index', int32(index)], ...words(operand[index]), ['details', details])]
	);
	return [['schemasNotSatisfied', shown]];
}
