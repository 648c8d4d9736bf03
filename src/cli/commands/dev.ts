import { spawn } from 'node:child_process';
import type { CliCommand } from '../command.ts';
import { openStore } from '../server/with-store.ts';

/** The development server on the embedded store (or `MONGODB_URI`). */
export const dev: CliCommand = {
	name: 'dev',
	summary: 'start with live reload, for developers',
	help: 'Usage: npm run dev [-- vite options]\n\nStarts the development server on the embedded store, or on MONGODB_URI.',
	run: async (args) => {
		const store = await openStore();
		const vite = spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'dev', ...args], {
			stdio: 'inherit',
			env: { ...process.env, MONGODB_URI: store.uri }
		});
		for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => vite.kill(signal));
		const code = await new Promise<number>((resolve) => vite.on('exit', (status) => resolve(status ?? 0)));
		await store.close();
		return code;
	}
};
