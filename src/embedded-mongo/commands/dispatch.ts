/** Finds the command a request names, checks its fields, runs it and turns errors into MongoDB's error replies. */
import { decode, encode } from '../bson/codec.ts';
import type { Doc, Value } from '../bson/values.ts';
import { badValue, CODES, StoreError, storeError } from '../language/errors.ts';
import { isTrue, toNumber } from '../indexes/description.ts';
import type { Limits } from '../limits.ts';
import type { Store } from '../store.ts';
import type { Request } from '../wire/messages.ts';
import { arrayOfDocuments, findElement, withoutElement } from '../wire/raw-bson.ts';
import { observed } from './activity.ts';
import { checkApiVersion } from './api-version.ts';
import { checkConcerns } from './concerns.ts';
import type { Command, Connection, Context, Reply } from './context.ts';
import { errorReply } from './error-reply.ts';
import { ConnectionDropped, runOrFail } from './fail-point.ts';
import { COMMANDS } from './registry.ts';
import { useSession } from './sessions.ts';

/** Fields every command takes; most have no meaning on a standalone server and are accepted as MongoDB does. */
const GENERIC = new Set([
	'$db',
	'$readPreference',
	'$queryOptions',
	'$clusterTime',
	'$audit',
	'$client',
	'$configServerState',
	'$configTime',
	'$topologyTime',
	'apiVersion',
	'apiStrict',
	'apiDeprecationErrors',
	'lsid',
	'txnNumber',
	'autocommit',
	'startTransaction',
	'stmtId',
	'stmtIds',
	'maxTimeMS',
	'maxTimeMSOpOnly',
	'readConcern',
	'writeConcern',
	'comment',
	'databaseVersion',
	'shardVersion',
	'help',
	'rawData',
	'serialization_context',
	'clientOperationKey',
	'mayBypassWriteBlocking'
]);

const NAMES = new Map([...COMMANDS.keys()].map((name) => [name.toLowerCase(), name]));

/** Answers at once where the command needs no waiting. */
export function dispatch(store: Store, request: Request, connection: Connection): Uint8Array[] | Promise<Uint8Array[]> {
	try {
		const answer = runCommand(store, request, connection);
		return answer instanceof Promise ? answer.then(bytesOf).catch((error) => refusal(store, error)) : bytesOf(answer);
	} catch (error) {
		return refusal(store, error);
	}
}

const bytesOf = (answer: Reply): Uint8Array[] => (answer instanceof Map ? [encode(answer)] : answer);

function refusal(store: Store, error: unknown): Uint8Array[] {
	if (error instanceof ConnectionDropped) throw error;
	const code = error instanceof StoreError ? error.code : 0;
	if (code === CODES.ClientDisconnect) store.interrupted.disconnect++;
	if (code === CODES.MaxTimeMSExpired) store.interrupted.time++;
	return [encode(errorReply(error))];
}

function runCommand(store: Store, request: Request, connection: Connection): Reply | Promise<Reply> {
	let body = request.body;
	let rawDocuments = request.sequences.get('documents');
	// Documents to insert are kept as bytes; decoding them only to encode them again would be most of the work.
	if (isInsert(body)) {
		const element = findElement(body, 'documents');
		if (element) {
			if (element.type !== 0x04) {
				throw storeError(
					'TypeMismatch',
					"BSON field 'insert.documents' is the wrong type, expected type 'array'"
				);
			}
			const documents = arrayOfDocuments(body, element);
			if (typeof documents === 'string') {
				throw storeError(
					'TypeMismatch',
					`BSON field 'insert.documents.${documents}' is the wrong type, expected type 'object'`
				);
			}
			rawDocuments = documents;
			body = withoutElement(body, element);
		}
	}
	const command = decode(body);
	const first = command.keys().next().value;
	if (first === undefined) throw storeError('CommandNotFound', "no such command: ''");
	// OP_QUERY may wrap the command to carry a read preference.
	if (first === '$query' && command.get('$query') instanceof Map) {
		return runNamed(store, command.get('$query') as Doc, request, rawDocuments, connection);
	}
	for (const [name, documents] of request.sequences) {
		if (command.has(name)) throw storeError(40415, `document sequence ${name} is also in the command`);
		if (name !== 'documents' || first !== 'insert') command.set(name, documents.map((bytes) => decode(bytes)));
	}
	return runNamed(store, command, request, rawDocuments, connection);
}

