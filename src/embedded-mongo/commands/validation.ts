/** Collection validators: what `create` and `collMod` set with `validator`, `validationLevel` and `validationAction`. */
import { decode, readPath } from '../bson/codec.ts';
import type { Doc, Value } from '../bson/values.ts';
import { storeError } from '../language/errors.ts';
import type { Collection } from '../storage/catalog.ts';

/** Refuses a document the collection's validator does not accept; `before` is the document an update starts from. */
export function validate(collection: Collection, after: Buffer, before?: Buffer): void {
	const { validator, options } = collection;
	if (!validator) return;
	const level = options.get('validationLevel') ?? 'strict';
	if (level === 'off' || options.get('validationAction') === 'warn') return;
	if (validator.matchesBytes(after)) return;
	// Moderate: documents that were invalid before may stay so.
	if (level === 'moderate' && before && !validator.matches(decode(before))) return;
	const id = readPath(after, '_id');
	const details: Doc = new Map<string, Value>([['operatorName', [...((options.get('validator') as Doc) ?? new Map()).keys()][0] ?? '']]);
	const info: Doc = new Map();
	if (id !== undefined && typeof id !== 'symbol') info.set('failingDocumentId', id);
	info.set('details', details);
	throw storeError('DocumentValidationFailure', 'Document failed validation', new Map([['errInfo', info]]));
}
