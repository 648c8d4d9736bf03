import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const module = join(import.meta.dirname, '../end-with-children.js');
/** Starts one that starts one in a group of its own, as the tests start applications, and tells the numbers of both. */
const parent = `
	import { spawn } from 'node:child_process';
	import { endWithChildren } from ${JSON.stringify(module)};
	endWithChildren();
	const grandchild = 'setInterval(() => {}, 1000)';
	const child = \`const { pid } = require("node:child_process").spawn(process.execPath, ["-e", \${JSON.stringify(grandchild)}], { detached: true, stdio: "ignore" }); console.log(process.pid, pid); setInterval(() => {}, 1000)\`;
	spawn(process.execPath, ['-e', child], { stdio: ['ignore', 'inherit', 'inherit'] });
`;

const lives = (pid: number): boolean => {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
};

test.each([
	['SIGINT', 130],
	['SIGTERM', 143]
] as const)('%s ends what was started below, in groups of their own too', async (signal, code) => {
	const process_ = spawn(process.execPath, ['--input-type=module', '-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] });
	const exited = new Promise((done) => process_.once('exit', done));
	const below = await new Promise<number[]>((done) => process_.stdout.once('data', (line: Buffer) => done(line.toString().trim().split(' ').map(Number))));
	expect(below.map(lives)).toEqual([true, true]);
	process_.kill(signal);
	expect(await exited).toBe(code);
	await expect.poll(() => below.map(lives)).toEqual([false, false]);
});
