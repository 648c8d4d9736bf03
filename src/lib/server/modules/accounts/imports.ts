import type { Grant } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { newId } from '#lib/server/platform/db/index.ts';
import { loginName } from './login-name.ts';
import { User } from './model.ts';
import { hashPassword } from './password.ts';

/** An account of a synthetic district. */
export type ImportedAccount = { shortName: string; name: string; employer?: string; grants: Grant[] };

/**
 * Makes many accounts with one password, hashed once: for synthetic data only. Answers the ids in the same order.
 */
export const importAccounts = async (accounts: readonly ImportedAccount[], password: string): Promise<string[]> => {
	const passwordHash = await hashPassword(password);
	const users = accounts.map(({ shortName, name, employer = '', grants }) => ({
		_id: newId(),
		name,
		loginNames: [loginName(shortName)],
		email: null,
		phone: null,
		passwordHash,
		grants,
		employer,
		household: '',
		expertise: [],
		disabledAt: null,
		createdAt: now(),
		version: 0
	}));
	for (let start = 0; start < users.length; start += 500) await User.insertMany(users.slice(start, start + 500), { lean: true });
	return users.map(({ _id }) => _id.toHexString());
};
