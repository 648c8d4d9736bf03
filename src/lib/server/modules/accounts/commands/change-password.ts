import type { z } from 'zod';
import { can } from '#lib/domain/accounts/policy.ts';
import type { changePasswordSchema } from '#lib/domain/accounts/schema.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { AppError, forbidden, invalidField } from '#lib/server/platform/errors.ts';
import { countTry } from '#lib/server/platform/limits.ts';
import { recordAct } from '../../audit/index.ts';
import { User } from '../model.ts';
import { hashPassword, passwordMatches } from '../password.ts';
import { endAllSessions } from '../sessions.ts';

/** Changes the actor's own password and ends every other session. The present password must be right. */
export const changePassword = async (
	actor: Actor,
	input: z.infer<typeof changePasswordSchema>,
	sessionId: string
): Promise<void> => {
	if (actor.kind !== 'user' || !can(actor, 'account.self', { owner: actor.id })) throw forbidden();
	await countTry({ name: 'change-password', points: 10, seconds: 15 * 60 }, actor.id);
	const user = await User.findById(actor.id, { passwordHash: 1 }).lean();
	if (!user) throw new AppError('unauthenticated', 'sign_in_first');
	if (!(await passwordMatches(user.passwordHash, input.current))) throw invalidField('current', 'wrong_password');
	await User.updateOne({ _id: actor.id }, { $set: { passwordHash: await hashPassword(input.next) }, $inc: { version: 1 } });
	await endAllSessions(actor.id, sessionId);
	await recordAct({ chain: 'accounts', actor, action: 'password_changed', subject: actor.id });
};
