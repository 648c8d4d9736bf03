import { newUserSchema } from '#lib/domain/accounts/schema.ts';
import { createUser } from '#lib/server/modules/accounts/index.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import { newSecret } from '#lib/server/platform/secrets.ts';
import { InputError, type CliCommand } from '../command.ts';
import { readOptions } from '../options.ts';
import { withDatabase } from '../server/with-database.ts';

/** Makes the first account of a new installation. */
export const admin: CliCommand = {
	name: 'admin',
	summary: 'make an administrator account',
	help: `
Usage: npm run -s miaopu -- admin create --login NAME [--name "Full name"]

Makes an administrator. The password is read from MIAOPU_ADMIN_PASSWORD; unset, one is made and printed once.
NAME is an e-mail, a mobile number or a short name.
`,
	run: async (args, output) => {
		const { values, positionals } = readOptions(args, { login: { type: 'string' }, name: { type: 'string' } }, 1);
		if (positionals[0] !== 'create' || !values.login) throw new InputError('Say: admin create --login NAME');
		const given = process.env.MIAOPU_ADMIN_PASSWORD;
		const password = given ?? newSecret(12);
		const login = values.login.trim();
		const parsed = newUserSchema.safeParse({
			name: values.name ?? login,
			password,
			...(login.includes('@') ? { email: login } : /^1\d{10}$/.test(login) ? { phone: login } : { shortName: login }),
			grants: [{ role: 'admin', scopeKind: 'platform', scopeId: null }]
		});
		if (!parsed.success)
			throw new InputError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
		try {
			await withDatabase(() => createUser(parsed.data));
		} catch (error) {
			if (error instanceof AppError) {
				output.stderr(`${login}: ${error.issues[0]?.code ?? error.code}\n`);
				return 1;
			}
			throw error;
		}
		output.stdout(given ? `${login} may sign in now.\n` : `${login} may sign in now with the password ${password}\n`);
		return 0;
	}
};
