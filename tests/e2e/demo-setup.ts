import { removeData, startApp } from '../factories/app-process.ts';

/** Loads the demo data once; every application of the tests starts with a copy of them. */
export default async (): Promise<() => void> => {
	const app = await startApp({ demo: true });
	await app.stop();
	process.env.MIAOPU_TEST_DEMO_DATA = app.dataDir;
	return () => removeData(app);
};