const INSERT = Buffer.from('insert\0');
function isInsert(body: Buffer): boolean {
	return body.length > 12 && body.compare(INSERT, 0, 7, 5, 12) === 0;
}

function runNamed(
	store: Store,
	command: Doc,
	request: Request,
	rawDocuments: Buffer[] | undefined,
	connection: Connection
): Reply | Promise<Reply> {
	const given = command.keys().next().value ?? '';
	const name = COMMANDS.has(given) ? given : (NAMES.get(given.toLowerCase()) ?? given);
	const found = COMMANDS.get(name);
	// Only the handshake commands are known under names of another case.
	if (!found || (name !== given && name !== 'isMaster')) {
		throw storeError('CommandNotFound', `no such command: '${given}'`);
	}
	if (name !== given) command.set(name, command.get(given) as Value);
	const database = request.database ?? command.get('$db');
	if (typeof database !== 'string' || database === '') {
		throw storeError('IDLFailedToParse', `BSON field '${name}.$db' is missing but a required field`);
	}
	// `$external` holds no collections, but is where some ask to be let in.
	const named = database === '$external' || !/[/\\. "$\0]/.test(database);
	if (!named || Buffer.byteLength(database) > 63) {
		throw storeError('InvalidNamespace', `Invalid database name: '${database}'`);
	}
	checkFields(name, given, found, command);
	if (name === 'explain') checkExplained(command.get('explain'));
	if (found.adminOnly && database !== 'admin') {
		throw storeError(13, `${name} may only be run against the admin database.`);
	}
	checkApiVersion(name, command);
	useSession(store.sessions, command);
	refuseTransactions(command);
	checkConcerns(name, command);
	const maxTime = readMaxTime(command);
	const limits: Limits = found.reads ? { connection } : {};
	if (maxTime && name !== 'getMore') limits.until = Date.now() + maxTime;
	const context: Context = { store, database, name, command, rawDocuments, connection, limits };
	store.opcounters.set(name, (store.opcounters.get(name) ?? 0) + 1);
	return observed(context, () => runOrFail(context, () => found.run(context)));
}

function readMaxTime(command: Doc): number | undefined {
	const value = command.get('maxTimeMS');
	if (value === undefined || value === null) return undefined;
	const time = toNumber(value);
	if (time === undefined) throw badValue('maxTimeMS must be a number');
	if (!Number.isInteger(time)) throw badValue('maxTimeMS has non-integral value');
	if (time < 0 || time > 0x7fffffff) throw badValue(`${time} value for maxTimeMS is out of range [0, 2147483647]`);
	return time;
}

function checkFields(name: string, given: string, found: Command, command: Doc): void {
	if (found.fields.includes('*')) return;
	for (const field of command.keys()) {
		if (field === given || field === name || GENERIC.has(field) || found.fields.includes(field)) continue;
		throw storeError('IDLUnknownField', `BSON field '${name}.${field}' is an unknown field.`);
	}
}

/** What is explained is looked at as if it were run. */
function checkExplained(inner: Value | undefined): void {
	const name = inner instanceof Map ? (inner.keys().next().value ?? '') : '';
	const found = COMMANDS.get(name);
	if (found && inner instanceof Map) checkFields(name, name, found, inner);
}

function refuseTransactions(command: Doc): void {
	if (isTrue(command.get('startTransaction')) || command.has('autocommit') || command.has('txnNumber')) {
		throw storeError('IllegalOperation', 'Transaction numbers are only allowed on a replica set member or mongos');
	}
}
