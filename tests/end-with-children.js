import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** The processes a process has started, by any of its threads. @returns {string} their numbers */
const childrenOf = (/** @type {number} */ pid) => {
	try {
		if (!existsSync('/proc/self/task')) return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
		return readdirSync(`/proc/${pid}/task`).map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')).join(' ');
	} catch {
		// It has ended meanwhile, or has none.
		return '';
	}
};

/**
 * What runs below a process, however far down. Applications the tests start are in groups of their own, which no signal
 * to the group reaches, but they have their parents as long as these live.
 * @returns {number[]}
 */
const descendantsOf = (/** @type {number} */ root) =>
	childrenOf(root)
		.split(/\s+/)
		.filter((text) => text !== '')
		.flatMap((text) => [Number(text), ...descendantsOf(Number(text))]);

const endChildren = () => {
	for (const pid of descendantsOf(process.pid))
		try {
			process.kill(pid, 'SIGTERM');
		} catch {
			// It has ended by itself.
		}
};

/** However this process ends, short of SIGKILL, it leaves nothing running that was started from here. */
export const endWithChildren = () => {
	process.on('exit', endChildren);
	for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(signal, () => process.exit(128 + constants.signals[signal]));
};
