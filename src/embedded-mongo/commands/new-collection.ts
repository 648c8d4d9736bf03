/** What collections may be called, and making them. */
import type { Doc } from '../bson/values.ts';
import { storeError } from '../language/errors.ts';
import type { Catalog, Collection } from '../storage/catalog.ts';
import { splitNamespace } from '../storage/catalog.ts';

/** Refuses to write to what no client may call a collection. */
export function assertWritable(namespace: string): void {
	const { name } = splitNamespace(namespace);
	if (name.includes('$')) throw storeError('InvalidNamespace', `Invalid collection name: ${name}`);
	if (name.startsWith('system.')) throw storeError('InvalidNamespace', `Invalid system namespace: ${namespace}`);
}

/** A name that differs from another database's in case only would mean that one's files on some systems. */
function assertDatabaseNew(catalog: Catalog, database: string): void {
	const others = catalog.collections();
	if (others.some((collection) => collection.database === database)) return;
	const folded = database.toLowerCase();
	const clash = others.find((collection) => collection.database.toLowerCase() === folded);
	if (!clash) return;
	throw storeError(
		'DatabaseDifferCase',
		`db already exists with different case already have: [${clash.database}] trying to create [${database}]`
	);
}

/** A new collection; only inside write jobs. */
export function createCollection(catalog: Catalog, namespace: string, options?: Doc): Collection {
	assertWritable(namespace);
	assertDatabaseNew(catalog, splitNamespace(namespace).database);
	return catalog.create(namespace, options);
}
