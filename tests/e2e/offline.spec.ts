import { expect, test, type Page } from '@playwright/test';
import { signInByApi } from '../factories/api-client.ts';
import { address, person } from './people.ts';

test.use({ actionTimeout: 15_000 });

const points = { need: 15, feasibility: 16, participation: 12, outcomes: 12, budget: 12, team: 7, sustainability: 4 };

/** Waits until the browser keeps every scorecard of the queue. */
const kept = (page: Page, ids: readonly string[]) =>
	expect
		.poll(() => page.evaluate(async () => (await (await caches.open('judging-pages')).keys()).map(({ url }) => new URL(url).pathname)), { timeout: 30_000 })
		.toEqual(expect.arrayContaining(['/app/judging', ...ids.map((id) => `/app/judging/${id}`)]));

test('a judge scores what is left without a network, closes the tab, comes back, and all of it is there once', async ({ browser }) => {
	test.setTimeout(120_000);
	const client = await signInByApi(address(), 'judge6');
	const items = async () => ((await client.get('/judging')).body as { items: { id: string; status: string }[] }).items;
	const open = (await items()).filter(({ status }) => status === 'assigned' || status === 'draft').map(({ id }) => id).slice(0, 8);
	expect(open.length).toBeGreaterThanOrEqual(4);
	const before = new Map<string, number>();
	for (const id of open) before.set(id, ((await client.get(`/scorecards/${id}`)).body as { version: number }).version);

	const judge = await person(browser, 'judge6', { width: 360 });
	const context = judge.context();
	await judge.goto('/app/judging');
	await kept(judge, open);
	await context.setOffline(true);
	for (const id of open) {
		// By the queue each time, as a judge does: neither page comes from the server now.
		await judge.goto('/app/judging');
		await judge.locator(`a[href="/app/judging/${id}"]`).last().click();
		await judge.getByText('评分表', { exact: true }).first().click();
		for (const [key, value] of Object.entries(points)) await judge.locator(`[name="scores.${key}"]`).fill(String(value));
		await judge.getByRole('button', { name: '提交评分' }).click();
		await judge.getByRole('button', { name: '确认提交' }).click();
		await expect(judge.getByText('没有网络。提交已记在本机')).toBeVisible();
	}
	await judge.close();
	expect((await items()).filter(({ id, status }) => open.includes(id) && status === 'submitted')).toEqual([]);

	await context.setOffline(false);
	const back = await context.newPage();
	await back.goto('/app/judging');
	await expect.poll(async () => (await items()).filter(({ id, status }) => open.includes(id) && status === 'submitted').length).toBe(open.length);
	await expect(back.getByText('还有')).toHaveCount(0);
	for (const id of open) {
		const card = (await client.get(`/scorecards/${id}`)).body as { version: number; total: number };
		expect(card.total).toBe(78);
		expect(card.version).toBe((before.get(id) ?? 0) + 1);
	}

	// Signing out leaves nothing of it on the device.
	await back.locator('form[action="/logout"] button').first().evaluate((button: HTMLButtonElement) => button.form?.requestSubmit());
	await back.waitForURL((url) => !url.pathname.startsWith('/app'));
	expect(await back.evaluate(() => caches.has('judging-pages'))).toBe(false);
	await context.close();
});
