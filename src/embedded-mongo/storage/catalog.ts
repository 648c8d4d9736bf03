/**
 * Which collections and indexes exist. Kept in memory whole (it is small) and written through to LMDB.
 *
 * A dropped collection or index leaves the catalog at once; its keys are removed afterwards, bit by bit, by the reaper,
 * also after a restart.
 */
import { randomBytes } from 'node:crypto';
import { decode, encode } from '../bson/codec.ts';
import { Binary, int32 } from '../bson/values.ts';
import type { Doc, Int32, Value } from '../bson/values.ts';
import { compileFilter } from '../language/filter.ts';
import type { Filter } from '../language/filter.ts';
import { storeError } from '../language/errors.ts';
import { describeIndex } from '../indexes/description.ts';
import type { Index } from '../indexes/description.ts';
import type { Environment, Tables } from './environment.ts';
import { after, prefix, readRecordId } from './keys.ts';

export interface Collection {
	id: number;
	/** `database.collection`. */
	namespace: string;
	database: string;
	name: string;
	uuid: Binary;
	/** What `create` and `collMod` were given: validator, collation, … */
	options: Doc;
	validator?: Filter;
	indexes: Index[];
	prefix: Buffer;
	/** Number of documents and their bytes, exact; ahead of what readers see while a commit is under way. */
	documents: number;
	bytes: number;
	/** The same as of the last commit. */
	committed: { documents: number; bytes: number };
	nextRecord: number;
	/** Raised by every change of indexes or options, so that cached plans notice. */
	version: number;
	dropped: boolean;
}

export interface Catalog {
	get(namespace: string): Collection | undefined;
	collections(database?: string): Collection[];
	databases(): string[];
	/** The following change the catalog and must be called inside a write job. */
	create(namespace: string, options?: Doc): Collection;
	drop(collection: Collection): void;
	rename(collection: Collection, namespace: string): void;
	addIndex(collection: Collection, spec: Doc, building: boolean): Index;
	dropIndex(collection: Collection, index: Index): void;
	/** Writes options, index flags and names through. */
	save(collection: Collection): void;
	/** Marks the counters to be written with this transaction. */
	touch(collection: Collection): void;
	/** Removes up to `limit` keys of what was dropped; false when nothing is left. */
	reap(limit: number): boolean;
}

const KIND = { meta: 'm', collection: 'c', garbage: 'g' } as const;
const FORMAT = 1;
const META_KEY = Buffer.from(KIND.meta);

export const collectionKey = (namespace: string) => Buffer.from(KIND.collection + namespace);
const garbageKey = (table: 'd' | 'e', id: number) => Buffer.concat([Buffer.from(KIND.garbage + table), prefix(id)]);

export function splitNamespace(namespace: string): { database: string; name: string } {
	const dot = namespace.indexOf('.');
	return { database: namespace.slice(0, dot), name: namespace.slice(dot + 1) };
}

/** The index on `_id` as `listIndexes` shows it, in its collection's collation; a clustered collection's is its own. */
export function idIndexSpec(options?: Doc): Doc {
	const clustered = options?.get('clusteredIndex');
	if (clustered instanceof Map) {
		const spec = new Map<string, Value>([...clustered, ['clustered', true]]);
		const expire = options?.get('expireAfterSeconds');
		return expire === undefined ? spec : spec.set('expireAfterSeconds', expire);
	}
	const spec = new Map<string, Value>([
		['v', int32(2)],
		['key', new Map([['_id', int32(1)]])],
		['name', '_id_']
	]);
	const collation = options?.get('collation');
	return collation === undefined ? spec : spec.set('collation', collation);
}

