// Finds a browser for the end-to-end tests, or installs one: a system Chromium, else Playwright's own, else, as root
// on Debian, the `chromium` package.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const candidates = [
	process.env.CHROMIUM_PATH,
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/usr/bin/google-chrome-stable',
	'/snap/bin/chromium',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
];

const installed = () => candidates.find((path) => path && existsSync(path)) ?? null;

const playwrightOwn = async () => {
	const { chromium } = await import('@playwright/test');
	const path = chromium.executablePath();
	return path && existsSync(path) ? path : null;
};

/** @param {(text: string) => void} say */
export const findBrowser = async (say) => {
	const known = installed() ?? (await playwrightOwn());
	if (known) return known;
	say('· Installing a browser for the tests …');
	const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
	spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: 'ignore', timeout: 240_000 });
	const downloaded = await playwrightOwn();
	if (downloaded) return downloaded;
	if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
		execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
		execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
			stdio: 'ignore',
			env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
		});
	}
	const debian = installed();
	if (!debian)
		throw new Error('No browser found. Install Chromium, or set CHROMIUM_PATH to one, and run the tests again.');
	return debian;
};
