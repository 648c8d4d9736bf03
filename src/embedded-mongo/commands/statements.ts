/** The statements inside `updates`, `deletes` and `ops`. */
import { typeName } from '../bson/values.ts';
import type { Doc } from '../bson/values.ts';
import { isTrue, toNumber } from '../indexes/description.ts';
import { storeError, typeMismatch } from '../language/errors.ts';
import { MAX_WRITE_BATCH } from './handshake.ts';

/** A write command has at least one statement, and not more than the handshake promises to take. */
export function assertBatch(operations: number): void {
	if (operations > 0 && operations <= MAX_WRITE_BATCH) return;
	throw storeError(
		'InvalidLength',
		`Write batch sizes must be between 1 and ${MAX_WRITE_BATCH}. Got ${operations} operations.`
	);
}

/** Refuses unknown fields and missing ones. */
export function assertStatement(
	place: string,
	statement: Doc,
	fields: readonly string[],
	required: readonly string[]
): void {
	for (const field of statement.keys()) {
		if (!fields.includes(field)) {
			throw storeError('IDLUnknownField', `BSON field '${place}.${field}' is an unknown field.`);
		}
	}
	for (const field of required) {
		if (!statement.has(field)) {
			throw storeError('IDLFailedToParse', `BSON field '${place}.${field}' is missing but a required field`);
		}
	}
}

export function optionalDocOf(place: string, statement: Doc, field: string): Doc | undefined {
	const value = statement.get(field);
	if (value === undefined || value === null) return undefined;
	if (!(value instanceof Map)) {
		throw typeMismatch(
			`BSON field '${place}.${field}' is the wrong type '${typeName(value)}', expected type 'object'`
		);
	}
	return value;
}

export function optionalFlagOf(place: string, statement: Doc, field: string): boolean {
	const value = statement.get(field);
	if (value === undefined || value === null) return false;
	if (typeof value !== 'boolean' && toNumber(value) === undefined) {
		throw typeMismatch(
			`BSON field '${place}.${field}' is the wrong type '${typeName(value)}', expected types '[bool, long, int, decimal, double]'`
		);
	}
	return isTrue(value);
}
