// The one entry of `npm start` and `npm run miaopu`. It runs on a fresh clone, so it uses Node alone:
// it installs what is missing, builds what is older than its sources, and hands over to the built command.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
	process.stderr.write(`Miaopu needs Node 20.19 or newer; this is ${process.versions.node}.\n`);
	process.exit(1);
}

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`);

/**
 * Runs a step with a sign of life; its output is shown only when it fails.
 * @param {string} title
 * @param {string} command
 * @param {string[]} args
 */
const step = (title, command, args) =>
	new Promise((resolve) => {
		const began = Date.now();
		/** @type {Buffer[]} */
		const output = [];
		const child = spawn(command, args, { cwd: root, env: process.env, stdio: ['ignore', 'pipe', 'pipe'] });
		child.stdout.on('data', (chunk) => output.push(chunk));
		child.stderr.on('data', (chunk) => output.push(chunk));
		say(`· ${title} …`);
		const beat = setInterval(() => say(`  … ${Math.round((Date.now() - began) / 1000)} s`), 10_000);
		child.on('close', (code) => {
			clearInterval(beat);
			if (code === 0) {
				say(`  done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
				resolve(undefined);
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
		if (/node_modules|i18n\/generated/.test(path)) return latest;
		return Math.max(latest, newest(readdirSync(path).map((name) => join(path, name))));
	}, 0);

const npm = process.env.npm_execpath;
/** @param {string[]} args */
const npmArgs = (args) => (npm ? [npm, ...args] : args);

const install = async () => {
	const lock = join(root, 'package-lock.json');
	const installed = join(root, 'node_modules', '.miaopu-lock');
	if (existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(lock, 'utf8')) return;
	await step('Installing packages', npm ? process.execPath : 'npm', npmArgs(['ci', '--no-audit', '--no-fund']));
	writeFileSync(installed, readFileSync(lock));
};

/** @type {Record<'cli' | 'app', { title: string, sources: string[], config: string }>} */
const targets = {
	cli: {
		title: 'Building the command',
		sources: ['src/cli', 'src/embedded-mongo', 'src/lib/domain', 'src/lib/server', 'package-lock.json'],
		config: 'src/cli/vite.config.ts'
	},
	app: {
		title: 'Building the pages',
		sources: ['src', 'static', 'package-lock.json', 'svelte.config.js', 'vite.config.ts'],
		config: 'vite.config.ts'
	}
};

/** @param {'cli' | 'app'} name */
const build = async (name) => {
	const { title, sources, config } = targets[name];
	const stamp = join(root, 'build', `.${name}-built`);
	const since = newest(sources.map((source) => join(root, source)));
	if (existsSync(stamp) && statSync(stamp).mtimeMs > since) return;
	await step(title, process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '-c', config, '--logLevel', 'warn']);
	mkdirSync(dirname(stamp), { recursive: true });
	writeFileSync(stamp, new Date().toISOString());
};

const [command = '--help'] = process.argv.slice(2);
await install();
await build('cli');
if (command === 'start' || command === 'build' || command === 'bench') await build('app');
if (command !== 'build') {
	const { main } = await import(pathToFileURL(join(root, 'build', 'cli', 'main.js')).href);
	await main(process.argv.slice(2));
}
