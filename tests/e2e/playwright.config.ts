import { defineConfig } from '@playwright/test';

export default defineConfig({
	testDir: '.',
	outputDir: '../../test-results/e2e',
	globalSetup: './demo-setup.ts',
	timeout: 180_000,
	expect: { timeout: 20_000 },
	fullyParallel: false,
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
