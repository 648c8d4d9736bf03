/** Checks an index specification and brings it into the form `listIndexes` shows. */
import { int32, typeName } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { compileCollation } from '../language/collation.ts';
import { badValue, storeError, typeMismatch } from '../language/errors.ts';
import { compileFilter } from '../language/filter.ts';
import type { FilterNode } from '../language/filter.ts';
import { show } from '../language/show.ts';
import { completeCollation } from './collation.ts';
import { isTrue, toNumber } from './description.ts';

const KNOWN = new Set([
	'v',
	'key',
	'name',
	'ns',
	'background',
	'unique',
	'sparse',
	'hidden',
	'partialFilterExpression',
	'expireAfterSeconds',
	'collation',
	'storageEngine',
	'dropDups',
	'prepareUnique'
]);
const REFUSED = new Set([
	'weights',
	'default_language',
	'language_override',
	'textIndexVersion',
	'2dsphereIndexVersion',
	'bits',
	'min',
	'max',
	'bucketSize',
	'wildcardProjection',
	'clustered'
]);
/** What MongoDB has besides, and this server has not. */
const PLUGINS = new Set(['text', '2d', '2dsphere']);
const ID_INDEX = new Set(['key', 'name', 'v', 'ns', 'collation']);
const MAX_FIELDS = 32;

function cannot(message: string): Error {
	return storeError('CannotCreateIndex', message);
}

export function hashesNotUnique(): Error {
	return storeError(16764, 'Currently hashed indexes cannot guarantee uniqueness. Use a regular index.');
}

function checkKey(key: Value | undefined): Doc {
	if (key === undefined) {
		throw storeError('FailedToParse', "The 'key' field is a required property of an index specification");
	}
	if (!(key instanceof Map)) throw typeMismatch(`The field 'key' must be an object, but got ${typeName(key)}`);
	if (key.size === 0) throw cannot('Index keys cannot be an empty object');
	if (key.size > MAX_FIELDS) throw storeError(13103, 'too many compound keys');
	for (const [field, value] of key) {
		if (field === '') throw cannot('Index keys cannot be an empty field.');
		if (field === '$**' || field.endsWith('.$**')) throw cannot('wildcard indexes are not offered by this server');
		if (field.split('.').some((part) => part === '')) {
			throw cannot('Index key contains an illegal field name: empty part.');
		}
		if (field.split('.').some((part) => part.startsWith('$') && !['$ref', '$id', '$db'].includes(part))) {
			throw cannot(`Index key contains an illegal field name: field name starts with '$'.`);
		}
		if (value === 'hashed') continue;
		if (typeof value === 'string') {
			const real = PLUGINS.has(value) ? ': text and geospatial indexes are not offered by this server' : '';
			throw cannot(`Unknown index plugin '${value}'${real}`);
		}
		const number = toNumber(value);
		if (number === undefined) {
			throw cannot(
				`Values in v:2 index key pattern cannot be of type ${typeName(value)}. Only numbers > 0, numbers < 0, and strings are allowed.`
			);
		}
		if (number === 0 || Number.isNaN(number)) throw cannot('Values in the index key pattern cannot be 0.');
	}
	const hashed = [...key.values()].filter((value) => value === 'hashed').length;
	if (hashed > 1) {
		throw storeError(31303, `A maximum of one index field is allowed to be hashed but found ${hashed} for 'key' ${show(key)}`);
	}
	return key;
}

/** Only what can be decided from one document without doubt may decide what an index holds. */
function checkPartial(filter: Value): void {
	if (!(filter instanceof Map)) throw typeMismatch("The field 'partialFilterExpression' must be an object");
	const allowed = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$in', '$type', '$exists']);
	const check = (node: FilterNode): void => {
		if (node.kind === 'and' || node.kind === 'or') node.children.forEach(check);
		else if (node.kind !== 'path' || !allowed.has(node.operator)) {
			throw cannot(
				`unsupported expression in partial index: ${node.kind === 'path' ? node.operator : node.kind}`
			);
		}
	};
	check(compileFilter(filter).tree);
}

const showCollation = (collation: Value | undefined): string =>
	compileCollation(collation) ? show(completeCollation(collation as Doc)) : '';

