/** createIndexes, listIndexes and dropIndexes. */
import { encode } from '../bson/codec.ts';
import { int32, typeName } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { batchSource, documentSource } from '../cursors/batches.ts';
import { toNumber } from '../indexes/description.ts';
import type { Index } from '../indexes/description.ts';
import { normalizeSpec } from '../indexes/specification.ts';
import { badValue, StoreError, storeError, typeMismatch } from '../language/errors.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Command, Context, Reply } from './context.ts';
import { collectionForWrite, documentsOf, namespaceOf, optionalDoc, reply } from './context.ts';
import { firstBatch } from './find.ts';
import { build, rebuild } from './index-build.ts';

export const MAX_INDEXES = 64;

const sameDoc = (a: Value | undefined, b: Value | undefined): boolean => {
	if (!(a instanceof Map) || !(b instanceof Map)) return a === b || (a === undefined && b === undefined);
	return Buffer.from(encode(a)).equals(Buffer.from(encode(b)));
};

/** Options by which two indexes on the same key differ. */
const IDENTITY = ['unique', 'sparse', 'expireAfterSeconds', 'hidden'];

function sameOptions(a: Doc, b: Doc): boolean {
	const text = (spec: Doc, field: string): string => String(toNumber(spec.get(field)) ?? spec.get(field) ?? false);
	return (
		IDENTITY.every((field) => text(a, field) === text(b, field)) &&
		sameDoc(a.get('partialFilterExpression'), b.get('partialFilterExpression')) &&
		sameDoc(a.get('collation'), b.get('collation'))
	);
}

/** Throws for a conflict; returns true if the index is there already. */
function existsAlready(collection: Collection, spec: Doc): boolean {
	const name = spec.get('name') as string;
	for (const { spec: existing } of collection.indexes) {
		const sameKey = sameDoc(existing.get('key'), spec.get('key'));
		const sameName = existing.get('name') === name;
		if (!sameKey && !sameName) continue;
		// The same key may be indexed twice if the filter or the collation differ.
		const twin =
			sameKey &&
			sameDoc(existing.get('partialFilterExpression'), spec.get('partialFilterExpression')) &&
			sameDoc(existing.get('collation'), spec.get('collation'));
		if (sameName && sameKey && sameOptions(existing, spec)) return true;
		if (sameName) {
			const what = `Requested index: ${describeSpec(spec)}, existing index: ${describeSpec(existing)}`;
			throw storeError(
				'IndexKeySpecsConflict',
				`An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. ${what}`
			);
		}
		if (!twin) continue;
		if (sameOptions(existing, spec)) {
			throw storeError(
				'IndexOptionsConflict',
				`Index already exists with a different name: ${String(existing.get('name'))}`
			);
		}
		throw storeError(
			'IndexOptionsConflict',
			`An equivalent index already exists with a different name and options. Requested index: ${describeSpec(spec)}, existing index: ${describeSpec(existing)}`
		);
	}
	return false;
}

function describeSpec(spec: Doc): string {
	const key = [...(spec.get('key') as Doc)].map(([field, direction]) => `${field}: ${toNumber(direction) ?? String(direction)}`);
	return `{ key: { ${key.join(', ')} }, name: "${String(spec.get('name'))}" }`;
}

async function createIndexes(context: Context): Promise<Reply> {
	const { store } = context;
	const { catalog, environment } = store;
	const namespace = namespaceOf(context);
	if (context.command.has('commitQuorum')) throw badValue("Standalones can't specify commitQuorum");
	const inherited = catalog.get(namespace)?.options.get('collation');
	const specs = documentsOf(context, 'indexes').map((spec) => normalizeSpec(spec, inherited));
	if (specs.length === 0) throw badValue('Must specify at least one index to create');
	let created = false;
	let before = 0;
	const building: Index[] = [];
	const collection = await environment.write(() => {
		building.length = 0;
		created = !catalog.get(namespace);
		const target = collectionForWrite(context, namespace);
		before = target.indexes.length;
		const wanted = specs.filter((spec) => !existsAlready(target, spec));
		if (before + wanted.length > MAX_INDEXES) {
			throw storeError('CannotCreateIndex', 'add index fails, too many indexes');
		}
		const fresh = target.documents === 0;
		for (const spec of wanted) building.push(catalog.addIndex(target, spec, !fresh));
		return target;
	});
	const unbuilt = building.filter((index) => index.building);
	if (unbuilt.length > 0) {
		try {
			await environment.write(function* () {
				for (const index of unbuilt) yield* build(store, collection, index, context.limits);
			});
			// Only now is all on disk that readers will look for.
			await environment.write(() => {
				for (const index of unbuilt) index.building = false;
				catalog.save(collection);
			});
		} catch (error) {
			await environment.write(() => {
				for (const index of unbuilt) if (!index.dropped && !collection.dropped) catalog.dropIndex(collection, index);
			});
			store.reapSoon();
			if (error instanceof StoreError && error.code === 11000) {
				throw new StoreError(
					11000,
					'DuplicateKey',
					`Index build failed: ${collection.namespace}: ${error.message}`,
					error.extra
				);
			}
			throw error;
		}
	}
	const answer: [string, Value][] = [
		['numIndexesBefore', int32(created ? 1 : before)],
		['numIndexesAfter', int32((created ? 1 : before) + building.length)],
		['createdCollectionAutomatically', created]
	];
	if (building.length === 0) answer.push(['note', 'all indexes already exist']);
	return reply(...answer);
}

