import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { forbidden } from '#lib/server/platform/errors.ts';
import { Session } from '../model.ts';
import { forgetSessions } from '../sessions.ts';

/** Ends one of the actor's own sessions by its public id; one that is gone already is no error. */
export const endOwnSession = async (actor: Actor, sessionId: string): Promise<void> => {
	if (actor.kind !== 'user' || !can(actor, 'account.self', { owner: actor.id })) throw forbidden();
	await Session.deleteOne({ _id: sessionId, userId: actor.id });
	forgetSessions();
};
