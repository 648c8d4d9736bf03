import { Lucia, TimeSpan, type Adapter, type DatabaseSession, type DatabaseUser } from 'lucia';
import type { Actor, Grant } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import { hashSecret } from '#lib/server/platform/secrets.ts';
import { Session, User } from './model.ts';

type UserAttributes = { name: string; grants: Grant[]; disabled: boolean };
type SessionAttributes = { device: string; via: 'browser' | 'api' };

declare module 'lucia' {
	interface Register {
		Lucia: typeof lucia;
		DatabaseUserAttributes: UserAttributes;
		DatabaseSessionAttributes: SessionAttributes;
	}
}

/** Keeps Lucia's sessions in our collection, under the hash of their secret. */
const adapter: Adapter = {
	async getSessionAndUser(sessionId): Promise<[DatabaseSession | null, DatabaseUser | null]> {
		const session = await Session.findById(hashSecret(sessionId)).lean();
		if (!session) return [null, null];
		const user = await User.findById(session.userId, { name: 1, grants: 1, disabledAt: 1 }).lean();
		if (!user) return [null, null];
		return [
			{ id: sessionId, userId: session.userId, expiresAt: session.expiresAt, attributes: { device: session.device, via: session.via } },
			{ id: session.userId, attributes: { name: user.name, grants: user.grants, disabled: user.disabledAt !== null } }
		];
	},
	async getUserSessions(userId) {
		const sessions = await Session.find({ userId }).sort({ createdAt: -1 }).limit(100).lean();
		return sessions.map((session) => ({
			id: session._id,
			userId,
			expiresAt: session.expiresAt,
			attributes: { device: session.device, via: session.via }
		}));
	},
	async setSession(session) {
		await Session.create({
			_id: hashSecret(session.id),
			userId: session.userId,
			expiresAt: session.expiresAt,
			createdAt: now(),
			device: session.attributes.device,
			via: session.attributes.via
		});
	},
	async updateSessionExpiration(sessionId, expiresAt) {
		await Session.updateOne({ _id: hashSecret(sessionId) }, { $set: { expiresAt } });
	},
	async deleteSession(sessionId) {
		await Session.deleteOne({ _id: hashSecret(sessionId) });
	},
	async deleteUserSessions(userId) {
		await Session.deleteMany({ userId });
	},
	async deleteExpiredSessions() {
		await Session.deleteMany({ expiresAt: { $lte: now() } });
	}
};

export const sessionCookieName = 'miaopu_session';

const lucia = new Lucia(adapter, {
	sessionExpiresIn: new TimeSpan(30, 'd'),
	sessionCookie: { name: sessionCookieName, expires: false },
	getUserAttributes: (attributes) => attributes,
	getSessionAttributes: (attributes) => attributes
});

/** Who a session's secret belongs to. `fresh` means its time was prolonged just now, so the cookie is set anew. */
export type SignedIn = { actor: Extract<Actor, { kind: 'user' }>; sessionId: string; expiresAt: Date; fresh: boolean };

// One person's requests come in bursts: remembering the answer for a moment saves two reads each.
// Rights taken away in another process therefore hold at the latest after this time; in this one at once.
const remembered = createMemory<SignedIn | null>({
	name: 'sessions',
	freshMs: 3000,
	most: 5000,
	worth: (signedIn) => signedIn !== null
});

/** Forgets who sessions belong to, after somebody's rights or sessions changed. */
export const forgetSessions = (): void => remembered.forget();

/** Starts a session. The secret goes to the browser or the program and is kept nowhere. */
export const startSession = async (
	userId: string,
	attributes: SessionAttributes
): Promise<{ secret: string; expiresAt: Date }> => {
	const session = await lucia.createSession(userId, attributes);
	return { secret: session.id, expiresAt: session.expiresAt };
};

/** Finds out who a session's secret belongs to; null when it has ended or its person is locked out. */
export const readSession = async (secret: string): Promise<SignedIn | null> => {
	const key = hashSecret(secret);
	// Only who asked the database is told that the time was prolonged.
	let asked = false;
	const signedIn = await remembered.read(key, () => {
		asked = true;
		return askSession(secret, key);
	});
	return signedIn && !asked ? { ...signedIn, fresh: false } : signedIn;
};

const askSession = async (secret: string, key: string): Promise<SignedIn | null> => {
	const { session, user } = await lucia.validateSession(secret);
	if (!session || !user || user.disabled) return null;
	return {
		actor: { kind: 'user', id: user.id, name: user.name, grants: user.grants },
		sessionId: key,
		expiresAt: session.expiresAt,
		fresh: session.fresh
	};
};

/** Ends one session. */
export const endSession = async (secret: string): Promise<void> => {
	await lucia.invalidateSession(secret);
	remembered.forget(hashSecret(secret));
};

/** Ends all sessions of a person but, where given, the one in use (by its public id). */
export const endAllSessions = async (userId: string, exceptSessionId?: string): Promise<void> => {
	await Session.deleteMany({ userId, ...(exceptSessionId ? { _id: { $ne: exceptSessionId } } : {}) });
	forgetSessions();
};

/** The person's sessions, newest first; ids are public (hashes), not secrets. */
export const listSessions = async (userId: string) => {
	toId(userId);
	const sessions = await Session.find({ userId }).sort({ userId: 1, createdAt: -1 }).limit(100).lean();
	return sessions.map(({ _id, createdAt, expiresAt, device, via }) => ({ id: _id, createdAt, expiresAt, device, via }));
};
