/** createIndexes, listIndexes and dropIndexes. */
import { randomUUID } from 'node:crypto';
import { encode } from '../bson/codec.ts';
import { int32, typeName, uuidText } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { batchSource, documentSource } from '../cursors/batches.ts';
import { isTrue, sameKey, toNumber } from '../indexes/description.ts';
import type { Index } from '../indexes/description.ts';
import { normalizeSpec, withoutUnknown } from '../indexes/specification.ts';
import { badValue, StoreError, storeError, typeMismatch } from '../language/errors.ts';
import { show } from '../language/show.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Command, Context, Reply } from './context.ts';
import { collectionForWrite, documentsOf, namespaceOf, optionalDoc, optionalFlag, reply, writableNamespaceOf } from './context.ts';
import { firstBatch } from './find.ts';
import { build, rebuild } from './index-build.ts';

export const MAX_INDEXES = 64;

const sameDoc = (a: Value | undefined, b: Value | undefined): boolean => {
	if (!(a instanceof Map) || !(b instanceof Map)) return a === b || (a === undefined && b === undefined);
	return Buffer.from(encode(a)).equals(Buffer.from(encode(b)));
};

/** What tells two indexes on the same key apart; one collection may have both, under different names. */
function sameIndex(a: Doc, b: Doc): boolean {
	return (
		sameKey(a.get('key') as Doc, b.get('key') as Doc) &&
		isTrue(a.get('unique')) === isTrue(b.get('unique')) &&
		isTrue(a.get('sparse')) === isTrue(b.get('sparse')) &&
		sameDoc(a.get('partialFilterExpression'), b.get('partialFilterExpression')) &&
		sameDoc(a.get('collation'), b.get('collation'))
	);
}

/** What remains; whether an index is hidden or was built in the background does not count. */
const sameSettings = (a: Doc, b: Doc): boolean =>
	toNumber(a.get('expireAfterSeconds')) === toNumber(b.get('expireAfterSeconds')) &&
	isTrue(a.get('prepareUnique')) === isTrue(b.get('prepareUnique'));

/** Throws for a conflict; returns true if the index is there already. */
function existsAlready(collection: Collection, spec: Doc): boolean {
	const name = spec.get('name') as string;
	// Every collection has this one, a clustered collection by any name.
	if (name === '_id_') return true;
	const conflict = (which: 'IndexKeySpecsConflict' | 'IndexOptionsConflict', what: string, existing: Doc): Error =>
		storeError(which, `${what} Requested index: ${show(spec)}, existing index: ${show(existing)}`);
	const namesake = collection.indexes.find((index) => index.name === name)?.spec;
	if (namesake) {
		if (!sameIndex(namesake, spec)) {
			const what =
				'An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation.';
			throw conflict('IndexKeySpecsConflict', what, namesake);
		}
		if (!sameSettings(namesake, spec)) {
			const what = 'An equivalent index already exists with the same name but different options.';
			throw conflict('IndexOptionsConflict', what, namesake);
		}
		return true;
	}
	const twin = collection.indexes.find((index) => sameIndex(index.spec, spec))?.spec;
	if (!twin) return false;
	if (sameSettings(twin, spec)) {
		throw storeError(
			'IndexOptionsConflict',
			`Index already exists with a different name: ${String(twin.get('name'))}`
		);
	}
	throw conflict(
		'IndexOptionsConflict',
		'An equivalent index already exists with a different name and options.',
		twin
	);
}

async function createIndexes(context: Context): Promise<Reply> {
	const { store } = context;
	const { catalog, environment } = store;
	const namespace = writableNamespaceOf(context);
	if (context.command.has('commitQuorum')) throw badValue("Standalones can't specify commitQuorum");
	const lenient = optionalFlag(context, 'ignoreUnknownIndexOptions');
	const inherited = catalog.get(namespace)?.options.get('collation');
	const specs = documentsOf(context, 'indexes').map((spec) => normalizeSpec(lenient ? withoutUnknown(spec) : spec, inherited));
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
				const where = `Collection ${collection.namespace} ( ${uuidText(collection.uuid)} )`;
				throw new StoreError(
					11000,
					'DuplicateKey',
					`Index build failed: ${randomUUID()}: ${where} :: caused by :: ${error.message}`,
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
	const wrapped = optionalFlag(context, 'includeIndexBuildInfo');
	const shown = collection.indexes
		.filter((index) => !index.building)
		.map(({ spec }) => (wrapped ? new Map<string, Value>([['spec', spec]]) : spec));
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
		if (name.size === 1 && name.has('_id') && name.get('_id') !== 'hashed') throw storeError('InvalidOptions', 'cannot drop _id index');
		const found = droppable.filter((candidate) => sameKey(candidate.key, name));
		if (found.length > 1) {
			const names = found.map((index) => index.name).join(', ');
			throw storeError('AmbiguousIndexKeyPattern', `${found.length} indexes found for key: ${describeKey(name)}, identify by name instead. Conflicting indexes: ${names}`);
		}
		if (!found[0]) throw storeError('IndexNotFound', `can't find index with key: ${describeKey(name)}`);
		return found[0];
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
