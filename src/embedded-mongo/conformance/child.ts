/** Bundles a TypeScript entry of the store and runs it as a process of its own, for tests that kill it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

/** Bundles an entry into a directory below node_modules, where its packages can be found. */
export async function bundle(entry: URL): Promise<{ file: string; remove(): void }> {
	const cache = join(process.cwd(), 'node_modules', '.cache');
	mkdirSync(cache, { recursive: true });
	const outDir = mkdtempSync(join(cache, 'store-'));
	await build({
		configFile: false,
		logLevel: 'error',
		build: {
			ssr: entry.pathname,
			outDir,
			target: 'node20',
			rollupOptions: { external: ['lmdb', 'bson'], output: { entryFileNames: 'entry.mjs' } }
		}
	});
	return { file: join(outDir, 'entry.mjs'), remove: () => rmSync(outDir, { recursive: true, force: true }) };
}

export interface Child {
	process: ChildProcess;
	/** The first line it printed. */
	line: string;
	exited: Promise<void>;
	/** What it wrote to stderr so far; passed on too. */
	errors(): string;
}

/** Starts the file and waits for its first line; `shell` is a script that ends by running its arguments (`exec "$@"`). */
export async function startChild(file: string, args: string[], shell?: string[]): Promise<Child> {
	const [command = '', ...rest] = [...(shell ?? []), process.execPath, file, ...args];
	const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
	let errors = '';
	child.stderr.on('data', (chunk: Buffer) => {
		errors += chunk.toString();
		process.stderr.write(chunk);
	});
	const exited = new Promise<void>((done) => child.once('exit', () => done()));
	const line = await new Promise<string>((done, failed) => {
		let text = '';
		child.stdout.on('data', (chunk: Buffer) => {
			text += chunk.toString();
			if (text.includes('\n')) done(text.slice(0, text.indexOf('\n')));
		});
		child.once('exit', (code) => failed(new Error(`the child ended with code ${code} before it was ready`)));
	});
	return { process: child, line, exited, errors: () => errors };
}