export function openCatalog(environment: Environment): Catalog {
	const byNamespace = new Map<string, Collection>();
	const touched = new Set<Collection>();
	/** Those whose counters the transaction under way changes. */
	const counted = new Set<Collection>();
	let nextId = 1;

	/** Reads what is stored. Collections and indexes that were known stay the same objects, since readers hold them. */
	function load(): void {
		const known = new Map([...byNamespace.values()].map((collection) => [collection.id, collection]));
		for (const collection of known.values()) collection.dropped = true;
		byNamespace.clear();
		touched.clear();
		counted.clear();
		const meta = environment.catalog.get(META_KEY);
		if (meta) {
			const format = meta.readUInt32BE(0);
			if (format !== FORMAT) {
				throw new Error(`data of format ${format} cannot be read by this version (${FORMAT})`);
			}
			nextId = meta.readUInt32BE(4);
		}
		const start = Buffer.from(KIND.collection);
		for (const { value } of environment.catalog.range({ from: start, to: after(start), limit: 1e9 })) {
			const collection = restored(storedCollection(environment, value), known);
			byNamespace.set(collection.namespace, collection);
		}
	}

	function restored(stored: Collection, known: Map<number, Collection>): Collection {
		const before = known.get(stored.id);
		if (!before) return stored;
		const indexes = new Map(before.indexes.map((index) => [index.id, index]));
		for (const index of indexes.values()) index.dropped = true;
		stored.indexes = stored.indexes.map((index) => Object.assign(indexes.get(index.id) ?? index, index));
		return Object.assign(before, stored, { version: before.version + 1 });
	}

	function takeId(): number {
		const id = nextId++;
		const meta = Buffer.alloc(8);
		meta.writeUInt32BE(FORMAT, 0);
		meta.writeUInt32BE(nextId, 4);
		environment.catalog.put(META_KEY, meta);
		return id;
	}

	function save(collection: Collection): void {
		collection.version++;
		compileValidator(collection);
		const stored: Doc = new Map<string, Value>([
			['id', int32(collection.id)],
			['namespace', collection.namespace],
			['uuid', collection.uuid],
			['options', collection.options],
			[
				'indexes',
				collection.indexes.map(
					(index) =>
						new Map<string, Value>([
							['id', int32(index.id)],
							['spec', index.spec],
							['multikey', index.multikey],
							['cut', index.cut],
							['building', index.building]
						])
				)
			]
		]);
		environment.catalog.put(collectionKey(collection.namespace), Buffer.from(encode(stored)));
	}

	function writeCounters(): void {
		for (const collection of touched) {
			if (collection.dropped) continue;
			const value = Buffer.allocUnsafe(16);
			value.writeDoubleBE(collection.documents, 0);
			value.writeDoubleBE(collection.bytes, 8);
			environment.counters.put(collection.prefix, value);
			counted.add(collection);
		}
		touched.clear();
	}

	function showCounters(): void {
		for (const { committed, documents, bytes } of counted) Object.assign(committed, { documents, bytes });
		counted.clear();
	}

	const leaveGarbage = (table: 'd' | 'e', id: number) => environment.catalog.put(garbageKey(table, id), prefix(id));

	const catalog: Catalog = {
		get: (namespace) => byNamespace.get(namespace),
		collections: (database) =>
			[...byNamespace.values()].filter((collection) => database === undefined || collection.database === database),
		databases: () => [...new Set([...byNamespace.values()].map((collection) => collection.database))].sort(),
		create(namespace, options = new Map()) {
			if (byNamespace.has(namespace)) {
				throw storeError('NamespaceExists', `Collection ${namespace} already exists.`);
			}
			const collection = newCollection(takeId(), namespace, new Binary(versionFourUuid(), 4), options);
			byNamespace.set(namespace, collection);
			collection.indexes.push(describeIndex(takeId(), idIndexSpec(options)));
			touched.add(collection);
			save(collection);
			return collection;
		},
		drop(collection) {
			environment.catalog.remove(collectionKey(collection.namespace));
			environment.counters.remove(collection.prefix);
			leaveGarbage('d', collection.id);
			for (const index of collection.indexes) leaveGarbage('e', index.id);
			byNamespace.delete(collection.namespace);
			collection.dropped = true;
		},
		rename(collection, namespace) {
			environment.catalog.remove(collectionKey(collection.namespace));
			byNamespace.delete(collection.namespace);
			collection.namespace = namespace;
			Object.assign(collection, splitNamespace(namespace));
			byNamespace.set(namespace, collection);
			save(collection);
		},
		addIndex(collection, spec, building) {
			const index = describeIndex(takeId(), spec);
			index.building = building;
			collection.indexes.push(index);
			save(collection);
			return index;
		},
		dropIndex(collection, index) {
			collection.indexes = collection.indexes.filter((other) => other !== index);
			index.dropped = true;
			leaveGarbage('e', index.id);
			save(collection);
		},
		save,
		touch: (collection) => void touched.add(collection),
		reap(limit) {
			const start = Buffer.from(KIND.garbage);
			const [entry] = environment.catalog.range({ from: start, to: after(start), limit: 1 });
			if (!entry) return false;
			const table = entry.key[1] === 'd'.charCodeAt(0) ? environment.documents : environment.entries;
			const keys = table.keys({ from: entry.value, to: after(entry.value), limit });
			for (const key of keys) table.remove(key);
			if (keys.length < limit) environment.catalog.remove(entry.key);
			return true;
		}
	};

	load();
	environment.beforeCommit(writeCounters);
	environment.afterCommit(showCounters);
	environment.afterAbort(load);
	return catalog;
}

/** A collection as the catalog's table describes it. */
export function storedCollection(tables: Tables, value: Buffer): Collection {
	const stored = decode(value);
	const id = (stored.get('id') as Int32).value;
	const collection = newCollection(
		id,
		stored.get('namespace') as string,
		stored.get('uuid') as Binary,
		stored.get('options') as Doc
	);
	for (const item of stored.get('indexes') as Doc[]) {
		const index = describeIndex((item.get('id') as Int32).value, item.get('spec') as Doc);
		index.multikey = item.get('multikey') as boolean[];
		index.cut = item.get('cut') as boolean;
		index.building = item.get('building') as boolean;
		collection.indexes.push(index);
	}
	const counters = tables.counters.get(collection.prefix);
	if (counters) {
		collection.documents = counters.readDoubleBE(0);
		collection.bytes = counters.readDoubleBE(8);
		collection.committed = { documents: collection.documents, bytes: collection.bytes };
	}
	const [last] = tables.documents.keys({
		from: collection.prefix,
		to: after(collection.prefix),
		reverse: true,
		limit: 1
	});
	if (last) collection.nextRecord = readRecordId(last, 4) + 1;
	return collection;
}

function newCollection(id: number, namespace: string, uuid: Binary, options: Doc): Collection {
	const collection: Collection = {
		id,
		namespace,
		...splitNamespace(namespace),
		uuid,
		options,
		indexes: [],
		prefix: prefix(id),
		documents: 0,
		bytes: 0,
		committed: { documents: 0, bytes: 0 },
		nextRecord: 1,
		version: 0,
		dropped: false
	};
	compileValidator(collection);
	return collection;
}

function compileValidator(collection: Collection): void {
	const validator = collection.options.get('validator');
	if (validator instanceof Map && validator.size > 0) collection.validator = compileFilter(validator);
	else delete collection.validator;
}

function versionFourUuid(): Buffer {
	const bytes = randomBytes(16);
	bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
	bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
	return bytes;
}
