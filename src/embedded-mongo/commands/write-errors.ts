/** Runs the operations of a write command and reports those that were refused. */
import { int32 } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { CODES, StoreError } from '../language/errors.ts';
import { BSONFormatError } from '../bson/codec.ts';
import { checkLimits } from '../limits.ts';
import { RawBsonError } from '../wire/raw-bson.ts';
import type { Context } from './context.ts';
import { asStoreError } from './error-reply.ts';

/** An operation; a generator may give way between documents. */
export type Operation = (index: number) => void | Generator<void, void, void>;

/** So many errors of one reply tell their details; the rest of a long list would not fit into it. */
const DETAILED = 100;

export function writeError(index: number, error: StoreError, earlier = 0): Doc {
	const shown: Doc = new Map<string, Value>([
		['index', int32(index)],
		['code', int32(error.code)]
	]);
	for (const [name, value] of error.extra ?? []) if (name !== 'errInfo' || earlier < DETAILED) shown.set(name, value);
	shown.set('errmsg', error.message);
	return shown;
}

/** What refuses one operation; running out of time ends the whole command. */
export function isRefusal(error: unknown): boolean {
	if (error instanceof StoreError && error.code === CODES.MaxTimeMSExpired) return false;
	return error instanceof StoreError || error instanceof BSONFormatError || error instanceof RawBsonError;
}

/** Runs all operations in the write queue; returns the reply's `writeErrors` entry, or nothing. */
export async function runWrites(
	context: Context,
	operations: number,
	ordered: boolean,
	/** Called at the start, and again should the transaction have to be repeated. */
	begin: () => Operation
): Promise<[string, Value][]> {
	const errors: Value[] = [];
	await context.store.environment.write(function* () {
		errors.length = 0;
		const operation = begin();
		for (let i = 0; i < operations; i++) {
			checkLimits(context.limits);
			try {
				const steps = operation(i);
				if (steps) yield* steps;
			} catch (error) {
				if (!isRefusal(error)) throw error;
				errors.push(writeError(i, asStoreError(error), errors.length));
				if (ordered) break;
			}
			yield;
		}
	});
	return errors.length > 0 ? [['writeErrors', errors]] : [];
}
