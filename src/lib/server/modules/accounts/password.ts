import { hash, verify } from '@node-rs/argon2';

// OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 iterations, 1 lane.
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), options);

export const passwordMatches = async (stored: string, password: string): Promise<boolean> => {
	try {
		return await verify(stored, password.normalize('NFKC'), options);
	} catch {
		return false;
	}
};

let decoy: Promise<string> | null = null;

/** Spends the time of a real check, so that an unknown login name answers no sooner than a wrong password. */
export const spendPasswordCheck = async (password: string): Promise<void> => {
	decoy ??= hashPassword('no account has this password');
	await passwordMatches(await decoy, password);
};
