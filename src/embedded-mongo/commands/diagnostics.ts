/** What tools ask a server about itself: parameters, sizes, and validate. */
import { int32, Long } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { isTrue, toNumber } from '../indexes/description.ts';
import { storeError } from '../language/errors.ts';
import type { Limits } from '../limits.ts';
import type { Collection } from '../storage/catalog.ts';
import { after } from '../storage/keys.ts';
import { countKeys } from '../storage/count-keys.ts';
import { validateCollection } from '../storage/validate.ts';
import type { Store } from '../store.ts';
import type { Command, Context, Reply } from './context.ts';
import { collectionOf, count, doc, namespaceOf, optionalNumber, reply } from './context.ts';

const PARAMETERS = ['ttlMonitorSleepSecs', 'ttlMonitorEnabled'] as const;
/** What cannot be changed, or has only one value that is true of this server. */
const FIXED = new Map<string, Value>([
	['featureCompatibilityVersion', doc(['version', '8.0'])],
	// Nothing is logged, nobody logs in, nothing is compressed, and no client is made to name an API version.
	['logComponentVerbosity', doc(['verbosity', int32(0)])],
	['logLevel', int32(0)],
	['quiet', false],
	['authenticationMechanisms', []],
	['networkMessageCompressors', 'disabled'],
	['requireApiVersion', false],
	['notablescan', false],
	// The fail point answers.
	['enableTestCommands', true]
]);

function parameterValue(context: Context, name: string): Value | undefined {
	const { settings } = context.store;
	if (name === 'ttlMonitorSleepSecs') return int32(settings.ttlMonitorSleepSecs);
	if (name === 'ttlMonitorEnabled') return settings.ttlMonitorEnabled;
	return FIXED.get(name);
}

function getParameter(context: Context): Reply {
	const asked = context.command.get('getParameter');
	const options = asked instanceof Map ? asked : new Map<string, Value>();
	const all = asked === '*' || isTrue(options.get('allParameters'));
	const names = all
		? [...PARAMETERS, ...FIXED.keys()]
		: [...context.command.keys()].filter((name) => parameterValue(context, name) !== undefined);
	if (names.length === 0) throw storeError('InvalidOptions', 'no option found to get');
	const shown = (name: string): Value => {
		const value = parameterValue(context, name) as Value;
		if (!isTrue(options.get('showDetails'))) return value;
		return doc(['value', value], ['settableAtRuntime', !FIXED.has(name)], ['settableAtStartup', false]);
	};
	return reply(...names.map((name): [string, Value] => [name, shown(name)]));
}

function setParameter(context: Context): Reply {
	const { settings, onSettings } = context.store;
	const known = PARAMETERS.filter((name) => context.command.has(name));
	const [name] = known;
	if (!name) {
		const asked = [...context.command.keys()].find((key) => key !== 'setParameter' && !key.startsWith('$') && key !== 'lsid');
		throw storeError(
			'InvalidOptions',
			asked ? `attempted to set unrecognized parameter [${asked}], use help:true to see options` : 'no option found to set'
		);
	}
	const value = context.command.get(name);
	const was = parameterValue(context, name) as Value;
	if (name === 'ttlMonitorSleepSecs') {
		const seconds = toNumber(value);
		if (seconds === undefined || seconds < 1) throw storeError('BadValue', `invalid value for ${name}`);
		settings.ttlMonitorSleepSecs = Math.trunc(seconds);
	} else {
		settings.ttlMonitorEnabled = value === true || (toNumber(value) ?? 0) !== 0;
	}
	for (const listener of onSettings) listener();
	return reply(['was', was]);
}

/** Bytes by index. Keys' sizes are not counted on the way; an estimate from their number is enough for what tools show. */
export async function indexSizes(store: Store, collection: Collection, limits: Limits): Promise<Map<string, number>> {
	const sizes = new Map<string, number>();
	for (const index of collection.indexes) {
		const keys = await countKeys(store.environment.entries, index.prefix, after(index.prefix), limits);
		sizes.set(index.name, keys * 32);
	}
	return sizes;
}

const total = (sizes: Map<string, number>): number => [...sizes.values()].reduce((sum, size) => sum + size, 0);

