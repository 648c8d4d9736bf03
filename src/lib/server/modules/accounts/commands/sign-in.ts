import type { z } from 'zod';
import type { loginSchema } from '#lib/domain/accounts/schema.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import { checkLimit, clearTries, countTry, type Limit } from '#lib/server/platform/limits.ts';
import { loginName } from '../login-name.ts';
import { User } from '../model.ts';
import { passwordMatches, spendPasswordCheck } from '../password.ts';
import { startSession } from '../sessions.ts';

// By account: slows guessing at one person. By address: slows trying many people, yet leaves room for a whole
// office or hall behind one address.
const byAccount: Limit = { name: 'sign-in-account', points: 10, seconds: 15 * 60 };
const byAddress: Limit = { name: 'sign-in-address', points: 100, seconds: 15 * 60 };

/**
 * Signs in with an e-mail, a phone number or a short name. A wrong name and a wrong password are told apart
 * neither in words nor in time. Too many failures: `rate_limited` with the seconds to wait.
 */
export const signIn = async (
	input: z.infer<typeof loginSchema>,
	from: { address: string; device: string; via: 'browser' | 'api' }
): Promise<{ secret: string; expiresAt: Date; user: { id: string; name: string } }> => {
	const name = loginName(input.login);
	await checkLimit(byAccount, name);
	await checkLimit(byAddress, from.address);
	const user = await User.findOne({ loginNames: name }, { passwordHash: 1, name: 1, disabledAt: 1 }).lean();
	const right = user ? await passwordMatches(user.passwordHash, input.password) : false;
	if (!user) await spendPasswordCheck(input.password);
	if (!user || !right || user.disabledAt) {
		await countTry(byAccount, name);
		await countTry(byAddress, from.address);
		throw new AppError('unauthenticated', 'wrong_login', { issues: [{ path: 'password', code: 'wrong_login' }] });
	}
	await clearTries(byAccount, name);
	const id = user._id.toHexString();
	const session = await startSession(id, { device: from.device.slice(0, 200), via: from.via });
	return { ...session, user: { id, name: user.name } };
};
