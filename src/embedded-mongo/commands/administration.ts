/** Commands of administrators' tools whose answer on a durable standalone without users is short. */
import { int32, Long, typeName } from '../bson/values.ts';
import { isTrue, toNumber } from '../indexes/description.ts';
import { badValue, storeError, typeMismatch } from '../language/errors.ts';
import type { Command, Context, Reply } from './context.ts';
import { collectionOf, count, doc, namespaceOf, optionalDoc, optionalNumber, reply } from './context.ts';

function noReplication(): never {
	throw storeError('NoReplicationEnabled', 'not running with --replSet');
}

/** Text search by an outside engine belongs to hosted MongoDB; a server without it answers so. */
export function noSearch(): never {
	throw storeError(
		'SearchNotEnabled',
		'Using Atlas Search Database Commands and the $listSearchIndexes aggregation stage requires additional configuration. Please connect to Atlas or an AtlasCLI local deployment to enable.'
	);
}

/** The profiler is not offered: it can be asked about and switched off, not on. */
function profile(context: Context): Reply {
	const level = toNumber(context.command.get('profile'));
	if (level === undefined || !Number.isInteger(level)) {
		throw typeMismatch(
			`BSON field 'profile.profile' is the wrong type '${typeName(context.command.get('profile'))}', expected type 'int'`
		);
	}
	if (level > 0) throw storeError('CommandNotSupported', 'the profiler is not offered by this server');
	if (context.command.has('filter')) throw storeError('CommandNotSupported', 'a filter of the profiler is not offered by this server');
	const { settings } = context.store;
	const was = reply(['was', int32(0)], ['slowms', int32(settings.slowms)], ['sampleRate', settings.sampleRate]);
	const slowms = optionalNumber(context, 'slowms');
	const sampleRate = toNumber(context.command.get('sampleRate'));
	if (sampleRate !== undefined && !(sampleRate >= 0 && sampleRate <= 1)) {
		throw badValue(`'sampleRate' must be between 0.0 and 1.0 inclusive`);
	}
	settings.slowms = slowms ?? settings.slowms;
	settings.sampleRate = sampleRate ?? settings.sampleRate;
	return was;
}

/** All that is acknowledged is on disk already; a lock that holds writers off is not offered. */
function fsync(context: Context): Reply {
	if (isTrue(context.command.get('lock'))) {
		throw storeError('CommandNotSupported', 'fsync with lock is not offered by this server');
	}
	return reply(['numFiles', int32(1)]);
}

function fsyncUnlock(): never {
	throw storeError('IllegalOperation', 'fsyncUnlock called when not locked');
}

function setVersion(context: Context): Reply {
	const version = context.command.get('setFeatureCompatibilityVersion');
	if (version !== '8.0') throw badValue(`Invalid feature compatibility version value, expected '8.0', found ${String(version)}`);
	return reply();
}

function dataSize(context: Context): Reply {
	const namespace = context.command.get('dataSize');
	if (typeof namespace !== 'string') throw typeMismatch("BSON field 'dataSize.dataSize' is the wrong type, expected type 'string'");
	for (const field of ['keyPattern', 'min', 'max']) {
		if (context.command.has(field)) throw storeError('CommandNotSupported', `dataSize by '${field}' is not offered by this server`);
	}
	const collection = context.store.catalog.get(namespace);
	return reply(
		['estimate', true],
		['size', count(collection?.committed.bytes ?? 0)],
		['numObjects', count(collection?.committed.documents ?? 0)],
		['millis', int32(0)]
	);
}

/** Pages that are no longer needed are used again by themselves; there is nothing to give back. */
function compact(context: Context): Reply {
	const namespace = namespaceOf(context);
	if (!collectionOf(context)) throw storeError('NamespaceNotFound', `Collection does not exist, ns: ${namespace}`);
	return reply(['bytesFreed', Long.fromNumber(0)]);
}

/** Plans are chosen anew for each query, so there is nothing to forget. */
function planCacheClear(context: Context): Reply {
	namespaceOf(context);
	collectionOf(context);
	optionalDoc(context, 'query');
	return reply();
}

const search: Command = { fields: ['*'], run: noSearch };
const replication: Command = { fields: ['*'], run: noReplication };

export const ADMINISTRATION: Record<string, Command> = {
	profile: { fields: ['slowms', 'sampleRate', 'filter'], run: profile },
	fsync: { fields: ['lock', 'fsyncLockAcquisitionTimeoutMillis'], run: fsync, adminOnly: true },
	fsyncUnlock: { fields: [], run: fsyncUnlock, adminOnly: true },
	setFeatureCompatibilityVersion: {
		fields: ['confirm', 'downgradeOnDiskChanges', 'fromConfigServer', 'phase'],
		run: setVersion,
		adminOnly: true
	},
	getDefaultRWConcern: {
		fields: ['inMemory'],
		run: () =>
			reply(
				['defaultReadConcern', doc(['level', 'local'])],
				['defaultReadConcernSource', 'implicit'],
				['defaultWriteConcern', doc(['w', int32(1)], ['wtimeout', int32(0)])],
				['defaultWriteConcernSource', 'implicit'],
				['localUpdateWallClockTime', new Date()]
			),
		adminOnly: true
	},
	dataSize: { fields: ['keyPattern', 'min', 'max', 'estimate'], run: dataSize },
	compact: { fields: ['force', 'freeSpaceTargetMB', 'dryRun'], run: compact },
	planCacheClear: { fields: ['query', 'projection', 'sort', 'collation', 'planCacheKey'], run: planCacheClear },
	lockInfo: { fields: [], run: () => reply(['lockInfo', []]), adminOnly: true },
	usersInfo: {
		fields: ['showCredentials', 'showCustomData', 'showPrivileges', 'showAuthenticationRestrictions', 'filter'],
		run: () => reply(['users', []])
	},
	rolesInfo: {
		fields: ['showAuthenticationRestrictions', 'showBuiltinRoles', 'showPrivileges'],
		run: () => reply(['roles', []])
	},
	connPoolStats: {
		fields: [],
		run: () => reply(['numClientConnections', int32(0)], ['numAScopedConnections', int32(0)], ['pools', doc()], ['hosts', doc()])
	},
	replSetGetStatus: replication,
	replSetGetConfig: replication,
	replSetInitiate: replication,
	replSetReconfig: replication,
	replSetStepDown: replication,
	createSearchIndexes: search,
	updateSearchIndex: search,
	dropSearchIndex: search,
	listSearchIndexes: search
};
