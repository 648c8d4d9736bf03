/** Checks an index specification and brings it into the form `listIndexes` shows. */
import { encodedSize } from '../bson/codec.ts';
import { int32, typeName } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { compileCollation } from '../language/collation.ts';
import { badValue, inContext, storeError, typeMismatch } from '../language/errors.ts';
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
/** All that the index on `_id` may be given. */
const KNOWN_OF_ID = new Set(['v', 'key', 'name', 'ns', 'collation']);
/** What MongoDB has besides, and this server has not. */
const PLUGINS = new Set(['text', '2d', '2dsphere']);
const MAX_FIELDS = 32;
const MAX_KEY_SIZE = 2048;

function cannot(message: string): Error {
	return storeError('CannotCreateIndex', message);
}

export function hashesNotUnique(): Error {
	return storeError(16764, 'Currently hashed indexes cannot guarantee uniqueness. Use a regular index.');
}

function checkField(field: string, value: Value): void {
	if (field === '') throw cannot('Index keys cannot be an empty field.');
	if (field === '$**' || field.endsWith('.$**')) throw cannot('wildcard indexes are not offered by this server');
	const number = toNumber(value);
	if (typeof value === 'string' && value !== 'hashed') {
		if (value === '') throw cannot('Values in the index key pattern cannot be empty strings');
		const offer = PLUGINS.has(value) ? ': text and geospatial indexes are not offered by this server' : '';
		throw cannot(`Unknown index plugin '${value}'${offer}`);
	}
	if (number === undefined && value !== 'hashed') {
		throw cannot(
			`Values in v:2 index key pattern cannot be of type ${typeName(value)}. Only numbers > 0, numbers < 0, and strings are allowed.`
		);
	}
	if (number !== undefined && Number.isNaN(number)) throw cannot('Values in the index key pattern cannot be NaN.');
	if (number === 0) throw cannot('Values in the index key pattern cannot be 0.');
	for (const [at, part] of field.split('.').entries()) {
		if (part === '') throw cannot('Index keys cannot contain an empty field.');
		// These may be fields of a DBRef.
		if (part.startsWith('$') && (at === 0 || !['$ref', '$id', '$db'].includes(part))) {
			throw cannot("Index key contains an illegal field name: field name starts with '$'.");
		}
	}
}

function checkKey(key: Value): void {
	if (!(key instanceof Map)) throw typeMismatch(`The field 'key' must be an object, but got ${typeName(key)}`);
	if (encodedSize(key) > MAX_KEY_SIZE) throw cannot('Index key pattern too large.');
	if (key.size === 0) throw cannot('Index keys cannot be empty.');
	for (const [field, value] of key) checkField(field, value);
}

function checkVersion(version: Value, given: Doc): void {
	const number = toNumber(version);
	if (number === undefined) throw typeMismatch(`The field 'v' must be a number, but got ${typeName(version)}`);
	if (number !== 1 && number !== 2) {
		throw cannot(`Invalid index specification ${show(given)}; cannot create an index with v=${number}`);
	}
}

function checkFlag(option: string, value: Value): void {
	if (typeof value === 'boolean' || toNumber(value) !== undefined) return;
	throw typeMismatch(`The field '${option} has value ${option}: ${show(value)}, which is not convertible to bool`);
}

function checkObject(option: string, value: Value): void {
	if (!(value instanceof Map)) throw typeMismatch(`The field '${option}' must be an object, but got ${typeName(value)}`);
}

/** What is wrong with one option, whatever the others are. */
const CHECKS: Record<string, (value: Value, given: Doc) => void> = {
	key: checkKey,
	name(value) {
		if (typeof value !== 'string') throw typeMismatch(`The field 'name' must be a string, but got ${typeName(value)}`);
	},
	v: checkVersion,
	hidden(value) {
		// The name of the other field is MongoDB's.
		if (typeof value !== 'boolean') throw typeMismatch(`The field 'name' must be a bool, but got ${typeName(value)}`);
	},
	collation(value) {
		checkObject('collation', value);
		if ((value as Doc).size === 0) throw badValue("The field 'collation' cannot be an empty object.");
	},
	partialFilterExpression(value) {
		checkObject('partialFilterExpression', value);
		compileFilter(value as Doc);
	},
	background: (value) => checkFlag('background', value),
	unique: (value) => checkFlag('unique', value),
	sparse: (value) => checkFlag('sparse', value),
	dropDups: (value) => checkFlag('dropDups', value),
	prepareUnique: (value) => checkFlag('prepareUnique', value)
};

function checkForm(given: Doc): void {
	for (const field of given.keys()) {
		if (REFUSED.has(field)) throw cannot(`the index option '${field}' is not offered by this server`);
		if (!KNOWN.has(field)) {
			throw storeError(
				'InvalidIndexSpecificationOption',
				`The field '${field}' is not valid for an index specification. Specification: ${show(given)}`
			);
		}
	}
	for (const [field, value] of given) CHECKS[field]?.(value, given);
	for (const field of ['key', 'name']) {
		if (given.has(field)) continue;
		throw storeError('FailedToParse', `The '${field}' field is a required property of an index specification`);
	}
	if (isTrue(given.get('unique')) && isTrue(given.get('prepareUnique'))) {
		throw cannot(
			`Invalid index specification ${show(given)}; cannot create an index with the 'unique' option and the 'prepareUnique' option`
		);
	}
}

const showCollation = (collation: Value | undefined): string =>
	compileCollation(collation) ? show(completeCollation(collation as Doc)) : '';

