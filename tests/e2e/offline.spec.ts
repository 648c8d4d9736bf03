import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { signInByApi, type ApiClient } from '../factories/api-client.ts';
import { cuttableLine } from '../factories/line.ts';
import { press } from '../pages/acting.ts';
import { fillScorecard, mark, openCard } from '../pages/scorecard.ts';
import { test } from './app.ts';
import { address, signIn } from './people.ts';

test.use({ subject: 'offline' });


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

type Queued = { id: string; status: string };
type Card = { status: string; version: number; total: number | null; scores: Record<string, number> };
const cardOf = async (client: ApiClient, id: string): Promise<Card> => (await client.get(`/scorecards/${id}`)).body as Card;
const untouched = async (client: ApiClient, n: number): Promise<string[]> => {
	const { items } = (await client.get('/judging')).body as { items: Queued[] };
	const ids = items.filter(({ status }) => status === 'assigned').map(({ id }) => id);
	expect(ids.length).toBeGreaterThanOrEqual(n);
	return ids.slice(0, n);
};
const phone = (browser: Browser, line: { address: string }): Promise<BrowserContext> =>
	browser.newContext({ baseURL: line.address, viewport: { width: 360, height: 740 }, hasTouch: true, locale: 'zh-CN' });
const toMarks = (page: Page) => page.locator('label[for=view-score]').click();
const unsentHere = (page: Page, n: number) => page.getByRole('status').filter({ hasText: `本机还有 ${n} 份评分没有送出` });

test('without a network the pages tell what the server has, and any page sends what waits', async ({ browser }) => {
	const client = await signInByApi(address(), 'judge5');
	const [one = '', two = '', three = ''] = await untouched(client, 3);
	const line = await cuttableLine(address());
	const context = await phone(browser, line);
	const judge = await context.newPage();
	await signIn(judge, 'judge5');
	await judge.goto('/app/judging');
	await kept(judge, [one, two, three]);
	await expect(judge.getByText('都已存到这台手机')).toBeVisible();
	// Saved while there is a network, after the page was kept.
	await judge.goto(`/app/judging/${one}`);
	await toMarks(judge);
	await mark(judge, '需求真实').fill('14');
	await expect(judge.getByRole('status').filter({ hasText: /^已保存 · / })).toBeVisible();
	line.cut();
	await judge.reload();
	await expect(judge.getByText('没有网络，这是')).toBeVisible();
	await expect(mark(judge, '需求真实')).toHaveValue('14');

	await judge.goto(`/app/judging/${two}`);
	await toMarks(judge);
	await fillScorecard(judge, [15, 15, 12, 12, 12, 8, 4]);
	await press(judge, '提交评分');
	await press(judge, '确认提交');
	await expect(judge.getByText('没有网络。提交已记在本机')).toBeVisible();
	// What waits to be submitted can be taken back, changed and submitted again.
	await press(judge, '先不交，再改改');
	await mark(judge, '方案可行').fill('16');
	await press(judge, '提交评分');
	await press(judge, '确认提交');
	await judge.getByRole('link', { name: '回到列表，接着评下一份' }).click();
	await expect(unsentHere(judge, 1)).toBeVisible();
	await expect(judge.locator(`.items a[href="/app/judging/${one}"]`)).toContainText('评了一部分');
	await expect(judge.locator('.next a').first()).toHaveAttribute('href', `/app/judging/${one}`);

	await judge.goto(`/app/judging/${three}`);
	await expect(unsentHere(judge, 1)).toBeVisible();
	line.mend();
	await judge.evaluate(() => window.dispatchEvent(new Event('online')));
	await expect.poll(async () => (await cardOf(client, two)).status).toBe('submitted');
	expect(await cardOf(client, two)).toMatchObject({ version: 1, total: 79 });
	await expect(judge.getByText('没有送出')).toHaveCount(0);
	await context.close();
	await line.close();
});

test('two tabs without a network: neither loses what the other typed', async ({ browser }) => {
	const client = await signInByApi(address(), 'judge6');
	const [id = ''] = await untouched(client, 1);
	const line = await cuttableLine(address());
	const context = await phone(browser, line);
	const one = await context.newPage();
	await signIn(one, 'judge6');
	const two = await context.newPage();
	await openCard(one, id);
	await openCard(two, id);
	line.cut();
	for (const [page, points] of [[one, '12'], [two, '17']] as const) {
		await mark(page, '需求真实').fill(points);
		await expect(page.getByText('没有网络，已存在本机')).toBeVisible();
	}
	await one.close();
	await two.close();
	line.mend();
	const back = await context.newPage();
	await back.goto(`/app/judging/${id}`);
	const clash = back.getByRole('alert').filter({ hasText: '这份评分在别处也改过' });
	await expect(clash.getByRole('row').filter({ hasText: '需求真实' }).getByRole('cell')).toHaveText(['12', '17']);
	await press(clash, '用本页的');
	await expect.poll(async () => (await cardOf(client, id)).scores.need).toBe(12);
	await back.goto('/app/judging');
	await expect(back.getByRole('heading', { name: '我的评分' })).toBeVisible();
	await expect.poll(() => back.evaluate(() => localStorage.length)).toBe(0);
	await context.close();
	await line.close();
});

