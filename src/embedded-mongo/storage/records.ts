/**
 * Writes one document together with its index entries. Called inside write jobs only.
 *
 * Everything that may refuse the write (uniqueness, parallel arrays) is looked at before the first change, so a refused
 * document leaves no trace in the transaction it shares with others.
 */
import { decode, readPath } from '../bson/codec.ts';
import { changedFields } from '../bson/raw-fields.ts';
import { Binary, uuidText } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { storedValues } from '../indexes/stored-values.ts';
import { encodeKey, isCut } from '../indexes/key-encoding.ts';
import { extractKey, extractKeys } from '../indexes/key-extraction.ts';
import type { Index } from '../indexes/description.ts';
import { storeError } from '../language/errors.ts';
import type { StoreError } from '../language/errors.ts';
import { show } from '../language/show.ts';
import type { Catalog, Collection } from './catalog.ts';
import type { Environment } from './environment.ts';
import { after, documentKey, readRecordId, recordIdBytes } from './keys.ts';

const NOTHING = Buffer.alloc(0);

export interface Records {
	read(collection: Collection, record: number): Buffer | undefined;
	/** Adds a document and returns its record id. */
	insert(collection: Collection, bytes: Buffer): number;
	replace(collection: Collection, record: number, before: Buffer, after: Buffer, known?: KnownChange): void;
	remove(collection: Collection, record: number, before: Buffer): void;
	/** Adds the entries of one stored document to an index under construction. */
	indexExisting(collection: Collection, index: Index, record: number, bytes: Buffer): void;
	/** The record a unique index holds for exactly this encoded key. */
	findUnique(index: Index, key: Buffer): number | undefined;
}

/** What a caller knows already of a document it replaces: both contents, or the names of the fields that differ. */
export interface KnownChange {
	before?: Doc;
	after?: Doc;
	changed?: ReadonlySet<string>;
}

/** The keys of a document in one index. */
export interface IndexKeys {
	index: Index;
	keys: Buffer[];
	rows: Value[][];
	multikey: boolean[];
}

/** The keys a document has in an index; `decoded` is only called when the document must be looked into. */
export function keysOf(index: Index, bytes: Buffer, decoded: () => Doc): IndexKeys {
	const encode = (row: Value[]): Buffer => encodeKey(storedValues(index, row), index.directions);
	if (index.isId) {
		const id = readPath(bytes, '_id') as Value;
		const row = [id ?? null];
		return { index, keys: [encode(row)], rows: [row], multikey: index.multikey };
	}
	if (index.partial && !index.partial.matches(decoded())) return { index, keys: [], rows: [], multikey: index.multikey };
	const { rows, multikey, nothingFound } = extractKey(bytes, index.rawPaths) ?? extractKeys(decoded(), index.paths);
	if (index.sparse && nothingFound) return { index, keys: [], rows: [], multikey };
	if (index.hashed !== undefined && multikey.includes(true)) throw noArrays(index, multikey);
	if (rows.length === 1) return { index, keys: [encode(rows[0] as Value[])], rows, multikey };
	const keys: Buffer[] = [];
	const kept: Value[][] = [];
	const seen = new Set<string>();
	for (const row of rows) {
		const key = encode(row);
		const text = key.toString('latin1');
		if (seen.has(text)) continue;
		seen.add(text);
		keys.push(key);
		kept.push(row);
	}
	return { index, keys, rows: kept, multikey };
}

function noArrays(index: Index, multikey: boolean[]): Error {
	const path = index.fields[multikey.indexOf(true)];
	return storeError(16766, `hashed indexes do not currently support array values. Found array at path: ${path}`);
}

/** Both have the one key; what is noted of paths through arrays is then the same too, or was noted before. */
function sameKey(old: IndexKeys, fresh: IndexKeys): boolean {
	const [before] = old.keys;
	const [after] = fresh.keys;
	if (old.keys.length !== 1 || fresh.keys.length !== 1 || !before || !after) return false;
	return before.equals(after) && fresh.multikey.every((through, at) => !through || old.multikey[at]);
}

