/** Where a command writes: answers on `stdout`, everything else on `stderr`. */
export type CliOutput = { stdout: (text: string) => void; stderr: (text: string) => void };

/** One subcommand. `run` answers the exit code: 0 done, 1 failed, 2 wrong use or bad input. */
export type CliCommand = {
	name: string;
	/** One line for the overview. */
	summary: string;
	/** The text of `--help`. */
	help: string;
	run: (args: string[], output: CliOutput) => Promise<number>;
};

/** Wrong use: the message goes to stderr, the exit code is 2. */
export class UsageError extends Error {}
