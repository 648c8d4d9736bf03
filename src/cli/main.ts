import { InputError, type CliCommand, type CommandIo } from './command.ts';

/** Subcommands load their code when they are called, so that a small one starts at once. */
const commands: Record<string, { summary: string; load: () => Promise<CliCommand> }> = {
	start: { summary: 'start the application', load: async () => (await import('./commands/start.ts')).start },
	dev: { summary: 'start with live reload, for developers', load: async () => (await import('./commands/dev.ts')).dev },
	rank: { summary: 'rank a spreadsheet of scores', load: async () => (await import('./commands/rank.ts')).rank },
	assign: { summary: 'assign judges to proposals from spreadsheets', load: async () => (await import('./commands/assign.ts')).assign },
	store: { summary: 'run the embedded store alone', load: async () => (await import('./commands/store.ts')).store },
	seed: { summary: 'load demo data, or a synthetic district of any size', load: async () => (await import('./commands/seed.ts')).seed },
	admin: { summary: 'make an administrator account', load: async () => (await import('./commands/admin.ts')).admin },
	backup: { summary: 'write everything into one file', load: async () => (await import('./commands/backup.ts')).backup },
	restore: { summary: 'fill the database from a backup', load: async () => (await import('./commands/restore.ts')).restore },
	bench: { summary: 'measure the pages people use most, or the store', load: async () => (await import('./commands/bench.ts')).bench },
	audit: { summary: 'verify the audit chains', load: async () => (await import('./commands/audit.ts')).audit }
};

const overview = (): string =>
	[
		'Usage: npm run -s miaopu -- <command> [options]',
		'',
		...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`),
		'',
		'Each command explains itself with --help.',
		''
	].join('\n');

/** Runs a subcommand and leaves its exit code to the process. */
export const main = async (args: string[]): Promise<void> => {
	const output: CommandIo = {
		stdout: (text) => process.stdout.write(text),
		stderr: (text) => process.stderr.write(text)
	};
	// A reader that has seen enough (`| head`) closes the pipe: that is no fault.
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE') throw error;
		process.exit(0);
	});
	const [name, ...rest] = args;
	if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
		output.stdout(overview());
		return;
	}
	const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
	if (!entry) {
		output.stderr(`Unknown command: ${name}\n\n${overview()}`);
		process.exitCode = 2;
		return;
	}
	const command = await entry.load();
	if (rest.includes('--help') || rest.includes('-h')) {
		output.stdout(`${command.help.trim()}\n`);
		return;
	}
	try {
		process.exitCode = await command.run(rest, output);
	} catch (error) {
		output.stderr(`${error instanceof Error ? error.message : String(error)}\n`);
		if (!(error instanceof InputError) && process.env.LOG_LEVEL === 'debug') output.stderr(`${String((error as Error).stack)}\n`);
		process.exitCode = error instanceof InputError ? 2 : 1;
	}
};
