import { expect, type Page } from '@playwright/test';
import { signInByApi } from '../factories/api-client.ts';
import { cuttableLine } from '../factories/line.ts';
import { test } from './app.ts';
import { address, signIn } from './people.ts';

test.use({ subject: 'offline' });

test.use({ actionTimeout: 15_000 });

const points = { need: 15, feasibility: 16, participation: 12, outcomes: 12, budget: 12, team: 7, sustainability: 4 };

/** Waits until the browser keeps every scorecard of the queue. */
const kept = (page: Page, ids: readonly string[]) =>
	expect
		.poll(() => page.evaluate(async () => (await (await caches.open('judging-pages')).keys()).map(({ url }) => new URL(url).pathname)), { timeout: 30_000 })
		.toEqual(expect.arrayContaining(['/app/judging', ...ids.map((id) => `/app/judging/${id}`)]));

test('a judge scores without a network, closes the tab, comes back, and all of it is there once', async ({ browser }) => {
	test.setTimeout(240_000);
	const client = await signInByApi(address(), 'judge4');
	const items = async () => ((await client.get('/judging')).body as { items: { id: string; status: string }[] }).items;
	const open = (await items()).filter(({ status }) => status === 'assigned' || status === 'draft').map(({ id }) => id).slice(0, 8);
	expect(open).toHaveLength(8);
	const submitted = async () => (await items()).filter(({ id, status }) => open.includes(id) && status === 'submitted').length;
	const versions = new Map<string, number>();
	for (const id of open) versions.set(id, ((await client.get(`/scorecards/${id}`)).body as { version: number }).version);

	const line = await cuttableLine(address());
	const context = await browser.newContext({ baseURL: line.address, viewport: { width: 360, height: 740 }, hasTouch: true, locale: 'zh-CN' });
	const judge = await context.newPage();
	await signIn(judge, 'judge4');
	await judge.goto('/app/judging');
	await kept(judge, open);
	line.cut();
	for (const id of open) {
		await judge.goto('/app/judging');
		await judge.locator(`a[href="/app/judging/${id}"]`).last().click();
		await judge.locator('label[for=view-score]').click();
		for (const [key, value] of Object.entries(points)) await judge.locator(`[name="scores.${key}"]`).fill(String(value));
		await judge.getByRole('button', { name: '提交评分' }).click();
		await judge.getByRole('button', { name: '确认提交' }).click();
		await expect(judge.getByText('没有网络。提交已记在本机')).toBeVisible();
	}
	await judge.close();
	expect(await submitted()).toBe(0);

	line.mend();
	const back = await context.newPage();
	await back.goto('/app/judging');
	await expect.poll(submitted).toBe(8);
	await expect(back.getByText('没有送出')).toHaveCount(0);
	for (const id of open) {
		const card = (await client.get(`/scorecards/${id}`)).body as { version: number; total: number };
		expect(card.total).toBe(78);
		expect(card.version).toBe((versions.get(id) ?? 0) + 1);
	}

	// Signing out leaves nothing of it on the device.
	await back.locator('form[action="/logout"]').first().evaluate((form: HTMLFormElement) => form.requestSubmit());
	await back.waitForURL((url) => !url.pathname.startsWith('/app'));
	await expect.poll(() => back.evaluate(() => caches.has('judging-pages'))).toBe(false);
	await context.close();
	await line.close();
});
