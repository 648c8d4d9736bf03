// `npm test`: everything that decides whether a change may land, with one summary at the end.
// `node tests/run.js lint types` runs only those parts.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, generate, install, root, say, step } from '../src/cli/prepare.js';
import { findBrowser } from './browser.js';
import { endWithChildren } from './end-with-children.js';

const bin = (/** @type {string} */ path) => join(root, 'node_modules', path);
const reports = join(root, 'test-results', 'reports');

/** @typedef {{ name: string, seconds: number, passed: number, failed: number, skipped: number, output: string, fell: string[] }} Result */

// A build that fails ends all at once, and what runs beside it.
endWithChildren();

/**
 * Runs one part and keeps what it printed, which is shown when it fails.
 * @param {string} name
 * @param {string[]} args arguments of node
 * @param {NodeJS.ProcessEnv} [extra]
 * @returns {Promise<{ name: string, code: number, seconds: number, output: string }>}
 */
const run = (name, args, extra = {}) =>
	new Promise((resolve) => {
		const began = Date.now();
		say(`· ${name} …`);
		const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, FORCE_COLOR: '0', ...extra } });
		/** @type {Buffer[]} */
		const output = [];
		child.stdout.on('data', (chunk) => output.push(chunk));
		child.stderr.on('data', (chunk) => output.push(chunk));
		const beat = setInterval(() => say(`  … ${name}: ${Math.round((Date.now() - began) / 1000)} s`), 20_000);
		child.on('close', (code) => {
			clearInterval(beat);
			const seconds = (Date.now() - began) / 1000;
			say(`${code === 0 ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)`);
			resolve({ name, code: code ?? 1, seconds, output: Buffer.concat(output).toString() });
		});
	});

/** A check passes or fails as a whole. */
const check = async (/** @type {string} */ name, /** @type {string[]} */ args) => {
	const { code, seconds, output } = await run(name, args);
	return { name, seconds, output, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, fell: [] };
};

/** A suite counts its tests from the report it writes. A run without tests is a failure. */
const suite = async (
	/** @type {string} */ name,
	/** @type {string[]} */ args,
	/** @type {NodeJS.ProcessEnv} */ extra,
	/** @type {(report: any) => { passed: number, failed: number, skipped: number, fell: string[] }} */ count
) => {
	const report = join(reports, `${name}.json`);
	rmSync(report, { force: true });
	const { code, seconds, output } = await run(name, args, extra);
	const counted = existsSync(report)
		? count(JSON.parse(readFileSync(report, 'utf8')))
		: { passed: 0, failed: 1, skipped: 0, fell: [`${name} left no report`] };
	if (code !== 0 && counted.failed === 0) counted.failed = 1;
	if (counted.passed + counted.failed === 0) counted.failed = 1;
	return { name, seconds, output, ...counted };
};

/** The first line of what went wrong. */
const firstLine = (/** @type {string | undefined} */ text) => ((text ?? '').trim().split('\n')[0] ?? '').slice(0, 300);

/** Names of the tests that failed, with the first line of why. @returns {string[]} */
const fellInVitest = (/** @type {any} */ report) =>
	report.testResults.flatMap((/** @type {any} */ file) => {
		const tests = file.assertionResults.filter((/** @type {any} */ { status }) => status === 'failed');
		const where = relative(root, file.name);
		if (tests.length === 0 && file.status === 'failed') return [`${where}: ${firstLine(file.message)}`];
		return tests.map((/** @type {any} */ { fullName, failureMessages }) => `${where} > ${fullName}: ${firstLine(failureMessages[0])}`);
	});

/** The same for the browser's. @returns {string[]} */
const fellInBrowser = (/** @type {any} */ suite) => [
	...(suite.suites ?? []).flatMap(fellInBrowser),
	...(suite.specs ?? []).filter((/** @type {any} */ { ok }) => !ok).map((/** @type {any} */ { file, title, tests }) => {
		const errors = tests.flatMap((/** @type {any} */ { results }) => results.flatMap((/** @type {any} */ { errors }) => errors));
		return `${file} > ${title}: ${firstLine(errors[0]?.message)}`;
	})
];

