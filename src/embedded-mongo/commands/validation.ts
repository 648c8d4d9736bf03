/** Collection validators: what `create` and `collMod` set with `validator`, `validationLevel` and `validationAction`. */
import { decode, encode, readPath } from '../bson/codec.ts';
import type { Doc } from '../bson/values.ts';
import { storeError } from '../language/errors.ts';
import { filterDetails } from '../language/filter-failure.ts';
import type { Collection } from '../storage/catalog.ts';

/** Values are repeated in the details, and a reply has room for only so much. */
const MAX_DETAILS = 64 * 1024;

function bounded(details: Doc): Doc {
	if (encode(details).length <= MAX_DETAILS) return details;
	return new Map([
		['operatorName', details.get('operatorName') ?? ''],
		['reason', 'the details are too large to be shown']
	]);
}

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
	const info: Doc = new Map();
	if (id !== undefined && typeof id !== 'symbol') info.set('failingDocumentId', id);
	const filter = options.get('validator');
	if (filter instanceof Map) info.set('details', bounded(filterDetails(filter, decode(after))));
	throw storeError('DocumentValidationFailure', 'Document failed validation', new Map([['errInfo', info]]));
}
