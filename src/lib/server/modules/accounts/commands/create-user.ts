import type { z } from 'zod';
import type { newUserSchema } from '#lib/domain/accounts/schema.ts';
import type { Grant } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId } from '#lib/server/platform/db/index.ts';
import { invalidField } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { loginName } from '../login-name.ts';
import { User } from '../model.ts';
import { hashPassword } from '../password.ts';
import { forgetSessions } from '../sessions.ts';

type NewUser = z.infer<typeof newUserSchema> & { employer?: string; household?: string; expertise?: string[] };

/**
 * Makes an account. The caller (an application, an invitation, the command line) has checked that this person
 * may have one with these roles. A login name in use is refused at its field.
 */
export const createUser = async (input: NewUser): Promise<{ id: string }> => {
	const names = [input.shortName, input.email, input.phone].filter((name) => name !== undefined).map(loginName);
	const _id = newId();
	try {
		await User.create({
			_id,
			name: input.name,
			loginNames: names,
			email: input.email ?? null,
			phone: input.phone ?? null,
			passwordHash: await hashPassword(input.password),
			grants: input.grants,
			employer: input.employer ?? '',
			household: input.household ?? '',
			expertise: input.expertise ?? [],
			createdAt: now()
		});
	} catch (error) {
		if (isDuplicateKey(error)) {
			const field = input.shortName ? 'shortName' : input.email ? 'email' : 'phone';
			throw invalidField(field, 'login_name_taken');
		}
		throw error;
	}
	const id = _id.toHexString();
	await recordAct({ chain: 'accounts', actor: { kind: 'system', name: 'accounts' }, action: 'account_created', subject: id });
	return { id };
};

/** Gives a person a role; giving it twice changes nothing. */
export const grantRole = async (userId: string, grant: Grant): Promise<void> => {
	await User.updateOne({ _id: userId }, { $addToSet: { grants: grant }, $inc: { version: 1 } });
	forgetSessions();
};

/** Takes a role away. */
export const revokeRole = async (userId: string, grant: Grant): Promise<void> => {
	await User.updateOne({ _id: userId }, { $pull: { grants: grant }, $inc: { version: 1 } });
	forgetSessions();
};
