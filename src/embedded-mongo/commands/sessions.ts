/**
 * Logical sessions: which ones clients have used lately. Without transactions and causal reads nothing hangs on them, so
 * they are remembered in memory only, to be listed.
 */
import { createHash } from 'node:crypto';
import { UUID } from 'bson';
import { Binary, int32, typeName } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { storeError, typeMismatch } from '../language/errors.ts';
import type { Sessions } from '../state.ts';
import type { Command, Context, Reply } from './context.ts';
import { doc, optionalArray, reply } from './context.ts';

export const SESSION_MINUTES = 30;
const SESSION_MS = SESSION_MINUTES * 60_000;
/** MongoDB's `maxSessions` is a million; a store within an application has no use for that many. */
const MAX_SESSIONS = 100_000;
/** Whose sessions they are: without authentication everybody is the user with the empty name. */
const NOBODY = new Binary(createHash('sha256').digest(), 0);

const keyOf = (id: Binary): string => Buffer.from(id.buffer.subarray(0, id.position)).toString('latin1');

function idOf(lsid: Value, where: string): Binary {
	if (!(lsid instanceof Map)) {
		throw typeMismatch(`BSON field '${where}' is the wrong type '${typeName(lsid)}', expected type 'object'`);
	}
	const id = lsid.get('id');
	if (id === undefined) throw storeError('IDLFailedToParse', `BSON field '${where}.id' is missing but a required field`);
	if (!(id instanceof Binary) || id.sub_type !== Binary.SUBTYPE_UUID) {
		throw typeMismatch(`BSON field '${where}.id' is the wrong type '${typeName(id)}', expected type 'binData'`);
	}
	return id;
}

function touch(sessions: Sessions, id: Binary, now: number): void {
	const key = keyOf(id);
	sessions.delete(key);
	sessions.set(key, { id, lastUse: now });
	for (const [oldest, { lastUse }] of sessions) {
		if (now - lastUse < SESSION_MS && sessions.size <= MAX_SESSIONS) break;
		sessions.delete(oldest);
	}
}

/** Notes that a command used a session; throws if its `lsid` is malformed. */
export function useSession(sessions: Sessions, command: Doc): void {
	const lsid = command.get('lsid');
	if (lsid !== undefined) touch(sessions, idOf(lsid, 'OperationSessionInfo.lsid'), Date.now());
}

/** What `$listLocalSessions` gives. */
export function listSessions(sessions: Sessions): Doc[] {
	const limit = Date.now() - SESSION_MS;
	return [...sessions.values()]
		.filter(({ lastUse }) => lastUse > limit)
		.map(({ id, lastUse }) => doc(['_id', doc(['id', id], ['uid', NOBODY])], ['lastUse', new Date(lastUse)]));
}

function each(context: Context, act: (id: Binary) => void): Reply {
	const ids = optionalArray(context, context.name);
	for (const lsid of ids ?? []) act(idOf(lsid, `${context.name}.${context.name}`));
	return reply();
}

const forget = (context: Context): Reply =>
	each(context, (id) => void context.store.sessions.delete(keyOf(id)));

export const SESSIONS: Record<string, Command> = {
	startSession: {
		fields: [],
		run({ store }) {
			const id = new Binary(new UUID().buffer, Binary.SUBTYPE_UUID);
			touch(store.sessions, id, Date.now());
			return reply(['id', doc(['id', id])], ['timeoutMinutes', int32(SESSION_MINUTES)]);
		}
	},
	refreshSessions: {
		fields: [],
		run: (context) => each(context, (id) => touch(context.store.sessions, id, Date.now()))
	},
	endSessions: { fields: [], run: forget },
	killSessions: { fields: [], run: forget },
	killAllSessions: {
		fields: [],
		run({ store }) {
			store.sessions.clear();
			return reply();
		}
	}
};