test('a phone handed on: nobody sees or sends another’s marks, and what was refused is said and can be read', async ({ browser }) => {
	const client = await signInByApi(address(), 'judge7');
	const [mine = '', taken = ''] = await untouched(client, 2);
	const line = await cuttableLine(address());
	const context = await phone(browser, line);
	const judge = await context.newPage();
	await signIn(judge, 'judge7');
	await judge.goto('/app/judging');
	await kept(judge, [mine, taken]);
	line.cut();
	for (const id of [mine, taken]) {
		await judge.goto(`/app/judging/${id}`);
		await toMarks(judge);
		await mark(judge, '需求真实').fill('13');
		await expect(judge.getByText('没有网络，已存在本机')).toBeVisible();
	}
	line.mend();
	// Signed out elsewhere, and one of the two given back there: the phone knows nothing of it.
	expect((await client.send('POST', `/scorecards/${taken}/recusal`, { reason: '邻居。' })).status).toBe(200);
	await context.clearCookies();
	await signIn(judge, 'judge3');
	await judge.goto('/app/judging');
	await expect(judge.getByText('还有别的评委没送出的评分（2 份）')).toBeVisible();
	expect((await cardOf(client, mine)).status).toBe('assigned');
	expect(await judge.evaluate(async (path) => (await caches.open('judging-pages')).match(path).then(Boolean), `/app/judging/${mine}`)).toBe(false);

	await judge.locator('form[action="/logout"]').first().evaluate((form: HTMLFormElement) => form.requestSubmit());
	await judge.waitForURL((url) => !url.pathname.startsWith('/app'));
	await signIn(judge, 'judge7');
	await judge.goto('/app/judging');
	await expect.poll(async () => (await cardOf(client, mine)).scores.need).toBe(13);
	const refused = judge.getByRole('status').filter({ hasText: '没有送到服务器' });
	await refused.locator('summary').click();
	await expect(refused.getByRole('listitem').filter({ hasText: '需求真实' })).toHaveText(/13/);
	await press(refused, '知道了，从本机删掉');
	await expect(refused).toHaveCount(0);
	expect(await judge.evaluate(() => localStorage.length)).toBe(0);
	await context.close();
	await line.close();
});

test('small attachments are at hand without a network, say so, and are gone for the next who holds the phone', async ({ browser }) => {
	const client = await signInByApi(address(), 'judge4');
	const { items } = (await client.get('/judging?limit=200')).body as { items: (Queued & { title: string })[] };
	const id = items.find(({ title }) => title.startsWith('凌晨两点的通道'))?.id ?? '';
	const line = await cuttableLine(address());
	const context = await phone(browser, line);
	const judge = await context.newPage();
	await signIn(judge, 'judge4');
	await judge.goto('/app/judging');
	await kept(judge, [id]);
	const files = () => judge.evaluate(async () => (await (await caches.open('judging-pages')).keys()).map(({ url }) => new URL(url).pathname).filter((path) => path.includes('/files/')));
	await expect.poll(async () => (await files()).some((path) => path.startsWith(`/app/judging/${id}/`)), { timeout: 30_000 }).toBe(true);
	line.cut();
	await judge.goto(`/app/judging/${id}`);
	await judge.locator('label[for=view-proposal]').click();
	const entry = judge.getByRole('listitem').filter({ hasText: '夜巡路线图.jpg' });
	await expect(entry).toContainText('已存到本机');
	const href = (await entry.getByRole('link').getAttribute('href')) ?? '';
	const fetched = () => judge.evaluate((path) => fetch(path).then(async (answer) => [answer.status, (await answer.blob()).type], () => [0, '']), href);
	expect(await fetched()).toEqual([200, 'image/jpeg']);
	line.mend();
	await judge.goto('/app/judging');
	await judge.locator('form[action="/logout"]').first().evaluate((form: HTMLFormElement) => form.requestSubmit());
	await judge.waitForURL((url) => !url.pathname.startsWith('/app'));
	await signIn(judge, 'judge3');
	await judge.goto('/app/judging');
	expect((await files()).some((path) => path.startsWith(`/app/judging/${id}/`))).toBe(false);
	expect((await fetched())[0]).toBe(404);
	line.cut();
	expect((await fetched())[0]).toBe(0);
	await context.close();
	await line.close();
});

test('signing out where no script can look asks about what is unsent, and sends it first', async ({ browser }) => {
	const client = await signInByApi(address(), 'judge6');
	const [id = ''] = await untouched(client, 1);
	const line = await cuttableLine(address());
	const context = await phone(browser, line);
	const judge = await context.newPage();
	await signIn(judge, 'judge6');
	await judge.goto('/app/judging');
	await kept(judge, [id]);
	const today = await context.newPage();
	await today.goto('/app');
	await openCard(judge, id);
	line.cut();
	await mark(judge, '团队能力').fill('8');
	await expect(judge.getByText('没有网络，已存在本机')).toBeVisible();
	await judge.close();
	await today.locator('form[action="/logout"]').first().evaluate((form: HTMLFormElement) => form.requestSubmit());
	await expect(today.getByText('还有 1 份评分没有送到服务器')).toBeVisible();
	line.mend();
	await today.evaluate(() => window.dispatchEvent(new Event('online')));
	await expect(today.getByText('可以放心退出')).toBeVisible();
	expect((await cardOf(client, id)).scores.team).toBe(8);
	await press(today.getByRole('status').filter({ hasText: '可以放心退出' }), '退出登录');
	await today.waitForURL((url) => !url.pathname.startsWith('/app'));
	await context.close();
	await line.close();
});