/** Loads the demo data once; applications of the tests start with a copy of them. They count from today, so they are not kept. */
const loadDemoData = async () => {
	const folder = join(root, 'test-results', 'demo-data');
	rmSync(folder, { recursive: true, force: true });
	await step('Loading the demo data', process.execPath, [join(root, 'build', 'cli', 'run.js'), 'seed', '--demo'], {
		DATA_DIR: folder,
		MONGODB_URI: '',
		LOG_LEVEL: 'warn'
	});
	process.env.MIAOPU_TEST_DEMO_DATA = folder;
};

const vitest = (/** @type {string} */ project) =>
	suite(
		project,
		[bin('vitest/vitest.mjs'), 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${join(reports, `${project}.json`)}`],
		{},
		(report) => ({
			passed: report.numPassedTests,
			failed: report.numFailedTests + (report.numFailedTestSuites > 0 && report.numFailedTests === 0 ? 1 : 0),
			skipped: report.numPendingTests + report.numTodoTests,
			fell: fellInVitest(report)
		})
	);

const parts = {
	lint: () => check('lint', [bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0']),
	types: () => check('types', [bin('svelte-check/bin/svelte-check'), '--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human']),
	imports: () =>
		check('imports', [bin('dependency-cruiser/bin/dependency-cruise.mjs'), 'src', '--config', 'tests/imports.config.js', '--output-type', 'err-long']),
	unit: () => vitest('unit'),
	integration: () => vitest('integration'),
	e2e: async () => {
		const browser = await findBrowser(say);
		return suite(
			'e2e',
			[bin('@playwright/test/cli.js'), 'test', '--config', 'tests/e2e/playwright.config.ts'],
			{ CHROMIUM_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'e2e.json') },
			(report) => {
				const { expected, unexpected, flaky, skipped } = report.stats;
				return { passed: expected, failed: unexpected + flaky, skipped, fell: fellInBrowser(report) };
			}
		);
	}
};

const wanted = process.argv.slice(2);
const chosen = /** @type {(keyof typeof parts)[]} */ (wanted.length > 0 ? wanted : Object.keys(parts));
for (const name of chosen)
	if (!Object.hasOwn(parts, name)) {
		say(`Unknown part: ${name}. Parts: ${Object.keys(parts).join(', ')}`);
		process.exit(2);
	}

await install();
mkdirSync(reports, { recursive: true });
await generate({ routes: true });

/** @type {Result[]} */
const results = [];
const part = (/** @type {keyof typeof parts} */ name) => async () => void results.push(await parts[name]());

// Builds, checks and unit tests keep one core busy each: two of them at a time, the longest first, so that both cores
// are done at about the same time. What measures or waits comes after them, alone.
const onTwoCores = /** @type {const} */ (['unit', 'lint', 'imports']);
const waiting = onTwoCores.filter((name) => chosen.includes(name)).map(part);
waiting.unshift(async () => {
	if (chosen.includes('integration') || chosen.includes('e2e')) {
		await build('cli');
		await build('app');
		await loadDemoData();
	}
	// After the build, which writes some of the types this reads.
	if (chosen.includes('types')) await part('types')();
});
const takeNext = async () => {
	for (let next = waiting.shift(); next; next = waiting.shift()) await next();
};
await Promise.all([takeNext(), takeNext()]);
for (const name of /** @type {const} */ (['integration', 'e2e'])) if (chosen.includes(name)) await part(name)();
const order = Object.keys(parts);
results.sort((one, other) => order.indexOf(one.name) - order.indexOf(other.name));

for (const { name, failed, output } of results)
	if (failed > 0) process.stdout.write(`\n──── ${name} ────\n${output}\n`);
process.stdout.write('\n');
for (const { name, seconds, passed, failed, skipped } of results)
	process.stdout.write(
		`${failed > 0 ? '✗' : '✓'} ${name.padEnd(12)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${String(skipped).padStart(4)} skipped ${seconds.toFixed(1).padStart(7)} s\n`
	);
for (const { name, fell } of results) for (const one of fell) process.stdout.write(`✗ ${name}: ${one}\n`);
const total = (/** @type {'passed' | 'failed' | 'skipped'} */ key) => results.reduce((sum, result) => sum + result[key], 0);
process.stdout.write(`\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped\n`);
process.exit(total('failed') > 0 ? 1 : 0);
