import { defineConfig } from '@playwright/test';

export default defineConfig({
	testDir: '.',
	outputDir: '../../test-results/e2e',
	globalSetup: './demo-setup.ts',
	timeout: 180_000,
	expect: { timeout: 20_000 },
	fullyParallel: false,
	// Stories are told from beginning to end by one worker; the pages, shared out one person at a time, come after them
	// and fill both workers to the end.
	projects: [
		{ name: 'stories', testIgnore: '**/every-page.spec.ts' },
		{ name: 'pages', testMatch: '**/every-page.spec.ts' }
	],
	// Each has an application and a browser of its own.
	workers: 2,
	retries: 0,
	forbidOnly: true,
	reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : 'list',
	use: {
		locale: 'zh-CN',
		timezoneId: 'Asia/Shanghai',
		// Long enough for a busy machine, and shorter than a test, so that the step that hangs is named.
		actionTimeout: 60_000,
		trace: process.env.TRACE ? 'retain-on-failure' : 'off',
		launchOptions: {
			executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
			args: [
				'--no-sandbox',
				'--disable-gpu',
				'--disable-quic',
				'--no-first-run',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync'
			]
		}
	}
});
