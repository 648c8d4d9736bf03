/** The options of a collection that `create` and `collMod` take: validation, clustering, change stream images. */
import { int32, Long, typeName } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { isTrue, toNumber } from '../indexes/description.ts';
import { badValue, storeError, typeMismatch } from '../language/errors.ts';
import { compileFilter } from '../language/filter.ts';
import type { Context } from './context.ts';
import { doc, optionalDoc, optionalString } from './context.ts';

const NOT_OFFERED: Record<string, string> = {
	capped: 'capped collections',
	timeseries: 'time-series collections',
	viewOn: 'views',
	encryptedFields: 'encrypted collections'
};

/** What collMod may name; some of it is refused, but not as unknown. */
export const MODIFY_FIELDS = [
	'index',
	'validator',
	'validationLevel',
	'validationAction',
	'viewOn',
	'pipeline',
	'changeStreamPreAndPostImages',
	'expireAfterSeconds',
	'timeseries',
	'cappedSize',
	'cappedMax',
	'dryRun'
];

export const CREATE_FIELDS = [
	'capped',
	'autoIndexId',
	'idIndex',
	'size',
	'max',
	'storageEngine',
	'validator',
	'validationLevel',
	'validationAction',
	'indexOptionDefaults',
	'viewOn',
	'pipeline',
	'collation',
	'timeseries',
	'clusteredIndex',
	'expireAfterSeconds',
	'changeStreamPreAndPostImages',
	'encryptedFields',
	'flags',
	'recordIdsReplicated'
];

function refuseNotOffered(context: Context): void {
	for (const [field, what] of Object.entries(NOT_OFFERED)) {
		const value = context.command.get(field);
		if (value !== undefined && value !== null && value !== false) {
			throw storeError('CommandNotSupported', `${what} are not offered by this server`);
		}
	}
}

function readValidation(context: Context, options: Doc): void {
	const validator = optionalDoc(context, 'validator');
	if (validator) {
		compileFilter(validator);
		options.set('validator', validator);
	}
	const level = optionalString(context, 'validationLevel');
	if (level !== undefined) {
		if (!['off', 'strict', 'moderate'].includes(level)) {
			throw badValue(`Enumeration value '${level}' for field 'validationLevel' is not a valid value.`);
		}
		options.set('validationLevel', level);
	}
	const action = optionalString(context, 'validationAction');
	if (action !== undefined) {
		if (!['error', 'warn'].includes(action)) {
			throw badValue(`Enumeration value '${action}' for field 'validationAction' is not a valid value.`);
		}
		options.set('validationAction', action);
	}
	if (validator) {
		if (!options.has('validationLevel')) options.set('validationLevel', 'strict');
		if (!options.has('validationAction')) options.set('validationAction', 'error');
	}
}


/** Seconds of `expireAfterSeconds`: a number, or `'off'`. */
export function readExpiry(value: Value): number | undefined {
	if (value === 'off') return undefined;
	const seconds = toNumber(value);
	if (seconds === undefined) {
		throw typeMismatch(
			`BSON field 'expireAfterSeconds' is the wrong type '${typeName(value)}', expected types '[string, decimal, double, long, int]'`
		);
	}
	if (seconds < 0 || seconds > 0x7fffffff) {
		throw storeError('InvalidOptions', "TTL index 'expireAfterSeconds' option must be within an acceptable range");
	}
	return Math.trunc(seconds);
}

/**
 * A clustered collection keeps its documents by `_id` alone. Here every collection finds them by `_id` as fast, so that
 * only what is shown of its index differs.
 */
export function readClustering(context: Context, options: Doc): void {
	const expire = context.command.get('expireAfterSeconds');
	const given = context.command.get('clusteredIndex');
	if (given === undefined) {
		if (expire !== undefined) {
			throw storeError(
				'InvalidOptions',
				"'expireAfterSeconds' is only supported on time-series collections or when the 'clusteredIndex' option is specified"
			);
		}
		return;
	}
	if (!(given instanceof Map)) {
		throw typeMismatch(`BSON field 'create.clusteredIndex' is the wrong type '${typeName(given)}', expected type 'object'`);
	}
	for (const field of ['key', 'unique']) {
		if (!given.has(field)) {
			throw storeError('IDLFailedToParse', `BSON field 'create.clusteredIndex.${field}' is missing but a required field`);
		}
	}
	for (const field of given.keys()) {
		if (!['v', 'key', 'name', 'unique'].includes(field)) {
			throw storeError('IDLUnknownField', `BSON field 'create.clusteredIndex.${field}' is an unknown field.`);
		}
	}
	const key = given.get('key');
	if (!(key instanceof Map) || key.size !== 1 || toNumber(key.get('_id')) !== 1) {
		throw storeError(
			'InvalidIndexSpecificationOption',
			"The clusteredIndex option is only supported for key: {_id: 1}"
		);
	}
	if (!isTrue(given.get('unique'))) {
		throw storeError(5979700, 'The clusteredIndex option requires unique: true to be specified');
	}
	const name = given.get('name') ?? '_id_';
	if (typeof name !== 'string') throw typeMismatch("BSON field 'create.clusteredIndex.name' is the wrong type");
	options.set('clusteredIndex', doc(['v', int32(2)], ['key', doc(['_id', int32(1)])], ['name', name], ['unique', true]));
	const seconds = expire === undefined ? undefined : readExpiry(expire);
	if (seconds !== undefined) options.set('expireAfterSeconds', Long.fromNumber(seconds));
}

/** Options that only make sense with others that are not offered, or not any more. */
export function refuseLeftovers(context: Context): void {
	const { command } = context;
	if (command.has('size') || command.has('max')) {
		throw storeError(
			'InvalidOptions',
			"the 'capped' field needs to be true when either the 'size' or 'max' fields are present"
		);
	}
	const engines = optionalDoc(context, 'storageEngine') ?? new Map<string, Value>();
	for (const engine of engines.keys()) {
		throw storeError('InvalidOptions', `${engine} is not a registered storage engine for this server`);
	}
	if (command.has('pipeline')) throw storeError('InvalidOptions', "'pipeline' requires 'viewOn' to also be specified");
	if (command.has('autoIndexId') && !isTrue(command.get('autoIndexId'))) {
		throw storeError('InvalidOptions', 'autoIndexId:false is not allowed for collections in this database');
	}
}

/** What may be given at creation and changed later. */
export function readOptions(context: Context, options: Doc): void {
	refuseNotOffered(context);
	readValidation(context, options);
	// There are no change streams to show the images; the setting is kept for those who ask for it.
	const images = optionalDoc(context, 'changeStreamPreAndPostImages');
	if (images) options.set('changeStreamPreAndPostImages', images);
}
