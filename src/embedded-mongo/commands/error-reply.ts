/** Any error as MongoDB's error reply. */
import { BSONFormatError } from '../bson/codec.ts';
import { int32 } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { CODES, StoreError, storeError } from '../language/errors.ts';
import { RawBsonError } from '../wire/raw-bson.ts';

export function errorReply(error: unknown): Doc {
	const known = asStoreError(error);
	const answer: Doc = new Map<string, Value>([
		['ok', 0],
		['errmsg', known.message],
		['code', int32(known.code)],
		['codeName', known.codeName]
	]);
	for (const [name, value] of known.extra ?? []) answer.set(name, value);
	return answer;
}

export function asStoreError(error: unknown): StoreError {
	if (error instanceof StoreError) return error;
	if (error instanceof BSONFormatError) return storeError(error.code, error.message);
	if (error instanceof RawBsonError) return storeError('InvalidBSON', error.message);
	const message = error instanceof Error ? error.message : String(error);
	if (/closed database|has been closed/.test(message)) {
		return storeError('ShutdownInProgress', 'the store is closing');
	}
	warnOnce(error);
	return storeError(CODES.InternalError, message);
}

const warned = new Set<string>();

/** Tells the operator about a failure of our own, each kind once. */
export function warnOnce(error: unknown): void {
	const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
	if (warned.has(text) || warned.size > 100) return;
	warned.add(text);
	process.emitWarning(text);
}
