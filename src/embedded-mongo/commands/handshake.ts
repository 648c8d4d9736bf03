/** How a driver gets to know the server: a standalone MongoDB 8.0 without transactions or authentication. */
import { arch, cpus, hostname, platform, release, totalmem, type } from 'node:os';
import { int32, Long } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { storeError, typeMismatch } from '../language/errors.ts';
import { MAX_MESSAGE_BYTES } from '../wire/frames.ts';
import type { Command, Context } from './context.ts';
import { doc, optionalDoc, optionalFlag, optionalString, reply } from './context.ts';
import { SESSION_MINUTES } from './sessions.ts';

export const VERSION = '8.0.0';
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
export const MAX_WRITE_BATCH = 100_000;

function hello(context: Context, primaryField: string): Doc {
	const client = context.store.activity.clients.get(context.connection.id);
	const metadata = optionalDoc(context, 'client');
	if (client && metadata) client.metadata = metadata;
	const answer: [string, Value][] = [];
	if (context.command.get('helloOk') === true) answer.push(['helloOk', true]);
	answer.push(
		[primaryField, true],
		['maxBsonObjectSize', int32(MAX_DOCUMENT_BYTES)],
		['maxMessageSizeBytes', int32(MAX_MESSAGE_BYTES)],
		['maxWriteBatchSize', int32(MAX_WRITE_BATCH)],
		['localTime', new Date()],
		['logicalSessionTimeoutMinutes', int32(SESSION_MINUTES)],
		['connectionId', int32(context.connection.id)],
		['minWireVersion', int32(0)],
		['maxWireVersion', int32(25)],
		['readOnly', false]
	);
	return reply(...answer);
}

const HELLO_FIELDS = [
	'helloOk',
	'client',
	'compression',
	'hostInfo',
	'internalClient',
	'saslSupportedMechs',
	'speculativeAuthenticate',
	'loadBalanced',
	'topologyVersion',
	'maxAwaitTimeMS',
	'backpressure'
];

function buildInfo(): Doc {
	return reply(
		['version', VERSION],
		['gitVersion', 'unknown'],
		['modules', []],
		['allocator', 'system'],
		['javascriptEngine', 'none'],
		['sysInfo', 'deprecated'],
		['versionArray', [8, 0, 0, 0].map((part) => int32(part))],
		['openssl', doc(['running', 'disabled'])],
		['bits', int32(64)],
		['debug', false],
		['maxBsonObjectSize', int32(MAX_DOCUMENT_BYTES)],
		['storageEngines', ['lmdb']]
	);
}

export const HANDSHAKE: Record<string, Command> = {
	hello: {
		fields: HELLO_FIELDS,
		run: (context) => hello(context, 'isWritablePrimary')
	},
	isMaster: {
		fields: HELLO_FIELDS,
		run: (context) => hello(context, 'ismaster')
	},
	ping: { fields: [], run: () => reply() },
	buildInfo: { fields: [], run: () => buildInfo() },
	buildinfo: { fields: [], run: () => buildInfo() },
	connectionStatus: {
		fields: ['showPrivileges'],
		run: (context) => {
			const info = doc(['authenticatedUsers', []], ['authenticatedUserRoles', []]);
			if (optionalFlag(context, 'showPrivileges')) info.set('authenticatedUserPrivileges', []);
			return reply(['authInfo', info]);
		}
	},
	whatsmyuri: {
		fields: [],
		run: ({ store, connection }) => reply(['you', store.activity.clients.get(connection.id)?.address ?? ''])
	},
	hostInfo: {
		fields: [],
		run: () =>
			reply(
				[
					'system',
					doc(
						['currentTime', new Date()],
						['hostname', hostname()],
						['cpuAddrSize', int32(64)],
						['memSizeMB', Long.fromNumber(Math.round(totalmem() / 1048576))],
						['numCores', int32(cpus().length)],
						['cpuArch', arch()]
					)
				],
				['os', doc(['type', type()], ['name', platform()], ['version', release()])],
				['extra', doc()]
			)
	},
	getCmdLineOpts: {
		fields: [],
		run: () => reply(['argv', ['mongod']], ['parsed', doc()])
	},
	getLog: {
		fields: [],
		run: (context) => {
			const name = context.command.get('getLog');
			if (name === '*') return reply(['names', ['global', 'startupWarnings']]);
			if (typeof name !== 'string') throw typeMismatch('Argument to getLog must be of type String');
			if (name !== 'global' && name !== 'startupWarnings') throw storeError('OperationFailed', `No log named '${name}'`);
			return reply(['totalLinesWritten', int32(0)], ['log', []]);
		}
	},
	saslStart: {
		fields: ['*'],
		run(context) {
			const mechanism = optionalString(context, 'mechanism') ?? '';
			if (!mechanism.startsWith('SCRAM-')) {
				throw storeError(
					'MechanismUnavailable',
					`Received authentication for mechanism ${mechanism} which is not enabled`
				);
			}
			throw storeError(
				'AuthenticationFailed',
				'Authentication failed. This server knows no users; connect without credentials.'
			);
		}
	},
	saslContinue: {
		fields: ['*'],
		run() {
			throw storeError('ProtocolError', 'No SASL session state found');
		}
	},
	commitTransaction: { fields: ['*'], run: refuseTransaction },
	abortTransaction: { fields: ['*'], run: refuseTransaction }
};

function refuseTransaction(): Doc {
	throw storeError('IllegalOperation', 'Transaction numbers are only allowed on a replica set member or mongos');
}
