/** The Stable API: `apiVersion`, `apiStrict` and `apiDeprecationErrors` that a client may declare with each command. */
import { typeName } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { storeError, typeMismatch } from '../language/errors.ts';

/** Commands of version 1, as far as they are offered. */
const VERSION_1 = new Set([
	'abortTransaction',
	'aggregate',
	'bulkWrite',
	'collMod',
	'commitTransaction',
	'count',
	'create',
	'createIndexes',
	'delete',
	'drop',
	'dropDatabase',
	'dropIndexes',
	'endSessions',
	'explain',
	'find',
	'findAndModify',
	'getMore',
	'hello',
	'insert',
	'isMaster',
	'killCursors',
	'listCollections',
	'listDatabases',
	'listIndexes',
	'ping',
	'refreshSessions',
	'saslContinue',
	'saslStart',
	'update'
]);

/** Stages outside version 1. */
const OTHER_STAGES = new Set([
	'$currentOp',
	'$indexStats',
	'$listLocalSessions',
	'$listSessions',
	'$planCacheStats',
	'$search',
	'$searchMeta'
]);

function flag(command: Doc, field: string): boolean {
	const value = command.get(field);
	if (value === undefined) return false;
	if (typeof value !== 'boolean') {
		throw typeMismatch(`BSON field '${field}' is the wrong type '${typeName(value)}', expected type 'bool'`);
	}
	return value;
}

function refuseStages(pipeline: Value | undefined): void {
	for (const stage of Array.isArray(pipeline) ? pipeline : []) {
		const [name, spec] = stage instanceof Map ? ([...stage][0] ?? []) : [];
		if (name === undefined) continue;
		// Of $collStats only the count belongs to the version: drivers count collections with it.
		const beyond = name === '$collStats' && spec instanceof Map && [...spec.keys()].some((key) => key !== 'count');
		if (beyond || OTHER_STAGES.has(name)) {
			throw storeError('APIStrictError', `stage ${name} is not allowed with 'apiStrict: true' in API Version 1`);
		}
	}
}

/** Refuses a command that does not keep to the version its client declared. */
export function checkApiVersion(name: string, command: Doc): void {
	const version = command.get('apiVersion');
	if (version === undefined) {
		for (const field of ['apiStrict', 'apiDeprecationErrors']) {
			if (command.has(field)) throw storeError(4886600, `Provided ${field} without passing apiVersion`);
		}
		return;
	}
	if (typeof version !== 'string') {
		throw typeMismatch(`BSON field 'apiVersion' is the wrong type '${typeName(version)}', expected type 'string'`);
	}
	if (version !== '1') throw storeError('APIVersionError', "API version must be \"1\"");
	flag(command, 'apiDeprecationErrors');
	if (!flag(command, 'apiStrict')) return;
	if (!VERSION_1.has(name)) {
		throw storeError(
			'APIStrictError',
			`Provided apiStrict:true, but the command ${name} is not in API Version 1. Information on supported commands and migrations in API Version 1 can be found at https://dochub.mongodb.org/core/manual-versioned-api`
		);
	}
	if (name === 'aggregate') refuseStages(command.get('pipeline'));
}
