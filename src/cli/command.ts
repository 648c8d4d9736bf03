/** Where a command writes; the caller decides what is behind it. */
export interface CommandIo {
	stdout(text: string): void;
	stderr(text: string): void;
}

/** One subcommand of `miaopu`. */
export interface CliCommand {
	name: string;
	/** One line for the list of commands. */
	summary: string;
	/** What `--help` prints. */
	help: string;
	/** Resolves to the exit code: 0 done, 1 failed, 2 wrong usage or bad input. */
	run(args: string[], io: CommandIo): Promise<number>;
}

/** Wrong usage or bad input: one line for stderr, exit code 2. */
export class InputError extends Error {
	override readonly name = 'InputError';
}

/** Turns wrong usage and bad input into one line on stderr and exit code 2. */
export async function reportInputErrors(run: () => Promise<number>, io: CommandIo): Promise<number> {
	try {
		return await run();
	} catch (error) {
		const usage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
		if (!usage && !(error instanceof InputError)) throw error;
		io.stderr(`${error.message.split('\n')[0] ?? ''}\n`);
		return 2;
	}
}
