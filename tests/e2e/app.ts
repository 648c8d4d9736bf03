import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { removeData, startApp, type RunningApp } from '../factories/app-process.ts';

/** The demo data as they are on the first day: loaded once, and copied for whoever starts. */
export const demoData = (): string => {
	const found = process.env.MIAOPU_TEST_DEMO_DATA;
	if (!found) throw new Error('The demo data were not loaded.');
	return found;
};

type OfWorker = { subject: string; app: RunningApp };

/**
 * Tests on an application of their own with the demo data untouched. A file says `test.use({ subject: '…' })`, and
 * shares its application with nobody: the order of files does not matter, and two of them run side by side.
 */
export const test = base.extend<object, OfWorker>({
	subject: ['any', { option: true, scope: 'worker' }],
	app: [
		async ({ subject }, use) => {
			const dataDir = mkdtempSync(join(tmpdir(), `miaopu-${subject}-`));
			cpSync(demoData(), dataDir, { recursive: true, filter: (path) => !path.endsWith('.sock') });
			const app = await startApp({ dataDir, demo: true });
			process.env.MIAOPU_TEST_ADDRESS = app.address;
			process.env.MIAOPU_TEST_CLOCK = `${app.dataDir}.clock`;
			await use(app);
			await app.stop();
			removeData(app);
		},
		{ scope: 'worker', auto: true, timeout: 120_000 }
	]
});