async function listIndexes(context: Context): Promise<Reply> {
	const namespace = namespaceOf(context);
	const collection = context.store.catalog.get(namespace);
	if (!collection) throw storeError('NamespaceNotFound', `ns does not exist: ${namespace}`);
	const shown = collection.indexes.filter((index) => !index.building).map((index) => index.spec);
	const cursor = optionalDoc(context, 'cursor');
	return firstBatch(context.store, namespace, batchSource(documentSource(shown)), {
		batchSize: toNumber(cursor?.get('batchSize')) ?? Infinity
	});
}

function selectIndexes(collection: Collection, which: Value): Index[] {
	const droppable = collection.indexes.filter((index) => !index.isId);
	if (which === '*') return droppable;
	const names = Array.isArray(which) ? which : [which];
	return names.map((name) => {
		if (collection.indexes.some((index) => index.isId && index.name === name)) throw storeError('InvalidOptions', 'cannot drop _id index');
		if (typeof name === 'string') {
			const index = droppable.find((candidate) => candidate.name === name);
			if (!index) throw storeError('IndexNotFound', `index not found with name [${name}]`);
			return index;
		}
		if (!(name instanceof Map) || Array.isArray(which)) {
			throw typeMismatch(`BSON field 'dropIndexes.index' is the wrong type '${typeName(name)}'`);
		}
		if (name.size === 1 && name.has('_id')) throw storeError('InvalidOptions', 'cannot drop _id index');
		const index = droppable.find((candidate) => sameDoc(candidate.key, name));
		if (!index) throw storeError('IndexNotFound', `can't find index with key: ${describeKey(name)}`);
		return index;
	});
}

function describeKey(key: Doc): string {
	return `{ ${[...key].map(([field, value]) => `${field}: ${toNumber(value) ?? String(value)}`).join(', ')} }`;
}

async function dropIndexes(context: Context): Promise<Reply> {
	const { store } = context;
	const namespace = namespaceOf(context);
	const which = context.command.get('index');
	if (which === undefined) {
		throw storeError('IDLFailedToParse', "BSON field 'dropIndexes.index' is missing but a required field");
	}
	const before = await store.environment.write(() => {
		const collection = store.catalog.get(namespace);
		if (!collection) throw storeError('NamespaceNotFound', `ns not found ${namespace}`);
		const indexes = collection.indexes.length;
		for (const index of selectIndexes(collection, which)) store.catalog.dropIndex(collection, index);
		return indexes;
	});
	store.reapSoon();
	const answer: [string, Value][] = [['nIndexesWas', int32(before)]];
	if (which === '*') answer.push(['msg', 'non-_id indexes dropped for collection']);
	return reply(...answer);
}

/** Builds all indexes anew, one after the other; each serves until its successor is there. */
async function reIndex(context: Context): Promise<Reply> {
	const { store } = context;
	const namespace = namespaceOf(context);
	const collection = store.catalog.get(namespace);
	if (!collection) throw storeError('NamespaceNotFound', 'collection does not exist');
	const indexes = collection.indexes.filter((index) => !index.isId && !index.building);
	for (const index of indexes) await rebuild(store, collection, index, index.spec, context.limits);
	return reply(
		['nIndexesWas', int32(collection.indexes.length)],
		['nIndexes', int32(collection.indexes.length)],
		['indexes', collection.indexes.map((index) => index.spec)]
	);
}

export const INDEXES: Record<string, Command> = {
	reIndex: { fields: [], run: reIndex },
	createIndexes: { fields: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions'], run: createIndexes },
	listIndexes: { fields: ['cursor', 'includeBuildUUIDs', 'includeIndexBuildInfo'], run: listIndexes },
	dropIndexes: { fields: ['index'], run: dropIndexes },
	deleteIndexes: { fields: ['index'], run: dropIndexes }
};