/** Sizes of a collection, as `collStats` and `$collStats` show them; all zero if there is none. */
export async function storageStats(
	store: Store,
	collection: Collection | undefined,
	scale: number,
	limits: Limits
): Promise<[string, Value][]> {
	const scaled = (bytes: number): Value => count(Math.floor(bytes / scale));
	const { documents, bytes } = collection?.committed ?? { documents: 0, bytes: 0 };
	const sizes = collection ? await indexSizes(store, collection, limits) : new Map<string, number>();
	const entries: [string, Value][] = [
		['size', scaled(bytes)],
		['count', count(documents)]
	];
	if (documents > 0) entries.push(['avgObjSize', count(Math.floor(bytes / documents))]);
	return [
		...entries,
		['storageSize', scaled(bytes)],
		['freeStorageSize', scaled(0)],
		['capped', false],
		['nindexes', int32(sizes.size)],
		['indexBuilds', []],
		['totalIndexSize', scaled(total(sizes))],
		['totalSize', scaled(bytes + total(sizes))],
		['indexSizes', new Map([...sizes].map(([name, size]): [string, Value] => [name, scaled(size)]))],
		['scaleFactor', count(scale)]
	];
}

/** What sizes are divided by. */
function scaleOf(context: Context): number {
	const scale = optionalNumber(context, 'scale') ?? 1;
	if (scale < 1) throw storeError(51024, `BSON field 'scale' value must be >= 1, actual value '${scale}'`);
	return scale;
}

async function collStats(context: Context): Promise<Reply> {
	const namespace = namespaceOf(context);
	const scale = scaleOf(context);
	return reply(['ns', namespace], ...(await storageStats(context.store, collectionOf(context), scale, context.limits)));
}

async function dbStats(context: Context): Promise<Reply> {
	const { catalog } = context.store;
	const scale = scaleOf(context);
	const collections = catalog.collections(context.database);
	const sum = (of: (collection: Collection) => number): number => collections.reduce((total, each) => total + of(each), 0);
	const objects = sum((each) => each.committed.documents);
	const dataSize = sum((each) => each.committed.bytes);
	let indexSize = 0;
	for (const collection of collections) indexSize += total(await indexSizes(context.store, collection, context.limits));
	const free = (name: string): [string, Value][] => (isTrue(context.command.get('freeStorage')) ? [[name, 0]] : []);
	return reply(
		['db', context.database],
		['collections', Long.fromNumber(collections.length)],
		['views', Long.fromNumber(0)],
		['objects', Long.fromNumber(objects)],
		['avgObjSize', objects > 0 ? dataSize / objects : 0],
		['dataSize', dataSize / scale],
		['storageSize', dataSize / scale],
		...free('freeStorageSize'),
		['indexes', Long.fromNumber(sum((each) => each.indexes.length))],
		['indexSize', indexSize / scale],
		...free('indexFreeStorageSize'),
		['totalSize', (dataSize + indexSize) / scale],
		...free('totalFreeStorageSize'),
		['scaleFactor', Long.fromNumber(scale)],
		['fsUsedSize', context.store.environment.fileBytes() / scale],
		['fsTotalSize', context.store.environment.fileBytes() / scale]
	);
}

async function validateCommand(context: Context): Promise<Reply> {
	const namespace = namespaceOf(context);
	const report = await validateCollection(context.store, namespace, context.limits);
	const keysPerIndex: Doc = new Map(
		[...report.keysPerIndex].map(([name, keys]) => [name, Long.fromNumber(keys) as Value])
	);
	const indexDetails: Doc = new Map(
		[...report.keysPerIndex.keys()].map((name) => [name, doc(['valid', !report.invalidIndexes.has(name)]) as Value])
	);
	return reply(
		['ns', namespace],
		['nInvalidDocuments', Long.fromNumber(report.invalidDocuments)],
		['nNonCompliantDocuments', Long.fromNumber(0)],
		['nrecords', Long.fromNumber(report.records)],
		['nIndexes', int32(report.indexes)],
		['keysPerIndex', keysPerIndex],
		['indexDetails', indexDetails],
		['valid', report.errors.length === 0],
		['repaired', false],
		['warnings', []],
		['errors', report.errors],
		['extraIndexEntries', report.extra],
		['missingIndexEntries', report.missing]
	);
}

export const DIAGNOSTICS: Record<string, Command> = {
	getParameter: { fields: ['*'], run: getParameter, adminOnly: true },
	setParameter: { fields: ['*'], run: setParameter, adminOnly: true },
	collStats: { fields: ['scale'], reads: true, run: collStats },
	dbStats: { fields: ['scale', 'freeStorage'], reads: true, run: dbStats },
	dbstats: { fields: ['scale', 'freeStorage'], reads: true, run: dbStats },
	validate: { fields: ['full', 'repair', 'metadata', 'checkBSONConformance', 'background', 'scandata', 'enforceFastCount'], reads: true, run: validateCommand }
};
