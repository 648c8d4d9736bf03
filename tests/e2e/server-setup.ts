import { removeData, startApp } from '../factories/app-process.ts';

/** One application with the demo data for all end-to-end tests. */
export default async (): Promise<() => Promise<void>> => {
	const app = await startApp({ demo: true });
	process.env.MIAOPU_TEST_ADDRESS = app.address;
	process.env.MIAOPU_TEST_CLOCK = `${app.dataDir}.clock`;
	return async () => {
		await app.stop();
		removeData(app);
	};
};
