/** insert: documents are stored as the bytes the client sent, with `_id` in front. */
import { checkDocument } from '../bson/check.ts';
import { readPath } from '../bson/codec.ts';
import { ObjectId, T, typeOf } from '../bson/values.ts';
import type { Value } from '../bson/values.ts';
import { badValue, storeError } from '../language/errors.ts';
import { MAX_DOCUMENT_BYTES } from './handshake.ts';
import { elements, findElement } from '../wire/raw-bson.ts';
import type { Command, Context, Reply } from './context.ts';
import { collectionForWrite, count, missing, optionalFlag, reply, writableNamespaceOf } from './context.ts';
import { assertBatch } from './statements.ts';
import { validate } from './validation.ts';
import { runWrites } from './write-errors.ts';

/**
 * The bytes to store: well formed, at most 16 MB, `_id` first and of a kind that can be an `_id`, and no empty
 * top-level timestamps (the server fills them in).
 */
export function prepareDocument(bytes: Buffer): Buffer {
	checkDocument(bytes);
	let prepared = fillTimestamps(bytes);
	const id = findElement(prepared, '_id');
	if (!id) {
		const made = Buffer.allocUnsafe(prepared.length + 17);
		made.writeInt32LE(made.length, 0);
		made.write('\x07_id\0', 4, 'latin1');
		made.set(new ObjectId().id, 9);
		prepared.copy(made, 21, 4);
		prepared = made;
	} else {
		checkId(readPath(prepared, '_id') as Value);
		if (id.start !== 4) {
			prepared = Buffer.concat([
				prepared.subarray(0, 4),
				prepared.subarray(id.start, id.end),
				prepared.subarray(4, id.start),
				prepared.subarray(id.end)
			]);
		}
	}
	if (prepared.length > MAX_DOCUMENT_BYTES) throw tooLarge(prepared.length);
	return prepared;
}

export function tooLarge(size: number): Error {
	return badValue(`object to insert too large. size in bytes: ${size}, max size: ${MAX_DOCUMENT_BYTES}`);
}

export function checkId(id: Value): void {
	const type = typeOf(id);
	if (type === T.array) throw storeError(53, "The '_id' value cannot be of type array");
	if (type === T.regex) throw storeError(53, "The '_id' value cannot be of type regex");
	if (type === T.undefined) throw storeError(53, "The '_id' value cannot be of type undefined");
	if (id instanceof Map) {
		for (const name of id.keys()) {
			if (name.startsWith('$') && !['$ref', '$id', '$db'].includes(name)) {
				throw storeError(
					'DollarPrefixedFieldName',
					`_id fields may not contain '$'-prefixed fields: ${name} is not valid for storage.`
				);
			}
		}
	}
}

let lastSecond = 0;
let increment = 0;

/** Timestamp(0, 0) at the top level stands for the time of the write. */
function fillTimestamps(bytes: Buffer): Buffer {
	if (!bytes.includes(0x11, 4)) return bytes;
	let filled: Buffer | undefined;
	for (const element of elements(bytes)) {
		if (element.type !== 0x11 || element.name === '_id' || bytes.readBigUInt64LE(element.valueStart) !== 0n) continue;
		const second = Math.floor(Date.now() / 1000);
		increment = second === lastSecond ? increment + 1 : 1;
		lastSecond = second;
		filled ??= Buffer.from(bytes);
		filled.writeUInt32LE(increment, element.valueStart);
		filled.writeUInt32LE(second, element.valueStart + 4);
	}
	return filled ?? bytes;
}

async function insert(context: Context): Promise<Reply> {
	const { store, rawDocuments } = context;
	const namespace = writableNamespaceOf(context);
	if (!rawDocuments) throw missing(context, 'documents');
	assertBatch(rawDocuments.length);
	const ordered = !context.command.has('ordered') || optionalFlag(context, 'ordered');
	const bypass = optionalFlag(context, 'bypassDocumentValidation');
	let inserted = 0;
	const errors = await runWrites(context, rawDocuments.length, ordered, () => {
		inserted = 0;
		return (i) => {
			const bytes = prepareDocument(rawDocuments[i] as Buffer);
			const collection = collectionForWrite(context, namespace);
			if (!bypass) validate(collection, bytes);
			store.records.insert(collection, bytes);
			inserted++;
		};
	});
	return reply(['n', count(inserted)], ...errors);
}

export const INSERT: Record<string, Command> = {
	insert: { fields: ['documents', 'ordered', 'bypassDocumentValidation'], run: insert }
};
