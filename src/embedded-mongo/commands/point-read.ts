/** The commonest read there is, one document by its `_id`: one key, one get, no plan. */
import { ObjectId } from '../bson/values.ts';
import type { Doc } from '../bson/values.ts';
import { encodeKey } from '../indexes/key-encoding.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Environment } from '../storage/environment.ts';
import { documentKey, readRecordId } from '../storage/keys.ts';

/** Longer texts may be cut in the index; those go the ordinary way. */
const LONGEST_TEXT = 256;

/**
 * The stored bytes of `{ _id: value }` where the value is an ObjectId or a short text; null when there is none, and
 * undefined for every other query. The caller has seen to it that no collation, order or hint is asked for.
 */
export function pointRead({ documents, entries }: Environment, collection: Collection, filter: Doc): Buffer | null | undefined {
	if (filter.size !== 1) return undefined;
	const id = filter.get('_id');
	if (!(id instanceof ObjectId) && !(typeof id === 'string' && id.length <= LONGEST_TEXT)) return undefined;
	const index = collection.indexes[0];
	if (!index?.isId || index.cut || (index.collation && typeof id === 'string')) return undefined;
	index.uses++;
	const held = entries.get(Buffer.concat([index.prefix, encodeKey([id], index.directions)]));
	// Between the two reads the document may have been deleted.
	return (held && documents.get(documentKey(collection.id, readRecordId(held, 0)))) ?? null;
}