function once(bytes: Buffer, known?: Doc): () => Doc {
	let doc = known;
	return () => (doc ??= decode(bytes));
}

export function openRecords(environment: Environment, catalog: Catalog): Records {
	const { documents, entries } = environment;

	function entryKey(index: Index, key: Buffer, record: number): Buffer {
		if (index.unique) return Buffer.concat([index.prefix, key]);
		return Buffer.concat([index.prefix, key, recordIdBytes(record)]);
	}

	function findUnique(index: Index, key: Buffer): number | undefined {
		const held = entries.get(Buffer.concat([index.prefix, key]));
		return held && readRecordId(held, 0);
	}

	/** Another record with this key in an index that may hold several. */
	function firstHolder(index: Index, key: Buffer, besides: number): number | undefined {
		const from = Buffer.concat([index.prefix, key]);
		for (const found of entries.keys({ from, to: after(from), limit: 2 })) {
			const holder = readRecordId(found, found.length - 8);
			if (holder !== besides && found.length === from.length + 8) return holder;
		}
		return undefined;
	}

	function assertUnique(collection: Collection, found: IndexKeys, record: number): void {
		const { index } = found;
		if (!index.unique && !index.prepareUnique) return;
		for (let i = 0; i < found.keys.length; i++) {
			const key = found.keys[i] as Buffer;
			const holder = index.unique ? findUnique(index, key) : firstHolder(index, key, record);
			if (holder !== undefined && holder !== record) {
				throw duplicateKey(collection.namespace, found.index, found.rows[i] as Value[]);
			}
		}
	}

	function putKeys(collection: Collection, found: IndexKeys, record: number): void {
		const { index } = found;
		let changed = false;
		for (let i = 0; i < found.multikey.length; i++) {
			if (found.multikey[i] && !index.multikey[i]) {
				index.multikey = index.multikey.map((flag, at) => flag || at === i);
				changed = true;
			}
		}
		for (const key of found.keys) {
			if (!index.cut && isCut(key)) {
				index.cut = true;
				changed = true;
			}
			entries.put(entryKey(index, key, record), index.unique ? recordIdBytes(record) : NOTHING);
		}
		if (changed) catalog.save(collection);
	}

	const records: Records = {
		read: (collection, record) => documents.get(documentKey(collection.id, record)),
		findUnique,
		insert(collection, bytes) {
			const decoded = once(bytes);
			const record = collection.nextRecord;
			const all = collection.indexes.map((index) => keysOf(index, bytes, decoded));
			for (const found of all) assertUnique(collection, found, record);
			collection.nextRecord = record + 1;
			documents.put(documentKey(collection.id, record), bytes);
			for (const found of all) putKeys(collection, found, record);
			collection.documents++;
			collection.bytes += bytes.length;
			catalog.touch(collection);
			return record;
		},
		replace(collection, record, before, after, known = {}) {
			const decodedBefore = once(before, known.before);
			const decodedAfter = once(after, known.after);
			// Most updates leave most indexes alone.
			const touched = known.changed ?? changedFields(before, after);
			const changes: { added: IndexKeys; removed: Buffer[]; index: Index }[] = [];
			for (const index of collection.indexes) {
				if (index.isId) continue;
				if (!index.partial && !index.building && !index.paths.some(([name]) => touched.has(name as string))) continue;
				const old = keysOf(index, before, decodedBefore);
				const fresh = keysOf(index, after, decodedAfter);
				if (!index.building && sameKey(old, fresh)) continue;
				const oldTexts = new Set(old.keys.map((key) => key.toString('latin1')));
				const freshTexts = new Set(fresh.keys.map((key) => key.toString('latin1')));
				const removed = old.keys.filter((key) => !freshTexts.has(key.toString('latin1')));
				const keep = fresh.keys.map((key) => !oldTexts.has(key.toString('latin1')));
				const added: IndexKeys = {
					index,
					keys: fresh.keys.filter((_, i) => keep[i]),
					rows: fresh.rows.filter((_, i) => keep[i]),
					multikey: fresh.multikey
				};
				// An index still being built may lack the old entries, so nothing is taken for granted there.
				if (index.building) Object.assign(added, { keys: fresh.keys, rows: fresh.rows });
				assertUnique(collection, added, record);
				changes.push({ added, removed, index });
			}
			documents.put(documentKey(collection.id, record), after);
			for (const { added, removed, index } of changes) {
				removeKeys(index, removed, record);
				putKeys(collection, added, record);
			}
			collection.bytes += after.length - before.length;
			catalog.touch(collection);
		},
		remove(collection, record, before) {
			const decoded = once(before);
			for (const index of collection.indexes) removeKeys(index, keysOf(index, before, decoded).keys, record);
			documents.remove(documentKey(collection.id, record));
			collection.documents--;
			collection.bytes -= before.length;
			catalog.touch(collection);
		},
		indexExisting(collection, index, record, bytes) {
			const found = keysOf(index, bytes, once(bytes));
			assertUnique(collection, found, record);
			putKeys(collection, found, record);
		}
	};

	function removeKeys(index: Index, keys: Buffer[], record: number): void {
		for (const key of keys) {
			// While an index is being built, the key of a unique one may belong to another document.
			if (index.unique && index.building && findUnique(index, key) !== record) continue;
			entries.remove(entryKey(index, key, record));
		}
	}

	return records;
}

