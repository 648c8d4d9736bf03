/** collMod: changes a collection's options and its indexes. */
import { int32, Long } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import type { Index } from '../indexes/description.ts';
import { isTrue, sameKey, toNumber } from '../indexes/description.ts';
import { hashesNotUnique } from '../indexes/specification.ts';
import { badValue, storeError } from '../language/errors.ts';
import { show } from '../language/show.ts';
import type { Collection } from '../storage/catalog.ts';
import { idIndexSpec } from '../storage/catalog.ts';
import { MODIFY_FIELDS, readExpiry, readOptions } from './collection-options.ts';
import type { Command, Context, Reply } from './context.ts';
import { namespaceOf, optionalDoc, optionalFlag, reply } from './context.ts';
import { convertToUnique, findViolations } from './unique-conversion.ts';

function findIndex(collection: Collection, change: Doc): Index {
	const name = change.get('name');
	const pattern = change.get('keyPattern');
	if (name === undefined && pattern === undefined) {
		throw storeError('InvalidOptions', 'must specify either index name or key pattern');
	}
	if (name !== undefined && pattern !== undefined) {
		throw storeError('InvalidOptions', 'Cannot specify both key pattern and name.');
	}
	const found = collection.indexes.filter((candidate) =>
		pattern instanceof Map ? sameKey(candidate.key, pattern) : candidate.name === name
	);
	const [index] = found;
	const wanted = pattern instanceof Map ? show(pattern) : String(name);
	if (!index) throw storeError('IndexNotFound', `cannot find index ${wanted} for ns ${collection.namespace}`);
	if (found.length > 1) {
		const names = found.map((each) => each.name).join(', ');
		throw storeError(
			'AmbiguousIndexKeyPattern',
			`index keyPattern ${wanted} matches ${found.length} indexes, must use index name. Conflicting indexes: ${names}`
		);
	}
	return index;
}

function changeIndex(index: Index, change: Doc, changes: [string, Value][]): void {
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
		if (index.isId) throw badValue("can't hide _id index");
		const hidden = isTrue(change.get('hidden'));
		if (hidden !== index.hidden) changes.push(['hidden_old', index.hidden], ['hidden_new', hidden]);
		if (hidden) spec.set('hidden', true);
		else spec.delete('hidden');
		index.hidden = hidden;
	}
	if (change.has('prepareUnique')) {
		const prepare = isTrue(change.get('prepareUnique'));
		if (prepare && index.hashed !== undefined) throw hashesNotUnique();
		if (prepare !== index.prepareUnique) {
			changes.push(['prepareUnique_old', index.prepareUnique], ['prepareUnique_new', prepare]);
		}
		if (prepare) spec.set('prepareUnique', true);
		else spec.delete('prepareUnique');
		index.prepareUnique = prepare;
	}
	index.spec = spec;
}

/** `expireAfterSeconds` of the collection itself, which only clustered ones have. */
function changeExpiry(collection: Collection, options: Doc, value: Value): void {
	if (!options.has('clusteredIndex')) {
		throw storeError(
			'InvalidOptions',
			"'expireAfterSeconds' is only supported on time-series collections or when the 'clusteredIndex' option is specified"
		);
	}
	const seconds = readExpiry(value);
	if (seconds === undefined) options.delete('expireAfterSeconds');
	else options.set('expireAfterSeconds', Long.fromNumber(seconds));
	const clustered = collection.indexes.find((index) => index.isId);
	if (!clustered) return;
	clustered.spec = idIndexSpec(options);
	if (seconds === undefined) delete clustered.expireAfterSeconds;
	else clustered.expireAfterSeconds = seconds;
}

async function collMod(context: Context): Promise<Reply> {
	const namespace = namespaceOf(context);
	const { store } = context;
	const change = optionalDoc(context, 'index');
	const dryRun = optionalFlag(context, 'dryRun');
	const toUnique = change !== undefined && isTrue(change.get('unique'));
	if (dryRun && !toUnique) throw storeError('InvalidOptions', 'dryRun is only for converting an index to unique');
	const changes: [string, Value][] = [];
	const collection = await store.environment.write(() => {
		changes.length = 0;
		const found = store.catalog.get(namespace);
		if (!found) throw storeError('NamespaceNotFound', `ns does not exist: ${namespace}`);
		if (context.command.has('cappedSize') || context.command.has('cappedMax')) {
			throw storeError('InvalidOptions', 'Collection must be capped.');
		}
		const options: Doc = new Map(found.options);
		readOptions(context, options);
		const expire = context.command.get('expireAfterSeconds');
		if (expire !== undefined) changeExpiry(found, options, expire);
		if (change && !dryRun) changeIndex(findIndex(found, change), change, changes);
		if (dryRun) return found;
		found.options = options;
		store.catalog.save(found);
		return found;
	});
	if (toUnique && change) {
		const index = findIndex(collection, change);
		if (!index.unique) {
			if (dryRun) await findViolations(store, collection, index);
			else await convertToUnique(store, collection, index, context.limits);
			changes.push(['unique_new', true]);
		}
	}
	return reply(...changes);
}

export const COLL_MOD: Record<string, Command> = {
	collMod: { fields: MODIFY_FIELDS, run: collMod }
};
