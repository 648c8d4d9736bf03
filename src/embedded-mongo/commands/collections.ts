/** create, collMod, drop, dropDatabase, renameCollection, listCollections and listDatabases. */
import { encode } from '../bson/codec.ts';
import { int32, Long } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { batchSource, documentSource } from '../cursors/batches.ts';
import { completeCollation } from '../indexes/collation.ts';
import { isTrue, toNumber } from '../indexes/description.ts';
import { compileCollation } from '../language/collation.ts';
import { badValue, storeError } from '../language/errors.ts';
import { compileFilter } from '../language/filter.ts';
import type { Collection } from '../storage/catalog.ts';
import { idIndexSpec } from '../storage/catalog.ts';
import type { Command, Context, Reply } from './context.ts';
import { assertNamespace, doc, namespaceOf, optionalDoc, optionalFlag, optionalString, reply } from './context.ts';
import { firstBatch } from './find.ts';

const NOT_OFFERED: Record<string, string> = {
	capped: 'capped collections',
	timeseries: 'time-series collections',
	viewOn: 'views',
	clusteredIndex: 'clustered collections',
	changeStreamPreAndPostImages: 'change stream images',
	encryptedFields: 'encrypted collections',
	expireAfterSeconds: 'expireAfterSeconds on collections'
};

const CREATE_FIELDS = [
	'capped',
	'autoIndexId',
	'idIndex',
	'size',
	'max',
	'storageEngine',
	'validator',
	'validationLevel',
	'validationAction',
	'indexOptionDefaults',
	'viewOn',
	'pipeline',
	'collation',
	'timeseries',
	'clusteredIndex',
	'expireAfterSeconds',
	'changeStreamPreAndPostImages',
	'encryptedFields',
	'flags',
	'recordIdsReplicated'
];

function refuseNotOffered(context: Context): void {
	for (const [field, what] of Object.entries(NOT_OFFERED)) {
		const value = context.command.get(field);
		if (value !== undefined && value !== null && value !== false) {
			throw storeError('CommandNotSupported', `${what} are not offered by this server`);
		}
	}
}

function readValidation(context: Context, options: Doc): void {
	const validator = optionalDoc(context, 'validator');
	if (validator) {
		compileFilter(validator);
		options.set('validator', validator);
	}
	const level = optionalString(context, 'validationLevel');
	if (level !== undefined) {
		if (!['off', 'strict', 'moderate'].includes(level)) {
			throw badValue(`Enumeration value '${level}' for field 'validationLevel' is not a valid value.`);
		}
		options.set('validationLevel', level);
	}
	const action = optionalString(context, 'validationAction');
	if (action !== undefined) {
		if (!['error', 'warn'].includes(action)) {
			throw badValue(`Enumeration value '${action}' for field 'validationAction' is not a valid value.`);
		}
		options.set('validationAction', action);
	}
	if (validator) {
		if (!options.has('validationLevel')) options.set('validationLevel', 'strict');
		if (!options.has('validationAction')) options.set('validationAction', 'error');
	}
}

async function create(context: Context): Promise<Reply> {
	const namespace = namespaceOf(context);
	refuseNotOffered(context);
	const name = namespace.slice(namespace.indexOf('.') + 1);
	if (name.includes('$') || name.startsWith('system.')) {
		throw storeError('InvalidNamespace', `Invalid collection name: ${name}`);
	}
	const options: Doc = new Map();
	readValidation(context, options);
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
		catalog.create(namespace, options);
	});
	return reply();
}

async function collMod(context: Context): Promise<Reply> {
	const namespace = namespaceOf(context);
	refuseNotOffered(context);
	const { environment, catalog } = context.store;
	const changes: [string, Value][] = [];
	await environment.write(() => {
		changes.length = 0;
		const collection = catalog.get(namespace);
		if (!collection) throw storeError('NamespaceNotFound', `ns does not exist: ${namespace}`);
		const options: Doc = new Map(collection.options);
		readValidation(context, options);
		const change = optionalDoc(context, 'index');
		if (change) changeIndex(collection, change, changes);
		collection.options = options;
		catalog.save(collection);
	});
	return reply(...changes);
}

function changeIndex(collection: Collection, change: Doc, changes: [string, Value][]): void {
	const name = change.get('name');
	const pattern = change.get('keyPattern');
	const wanted = pattern instanceof Map ? Buffer.from(encode(pattern)) : undefined;
	const index = collection.indexes.find((candidate) =>
		wanted ? Buffer.from(encode(candidate.key)).equals(wanted) : candidate.name === name
	);
	if (!index) throw storeError('IndexNotFound', `cannot find index ${String(name)} for ns ${collection.namespace}`);
	const spec: Doc = new Map(index.spec);
	const expire = toNumber(change.get('expireAfterSeconds'));
	if (expire !== undefined) {
		const before = index.spec.get('expireAfterSeconds');
		if (before !== undefined) changes.push(['expireAfterSeconds_old', Long.fromNumber(toNumber(before) ?? 0)]);
		changes.push(['expireAfterSeconds_new', Long.fromNumber(expire)]);
		spec.set('expireAfterSeconds', int32(expire));
		index.expireAfterSeconds = expire;
	}
	if (change.has('hidden')) {
		if (index.name === '_id_') throw badValue("can't hide _id index");
		const hidden = isTrue(change.get('hidden'));
		changes.push(['hidden_old', index.hidden], ['hidden_new', hidden]);
		if (hidden) spec.set('hidden', true);
		else spec.delete('hidden');
		index.hidden = hidden;
	}
	for (const field of ['unique', 'prepareUnique']) {
		if (change.has(field)) {
			throw storeError('CommandNotSupported', `collMod with index.${field} is not offered by this server`);
		}
	}
	index.spec = spec;
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
	shown.set('idIndex', idIndexSpec());
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

function listDatabases(context: Context): Reply {
	const { store } = context;
	const filter = optionalDoc(context, 'filter');
	const matches = filter ? compileFilter(filter) : undefined;
	const nameOnly = optionalFlag(context, 'nameOnly');
	let total = 0;
	const shown: Value[] = [];
	for (const name of store.catalog.databases()) {
		const size = store.catalog.collections(name).reduce((sum, collection) => sum + collection.bytes, 0);
		const described = doc(['name', name], ['sizeOnDisk', Long.fromNumber(size)], ['empty', size === 0]);
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
	collMod: { fields: [...CREATE_FIELDS, 'index', 'cappedSize', 'cappedMax', 'dryRun'], run: collMod },
	drop: { fields: [], run: drop },
	dropDatabase: { fields: [], run: dropDatabase },
	renameCollection: { fields: ['to', 'dropTarget', 'stayTemp'], run: renameCollection, adminOnly: true },
	listCollections: { fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'], run: listCollections },
	listDatabases: { fields: ['filter', 'nameOnly', 'authorizedDatabases'], run: listDatabases, adminOnly: true }
};