/** The index on `_id` is what it is; other indexes must not pass for it, or for all of them. */
function checkName(given: Doc, versioned: Doc, inherited: Value | undefined): boolean {
	const key = given.get('key') as Doc;
	const direction = key.size === 1 ? toNumber(key.get('_id')) : undefined;
	const onlyId = direction !== undefined && Math.abs(Math.trunc(direction)) === 1;
	if (!onlyId) {
		if (given.get('name') === '_id_') {
			throw badValue(
				`The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}, found ${show(key)}`
			);
		}
		if (given.get('name') === '*') throw badValue("The index name '*' is not valid.");
		return false;
	}
	for (const field of given.keys()) {
		if (KNOWN_OF_ID.has(field)) continue;
		throw storeError(
			'InvalidIndexSpecificationOption',
			`The field '${field}' is not valid for an _id index specification. Specification: ${show(versioned)}`
		);
	}
	if (direction !== 1) {
		throw badValue(`The field 'key' for an _id index must be {_id: 1}, but got ${show(key)}`);
	}
	const collation = given.get('collation');
	if (collation !== undefined && showCollation(collation) !== showCollation(inherited)) {
		throw cannot('_id index must have the collection default collation');
	}
	return true;
}

function checkExpiry(given: Doc): void {
	const expire = given.get('expireAfterSeconds');
	if (expire === undefined) return;
	const option = "TTL index 'expireAfterSeconds'";
	const seconds = toNumber(expire);
	const refuse = (what: string) => inContext(`. Index spec: ${show(given)}`, cannot(`${option} ${what}`));
	if (seconds === undefined) throw refuse(`option must be numeric, but received a type of '${typeName(expire)}`);
	if (Number.isNaN(seconds)) throw refuse('option must not be NaN');
	if (Math.abs(seconds) > 0x7fffffff) throw refuse('must be within the range of a 32-bit integer');
	if (seconds < 0) throw refuse('option cannot be less than 0');
	if ((given.get('key') as Doc).size !== 1) {
		throw cannot(
			`TTL indexes are single-field indexes, compound indexes do not support TTL. Index spec: ${show(given)}`
		);
	}
}

/** Only what can be decided from one document without doubt may decide what an index holds. */
function checkPartial(filter: Value): void {
	const allowed = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$in', '$type', '$exists']);
	const check = (node: FilterNode): void => {
		if (node.kind === 'and' || node.kind === 'or') node.children.forEach(check);
		else if (node.kind !== 'path' || !allowed.has(node.operator)) {
			throw cannot(
				`unsupported expression in partial index: ${node.kind === 'path' ? node.operator : node.kind}`
			);
		}
	};
	check(compileFilter(filter as Doc).tree);
}

/** What only a whole index can be wrong with. */
function checkWhole(given: Doc): void {
	if (given.get('name') === '') throw cannot('index name cannot be empty');
	if ((given.get('key') as Doc).size > MAX_FIELDS) throw storeError(13103, 'too many compound keys');
	const partial = given.get('partialFilterExpression');
	if (partial === undefined) return;
	if (isTrue(given.get('sparse'))) throw cannot('cannot mix "partialFilterExpression" and "sparse" options');
	checkPartial(partial);
}

function checkHashed(given: Doc): void {
	const key = given.get('key') as Doc;
	const hashed = [...key.values()].filter((value) => value === 'hashed').length;
	if (hashed > 1) {
		throw storeError(31303, `A maximum of one index field is allowed to be hashed but found ${hashed} for 'key' ${show(key)}`);
	}
	if (hashed === 1 && (isTrue(given.get('unique')) || isTrue(given.get('prepareUnique')))) throw hashesNotUnique();
}

function within(spec: Doc, check: () => void): void {
	try {
		check();
	} catch (error) {
		throw inContext(`Error in specification ${show(spec)}`, error);
	}
}

/** For `ignoreUnknownIndexOptions`: what no index has is left out; what others have and this server has not stays. */
export function withoutUnknown(given: Doc): Doc {
	return new Map([...given].filter(([field]) => KNOWN.has(field) || REFUSED.has(field)));
}

/** `inherited` is the collection's collation, for indexes that name none. */
export function normalizeSpec(given: Doc, inherited?: Value): Doc {
	within(given, () => checkForm(given));
	const versioned = given.has('v') ? given : new Map(given).set('v', int32(2));
	const onlyId = checkName(given, versioned, inherited);
	checkExpiry(given);
	within(versioned, () => checkWhole(given));
	checkHashed(given);
	const spec: Doc = new Map<string, Value>([
		['v', int32(toNumber(given.get('v')) ?? 2)],
		['key', given.get('key') as Doc],
		['name', onlyId ? '_id_' : (given.get('name') as string)]
	]);
	for (const option of ['unique', 'hidden', 'prepareUnique'] as const) {
		if (isTrue(given.get(option))) spec.set(option, true);
	}
	if (given.has('sparse')) spec.set('sparse', isTrue(given.get('sparse')));
	const partial = given.get('partialFilterExpression');
	if (partial !== undefined) spec.set('partialFilterExpression', partial);
	const expire = toNumber(given.get('expireAfterSeconds'));
	if (expire !== undefined) spec.set('expireAfterSeconds', int32(Math.trunc(expire)));
	// Shown, as MongoDB does, though every index is built while others read and write.
	const background = given.get('background');
	if (background !== undefined) spec.set('background', background);
	const collation = given.get('collation') ?? inherited;
	if (!onlyId && collation !== undefined && compileCollation(collation)) spec.set('collation', completeCollation(collation as Doc));
	return spec;
}
