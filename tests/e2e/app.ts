import { test as base } from '@playwright/test';
import { removeData, startApp, type RunningApp } from '../factories/app-process.ts';

type OfWorker = { subject: string; app: RunningApp };

/**
 * Tests on an application of their own with the demo data untouched. A file says `test.use({ subject: '…' })`, and
 * shares its application with nobody: the order of files does not matter, and two of them run side by side.
 */
export const test = base.extend<object, OfWorker>({
	subject: ['any', { option: true, scope: 'worker' }],
	app: [
		async ({ subject: _ }, use) => {
			const app = await startApp({ demo: true });
			process.env.MIAOPU_TEST_ADDRESS = app.address;
			process.env.MIAOPU_TEST_CLOCK = `${app.dataDir}.clock`;
			await use(app);
			await app.stop();
			removeData(app);
		},
		{ scope: 'worker', auto: true, timeout: 120_000 }
	]
});
