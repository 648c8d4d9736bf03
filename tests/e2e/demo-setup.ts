import { removeData, startApp } from '../factories/app-process.ts';

/** Loads the demo data once, unless there are some; every application of the tests starts with a copy of them. */
export default async (): Promise<() => void> => {
	if (process.env.MIAOPU_TEST_DEMO_DATA) return () => undefined;
	const app = await startApp({ demo: 'anew' });
	await app.stop();
	process.env.MIAOPU_TEST_DEMO_DATA = app.dataDir;
	return () => removeData(app);
};
