/**
 * `readConcern` and `writeConcern`. On one durable server there is nothing to choose between, but what is malformed, or
 * asks for other members of a replica set, is refused as a standalone refuses it.
 */
import { typeName } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { toNumber } from '../indexes/description.ts';
import { badValue, failedToParse, storeError, typeMismatch } from '../language/errors.ts';

const READ_FIELDS = ['level', 'provenance', 'afterClusterTime', 'afterOpTime', 'atClusterTime'];
const WRITE_FIELDS = ['w', 'j', 'fsync', 'wtimeout', 'wtimeoutMS', 'provenance', 'getLastError'];
/** A replica set has at most so many members. */
const MAX_MEMBERS = 50;

function concernOf(name: string, command: Doc, field: string, known: readonly string[]): Doc | undefined {
	const value: Value | undefined = command.get(field);
	if (value === undefined) return undefined;
	if (!(value instanceof Map)) {
		throw typeMismatch(`BSON field '${name}.${field}' is the wrong type '${typeName(value)}', expected type 'object'`);
	}
	for (const inner of value.keys()) {
		if (!known.includes(inner)) throw storeError('IDLUnknownField', `BSON field '${field}.${inner}' is an unknown field.`);
	}
	return value;
}

function checkRead(concern: Doc): void {
	const level = concern.get('level') ?? 'local';
	if (level === 'snapshot') {
		throw storeError('SnapshotUnavailable', 'node needs to be a replica set member to use readConcern: snapshot');
	}
	if (level === 'linearizable') {
		throw storeError('NotAReplicaSet', 'node needs to be a replica set member to use read concern');
	}
	if (typeof level !== 'string' || !['local', 'available', 'majority'].includes(level)) {
		throw failedToParse('readConcern level must be one of local, majority, linearizable, available, or snapshot');
	}
}

function checkWrite(concern: Doc): void {
	const mode = concern.get('w') ?? 1;
	if (typeof mode === 'string') {
		if (mode === 'majority') return;
		throw badValue(`cannot use non-majority 'w' mode ${mode} when a host is not a member of a replica set`);
	}
	const members = toNumber(mode);
	if (members === undefined) throw failedToParse(`w has to be a number, string, or object; found: ${typeName(mode)}`);
	if (members < 0 || members > MAX_MEMBERS) {
		throw failedToParse(`w has to be a non-negative number and not greater than ${MAX_MEMBERS}; found: ${members}`);
	}
	if (members > 1) throw badValue("cannot use 'w' > 1 when a host is not replicated");
}

export function checkConcerns(name: string, command: Doc): void {
	const read = concernOf(name, command, 'readConcern', READ_FIELDS);
	if (read) checkRead(read);
	const write = concernOf(name, command, 'writeConcern', WRITE_FIELDS);
	if (write) checkWrite(write);
}
