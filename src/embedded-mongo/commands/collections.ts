/** create, drop, dropDatabase, renameCollection, listCollections and listDatabases. */
import { encode } from '../bson/codec.ts';
import { int32, Long } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { batchSource, documentSource } from '../cursors/batches.ts';
import { completeCollation } from '../indexes/collation.ts';
import { isTrue, toNumber } from '../indexes/description.ts';
import { compileCollation } from '../language/collation.ts';
import { storeError } from '../language/errors.ts';
import { compileFilter } from '../language/filter.ts';
import type { Collection } from '../storage/catalog.ts';
import { idIndexSpec } from '../storage/catalog.ts';
import type { Command, Context, Reply } from './context.ts';
import { assertNamespace, doc, namespaceOf, optionalDoc, optionalFlag, reply, writableNamespaceOf } from './context.ts';
import { firstBatch } from './find.ts';
import { createCollection } from './new-collection.ts';
import { CREATE_FIELDS, readClustering, readOptions, refuseLeftovers } from './collection-options.ts';

/** What MongoDB's files grow by. */
const PAGE = 4096;

async function create(context: Context): Promise<Reply> {
	const namespace = writableNamespaceOf(context);
	const options: Doc = new Map();
	readOptions(context, options);
	refuseLeftovers(context);
	readClustering(context, options);
	const collation = optionalDoc(context, 'collation');
	if (collation) {
		if (compileCollation(collation)) options.set('collation', completeCollation(collation));
	}
	const { environment, catalog } = context.store;
	await environment.write(() => {
		const existing = catalog.get(namespace);
		if (existing) {
			// Creating what is there already with the same options is no error.
			if (Buffer.from(encode(existing.options)).equals(Buffer.from(encode(options)))) return;
			throw storeError('NamespaceExists', `Collection ${namespace} already exists.`);
		}
		createCollection(catalog, namespace, options);
	});
	return reply();
}

async function drop(context: Context): Promise<Reply> {
	const namespace = namespaceOf(context);
	const { store } = context;
	const indexes = await store.environment.write(() => {
		const collection = store.catalog.get(namespace);
		if (!collection) return undefined;
		store.catalog.drop(collection);
		return collection.indexes.length;
	});
	if (indexes === undefined) return reply(['ns', namespace], ['nIndexesWas', int32(0)]);
	store.cursors.killNamespace(namespace, 'collection dropped');
	store.reapSoon();
	return reply(['nIndexesWas', int32(indexes)], ['ns', namespace]);
}

async function dropDatabase(context: Context): Promise<Reply> {
	const { store, database } = context;
	const dropped = await store.environment.write(() => {
		const collections = store.catalog.collections(database);
		for (const collection of collections) store.catalog.drop(collection);
		return collections.map((collection) => collection.namespace);
	});
	for (const namespace of dropped) store.cursors.killNamespace(namespace, 'collection dropped');
	store.reapSoon();
	return dropped.length > 0 ? reply(['dropped', database]) : reply();
}

async function renameCollection(context: Context): Promise<Reply> {
	const { store, command } = context;
	const from = command.get('renameCollection');
	const to = command.get('to');
	if (typeof from !== 'string' || typeof to !== 'string') {
		throw storeError('TypeMismatch', "BSON field 'renameCollection.to' is the wrong type, expected type 'string'");
	}
	assertNamespace(from);
	assertNamespace(to);
	if (to.includes('$')) throw storeError('InvalidNamespace', `Invalid target namespace: ${to}`);
	const dropTarget = isTrue(command.get('dropTarget'));
	if (from === to) throw storeError('IllegalOperation', "Can't rename a collection to itself");
	await store.environment.write(() => {
		const source = store.catalog.get(from);
		if (!source) throw storeError('NamespaceNotFound', `Source collection ${from} does not exist`);
		const target = store.catalog.get(to);
		if (target && !dropTarget) throw storeError('NamespaceExists', 'target namespace exists');
		if (target) store.catalog.drop(target);
		store.catalog.rename(source, to);
	});
	store.cursors.killNamespace(from, 'collection renamed');
	store.cursors.killNamespace(to, 'collection dropped');
	store.reapSoon();
	return reply();
}

function describe(collection: Collection, nameOnly: boolean): Doc {
	const shown = doc(['name', collection.name], ['type', 'collection']);
	if (nameOnly) return shown;
	shown.set('options', collection.options);
	shown.set('info', doc(['readOnly', false], ['uuid', collection.uuid]));
	const { options, indexes } = collection;
	if (!options.has('clusteredIndex')) shown.set('idIndex', indexes.find((index) => index.isId)?.spec ?? idIndexSpec(options));
	return shown;
}

async function listCollections(context: Context): Promise<Reply> {
	const { store, database } = context;
	const filter = optionalDoc(context, 'filter');
	const matches = filter ? compileFilter(filter) : undefined;
	const nameOnly = optionalFlag(context, 'nameOnly');
	const cursor = optionalDoc(context, 'cursor');
	const all = store.catalog.collections(database).sort((a, b) => (a.name < b.name ? -1 : 1));
	const shown = all
		.filter((collection) => !matches || matches.matches(describe(collection, false)))
		.map((collection) => describe(collection, nameOnly));
	return firstBatch(store, `${database}.$cmd.listCollections`, batchSource(documentSource(shown)), {
		batchSize: toNumber(cursor?.get('batchSize')) ?? Infinity
	});
}

/** An estimate: the documents, and one page at least for them and for each index. */
const sizeOnDisk = ({ bytes, indexes }: Collection): number => (Math.ceil(bytes / PAGE) || 1) * PAGE + indexes.length * PAGE;

function listDatabases(context: Context): Reply {
	const { store } = context;
	const filter = optionalDoc(context, 'filter');
	const matches = filter ? compileFilter(filter) : undefined;
	const nameOnly = optionalFlag(context, 'nameOnly');
	let total = 0;
	const shown: Value[] = [];
	for (const name of store.catalog.databases()) {
		const size = store.catalog.collections(name).reduce((sum, collection) => sum + sizeOnDisk(collection), 0);
		const described = doc(['name', name], ['sizeOnDisk', Long.fromNumber(size)], ['empty', false]);
		if (matches && !matches.matches(described)) continue;
		total += size;
		shown.push(nameOnly ? doc(['name', name]) : described);
	}
	if (nameOnly) return reply(['databases', shown]);
	return reply(
		['databases', shown],
		['totalSize', Long.fromNumber(total)],
		['totalSizeMb', Long.fromNumber(Math.floor(total / 1048576))]
	);
}

export const COLLECTIONS: Record<string, Command> = {
	create: { fields: CREATE_FIELDS, run: create },
	drop: { fields: [], run: drop },
	dropDatabase: { fields: [], run: dropDatabase },
	renameCollection: { fields: ['to', 'dropTarget', 'stayTemp'], run: renameCollection, adminOnly: true },
	listCollections: { fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'], run: listCollections },
	listDatabases: { fields: ['filter', 'nameOnly', 'authorizedDatabases'], run: listDatabases, adminOnly: true }
};