/** The index on `_id` is as it is: it takes no options but the collection's collation. */
function checkIdSpec(given: Doc, inherited: Value | undefined): void {
	if (isTrue(given.get('hidden'))) throw badValue("Can't hide _id index");
	for (const field of given.keys()) {
		if (ID_INDEX.has(field)) continue;
		throw storeError(
			'InvalidIndexSpecificationOption',
			`The field '${field}' is not valid for an _id index specification. Specification: ${show(given)}`
		);
	}
	const collation = given.get('collation');
	if (collation !== undefined && showCollation(collation) !== showCollation(inherited)) {
		throw cannot('_id index must have the collection default collation');
	}
}

/** For `ignoreUnknownIndexOptions`: what no index has is left out; what others have and this server has not stays. */
export function withoutUnknown(given: Doc): Doc {
	return new Map([...given].filter(([field]) => KNOWN.has(field) || REFUSED.has(field)));
}

/** `inherited` is the collection's collation, for indexes that name none. */
export function normalizeSpec(given: Doc, inherited?: Value): Doc {
	for (const field of given.keys()) {
		if (REFUSED.has(field)) throw cannot(`the index option '${field}' is not offered by this server`);
		if (!KNOWN.has(field)) {
			throw storeError(
				'InvalidIndexSpecificationOption',
				`The field '${field}' is not valid for an index specification.`
			);
		}
	}
	const key = checkKey(given.get('key'));
	const name = given.get('name');
	if (name === undefined) {
		throw storeError('FailedToParse', "The 'name' field is a required property of an index specification");
	}
	if (typeof name !== 'string') throw typeMismatch("The field 'name' must be a string");
	if (name === '') throw cannot('index name cannot be empty');
	// It stands for all indexes where they are dropped.
	if (name === '*') throw badValue("The index name '*' is not valid.");
	// Every collection has this one, always ascending.
	const onlyId = key.size === 1 && Math.abs(Math.trunc(toNumber(key.get('_id')) ?? 0)) === 1;
	if (onlyId) checkIdSpec(given, inherited);
	else if (name === '_id_') {
		throw badValue(
			`The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}, found ${show(key)}`
		);
	}
	const spec: Doc = new Map<string, Value>([
		['v', int32(2)],
		['key', onlyId ? new Map([['_id', int32(1)]]) : key],
		['name', onlyId ? '_id_' : name]
	]);
	for (const option of ['unique', 'sparse', 'hidden', 'prepareUnique'] as const) {
		const value = given.get(option);
		if (value === undefined) continue;
		if (typeof value !== 'boolean' && toNumber(value) === undefined) {
			throw typeMismatch(
				`The field '${option}' has value of type ${typeName(value)}, which is not convertible to bool`
			);
		}
		if (isTrue(value)) spec.set(option, true);
	}
	if ((spec.has('unique') || spec.has('prepareUnique')) && [...key.values()].includes('hashed')) throw hashesNotUnique();
	const partial = given.get('partialFilterExpression');
	if (partial !== undefined) {
		if (spec.has('sparse')) throw cannot("cannot mix 'partialFilterExpression' and 'sparse' options");
		checkPartial(partial);
		spec.set('partialFilterExpression', partial);
	}
	const expire = given.get('expireAfterSeconds');
	if (expire !== undefined) {
		const seconds = toNumber(expire);
		if (seconds === undefined) throw cannot('TTL index \'expireAfterSeconds\' option must be numeric');
		if (seconds < 0 || seconds > 0x7fffffff) {
			throw cannot("TTL index 'expireAfterSeconds' option must be within an acceptable range");
		}
		if (key.size !== 1) throw cannot('TTL indexes are single-field indexes, compound indexes do not support TTL');
		spec.set('expireAfterSeconds', int32(Math.trunc(seconds)));
	}
	// Shown, as MongoDB does, though every index is built while others read and write.
	const background = given.get('background');
	if (background !== undefined) spec.set('background', background);
	const collation = given.get('collation') ?? inherited;
	if (!onlyId && collation !== undefined && compileCollation(collation)) spec.set('collation', completeCollation(collation as Doc));
	return spec;
}
