import { expect, type Page } from '@playwright/test';
import { signInByApi } from '../factories/api-client.ts';
import { mark } from '../pages/scorecard.ts';
import { test } from './app.ts';
import { address, signedIn } from './people.ts';

test.use({ subject: 'early-typing' });


/** Opens a page whose scripts come late, as on a weak network; answers how to let them come. */
const openWithLateScripts = async (page: Page, path: string): Promise<() => void> => {
	let release = () => {};
	const released = new Promise<void>((resolve) => {
		release = resolve;
	});
	await page.route(/\/_app\/.*\.js$/, async (route) => {
		await released;
		await route.continue();
	});
	await page.goto(path, { waitUntil: 'commit' });
	return release;
};

const saved = (page: Page) => page.getByRole('status').filter({ hasText: /^已保存/ });

type Listed = { items: { id: string; status: string }[] };

test('marks given before the script arrives are saved', async ({ browser }) => {
	const client = await signInByApi(address(), 'judge5');
	const { items } = (await client.get('/judging')).body as Listed;
	const id = items.find(({ status }) => status === 'assigned')?.id ?? '';
	const judge = await signedIn(browser, 'judge5', { width: 360 });
	const release = await openWithLateScripts(judge, `/app/judging/${id}`);
	await judge.getByText('打分', { exact: true }).click();
	await mark(judge, '方案可行').fill('15');
	release();
	await expect(saved(judge)).toBeVisible();
	await expect(mark(judge, '方案可行')).toHaveValue('15');
	expect((await client.get(`/scorecards/${id}`)).body).toMatchObject({ status: 'draft', scores: { feasibility: 15 } });
	await judge.context().close();
});

test('a draft typed into before the script arrives is saved', async ({ browser }) => {
	const leader = await signedIn(browser, 'leader', { width: 360 });
	await leader.goto('/app/proposals');
	const draft = await leader.getByRole('link', { name: /^填写中/ }).first().getAttribute('href');
	const title = `社区药箱 ${Date.now()}`;
	const release = await openWithLateScripts(leader, `${draft}/basics`);
	await leader.getByLabel('项目名称').fill(title);
	release();
	await expect(saved(leader)).toBeVisible();
	await leader.reload();
	await expect(leader.getByLabel('项目名称')).toHaveValue(title);
	await leader.context().close();
});
