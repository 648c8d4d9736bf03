// What `npm start` and `npm test` need before anything built exists. It runs on a fresh clone, so it uses Node alone.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** @param {string} text */
export const say = (text) => process.stderr.write(`${text}\n`);

/**
 * Runs a step with a sign of life; its output is shown only when it fails, and then the process ends.
 * @param {string} title
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [extra] settings beside those of this process
 * @returns {Promise<void>}
 */
export const step = (title, command, args, extra = {}) =>
	new Promise((resolve) => {
		const began = Date.now();
		/** @type {Buffer[]} */
		const output = [];
		const child = spawn(command, args, { cwd: root, env: { ...process.env, ...extra }, stdio: ['ignore', 'pipe', 'pipe'] });
		child.stdout.on('data', (chunk) => output.push(chunk));
		child.stderr.on('data', (chunk) => output.push(chunk));
		say(`· ${title} …`);
		const beat = setInterval(() => say(`  … ${Math.round((Date.now() - began) / 1000)} s`), 10_000);
		child.on('error', (error) => output.push(Buffer.from(error.message)));
		child.on('close', (code) => {
			clearInterval(beat);
			if (code === 0) {
				say(`  done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
				resolve();
				return;
			}
			say(Buffer.concat(output).toString());
			say(`✗ ${title} failed (exit ${code}).`);
			process.exit(1);
		});
	});

/**
 * The newest change below the given paths, milliseconds.
 * @param {string[]} paths
 * @returns {number}
 */
const newest = (paths) =>
	paths.reduce((latest, path) => {
		if (!existsSync(path)) return latest;
		const stat = statSync(path);
		if (!stat.isDirectory()) return Math.max(latest, stat.mtimeMs);
		if (/node_modules|i18n[\\/]generated/.test(path)) return latest;
		return Math.max(latest, newest(readdirSync(path).map((name) => join(path, name))));
	}, 0);

/** Installs the packages of the lock file, unless just these are installed. */
export const install = async () => {
	const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
	const installed = join(root, 'node_modules', '.miaopu-lock');
	if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return;
	const npm = process.env.npm_execpath;
	const args = ['ci', '--no-audit', '--no-fund'];
	await step('Installing packages', npm ? process.execPath : 'npm', npm ? [npm, ...args] : args);
	writeFileSync(installed, lock);
};

const targets = {
	cli: {
		title: 'Building the command',
		sources: ['src/cli', 'src/embedded-mongo', 'src/lib/domain', 'src/lib/server', 'seeds', 'package-lock.json'],
		config: 'src/cli/vite.config.ts',
		entry: 'cli/main.js'
	},
	app: {
		title: 'Building the pages',
		sources: ['src', 'static', 'seeds/defaults', 'package-lock.json', 'svelte.config.js', 'vite.config.ts'],
		config: 'vite.config.ts',
		entry: 'app/index.js'
	}
};

/**
 * Makes what is generated from the sources and read by every check and build; a fresh clone has none of it.
 * @param {{ routes?: boolean }} [again] `routes`: make the routes' types even if there are some
 */
export const generate = async ({ routes = false } = {}) => {
	if (routes || !existsSync(join(root, '.svelte-kit', 'tsconfig.json')))
		await step('Preparing the sources', process.execPath, [join(root, 'node_modules', '@sveltejs', 'kit', 'svelte-kit.js'), 'sync']);
	// The mark lies beside the functions when they are whole, and made as builds need them.
	const mark = join(root, 'src', 'lib', 'i18n', 'generated', '.whole');
	const words = newest([join(root, 'src', 'cli', 'compile-messages.js'), ...['messages', 'project.inlang'].map((name) => join(root, 'src', 'lib', 'i18n', name))]);
	if (existsSync(mark) && statSync(mark).mtimeMs > words) return;
	await step('Compiling the messages', process.execPath, [join(root, 'src', 'cli', 'compile-messages.js')]);
};

/**
 * Builds a target when it is missing or its sources are newer than the last build.
 * @param {keyof typeof targets} name
 */
export const build = async (name) => {
	const { title, sources, config, entry } = targets[name];
	const stamp = join(root, 'build', `.${name}-built`);
	const since = newest(sources.map((source) => join(root, source)));
	if (existsSync(stamp) && existsSync(join(root, 'build', entry)) && statSync(stamp).mtimeMs > since) return;
	await generate();
	// A source saved while the build runs is newer than the build.
	const began = new Date();
	const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
	await step(title, process.execPath, [vite, 'build', '-c', config, '--logLevel', 'warn']);
	mkdirSync(dirname(stamp), { recursive: true });
	writeFileSync(stamp, began.toISOString());
	utimesSync(stamp, began, began);
};
