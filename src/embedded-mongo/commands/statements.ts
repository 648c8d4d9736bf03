/** The statements inside `updates`, `deletes` and `ops`. */
import { typeName } from '../bson/values.ts';
import type { Doc } from '../bson/values.ts';
import { storeError, typeMismatch } from '../language/errors.ts';

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