/** The text MongoDB's error shows for a key value. */
function showValue(value: Value): string {
	if (typeof value === 'string') return JSON.stringify(value);
	if (value === null) return 'null';
	if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(showValue).join(', ')} ]`;
	if (value instanceof Map) {
		if (value.size === 0) return '{}';
		return `{ ${[...value].map(([name, item]) => `${name}: ${showValue(item)}`).join(', ')} }`;
	}
	if (typeof value === 'number') {
		return Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value);
	}
	if (value instanceof Date) return `new Date(${value.getTime()})`;
	if (value instanceof Binary) {
		if (value.sub_type === 4 && value.position === 16) return `UUID("${uuidText(value)}")`;
		return `BinData(${value.sub_type}, ${Buffer.from(value.buffer.subarray(0, value.position)).toString('hex').toUpperCase()})`;
	}
	if (typeof value === 'object' && '_bsontype' in value) {
		switch (value._bsontype) {
			case 'ObjectId':
				return `ObjectId('${value.toHexString()}')`;
			case 'Decimal128':
				return `Decimal128('${value.toString()}')`;
			case 'BSONRegExp':
				return `/${value.pattern}/${value.options}`;
			case 'Timestamp':
				return `Timestamp(${value.getHighBitsUnsigned()}, ${value.getLowBitsUnsigned()})`;
			case 'MinKey':
				return 'MinKey';
			case 'MaxKey':
				return 'MaxKey';
			case 'Undefined':
				return 'undefined';
		}
	}
	return String(value);
}

export function duplicateKey(namespace: string, index: Index, row: Value[]): StoreError {
	const keyValue: Doc = new Map(index.fields.map((field, i) => [field, row[i] as Value]));
	const shown = [...keyValue].map(([field, value]) => `${field}: ${showValue(value)}`).join(', ');
	const collation = index.spec.get('collation');
	const extra: Doc = new Map<string, Value>([
		['keyPattern', index.key],
		['keyValue', keyValue]
	]);
	if (collation !== undefined) extra.set('collation', collation);
	const where = `${namespace} index: ${index.name}${collation === undefined ? '' : ` collation: ${show(collation)}`}`;
	return storeError('DuplicateKey', `E11000 duplicate key error collection: ${where} dup key: { ${shown} }`, extra);
}
