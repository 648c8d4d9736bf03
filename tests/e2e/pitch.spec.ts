import { expect, type Page } from '@playwright/test';
import { signInByApi, type ApiClient } from '../factories/api-client.ts';
import { test } from './app.ts';
import { address, openBrowser, signedIn } from './people.ts';

test.use({ subject: 'pitch' });

const judges = [1, 2, 3, 4, 5, 6, 7].map((n) => `judge${n}`);
const marks = (n: number) => ({ content: 26 + n, participation: 20 + (n % 4), credible: 21 });

type Item = { id: string; slug: string; proposal: string; competition: string; status: string };

const cardOf = async (client: ApiClient, competition: string, proposal: string): Promise<string> => {
	const { body } = await client.get('/judging?limit=200');
	const found = (body as { items: Item[] }).items.find((item) => item.competition === competition && item.proposal === proposal && item.status !== 'submitted');
	if (!found) throw new Error('no such scorecard');
	return found.id;
};

const sure = async (answer: Promise<{ status: number; body: unknown }>): Promise<Record<string, unknown>> => {
	const { status, body } = await answer;
	if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
	return body as Record<string, unknown>;
};

/** When something first stands on a page, by this machine's clock; start it before what makes it appear. */
const watchFor = (page: Page, selector: string): Promise<number> =>
	page.evaluate(
		(wanted) =>
			new Promise<number>((resolve) => {
				const observer = new MutationObserver(() => {
					if (!document.querySelector(wanted)?.textContent?.trim()) return;
					observer.disconnect();
					resolve(Date.now());
				});
				observer.observe(document.body, { subtree: true, childList: true, characterData: true });
			}),
		selector
	);

test('a pitch: seven phones follow the stage, the hall sees the score at once', async ({ browser }) => {
	const head = await signInByApi(address(), 'head');
	const { items } = (await sure(head.get('/competitions'))) as { items: Item[] };
	const id = items.find(({ slug }) => slug === 'winter')?.id ?? '';
	const work = `/competitions/${id}`;
	const { proposals } = (await sure(head.send('POST', `${work}/advancements`, { by: 'top', round: 'pitch', n: 2, reason: '书面前两名' }))) as { proposals: string[] };
	await sure(head.send('POST', `${work}/assignment`, { round: 'pitch', seed: 'winter' }));

	// The order is drawn and the session started on the organizer's phone.
	const console = await signedIn(browser, 'head', { width: 360 });
	await console.goto(`/app/competitions/${id}/pitch`);
	await console.getByRole('button', { name: '抽签' }).click();
	await expect(console.getByRole('heading', { name: '出场顺序' })).toBeVisible();
	await console.getByRole('button', { name: '生成大屏链接' }).click();
	const link = await console.getByRole('link', { name: '打开大屏' }).getAttribute('href');
	const hall = await (await openBrowser(browser, { width: 1920 })).newPage();
	await hall.goto(link ?? '');
	await console.getByRole('button', { name: '开始路演' }).click();
	await expect(console.getByText('台上还没有人')).toBeVisible();

	const phones = await Promise.all(judges.map((login) => signedIn(browser, login, { width: 360 })));
	await Promise.all(phones.map((phone) => phone.goto('/app/judging')));
	await Promise.all(phones.map((phone) => expect(phone.getByText('等待下一个项目上台')).toBeVisible()));
	// The same project stands there twice, on paper and on stage: which is which is said.
	const [one] = phones;
	if (!one) throw new Error('no phone');
	await expect(one.getByRole('region', { name: '年关邻里情' }).getByRole('heading', { level: 3 })).toHaveText([/^书面评审/, /^现场路演/]);
	// Connecting for the first time is no loss to be told of; a line that does not come about is, until it does.
	const shown = await (await one.request.get('/app/judging')).text();
	expect([shown.includes('等待下一个项目上台'), shown.includes('正在重新连接')]).toEqual([true, false]);
	await one.route('**/app/judging/events?*', (route) => route.abort());
	await one.reload();
	await expect(one.getByText('正在重新连接')).toBeVisible();
	await one.unroute('**/app/judging/events?*');
	await expect(one.getByText('正在重新连接')).toBeHidden();
	await console.getByRole('button', { name: '请第一个上台' }).click();
	await Promise.all(phones.map((phone) => phone.waitForURL(/\/app\/judging\/[0-9a-f]{24}$/)));
	await Promise.all(phones.map((phone) => expect(phone.getByText('还没开放打分').first()).toBeVisible()));
	await expect(hall.getByText('第 1 个，共 2 个')).toBeVisible();
	await console.getByRole('button', { name: '开始计时' }).click();
	await expect(hall.locator('.face')).toHaveText(/^07:/);

	await console.getByRole('button', { name: '开放打分' }).click();
	await Promise.all(phones.map((phone) => expect(phone.getByText('可以打分了')).toBeVisible()));
	await one.locator('label[for=view-score]').click();
	for (const [key, value] of Object.entries(marks(1))) await one.locator(`[name="scores.${key}"]`).fill(String(value));
	await one.getByRole('button', { name: '提交评分' }).click();
	await one.getByRole('button', { name: '确认提交' }).click();
	await expect(hall.getByText('1 / 7')).toBeVisible();
	const stage = ((await sure(head.get(`${work}/pitch`))) as { current: string }).current;
	const clients = await Promise.all(judges.map((login) => signInByApi(address(), login)));
	for (const [n, client] of clients.entries())
		if (n > 0 && n < 6)
			await sure(client.send('PUT', `/scorecards/${await cardOf(client, id, stage)}`, { scores: marks(n + 1), status: 'submitted', version: 0 }));
	// Who is missing is named while it lasts.
	await expect(console.getByText(/^还没交：\S+$/)).toBeVisible();
	const [last] = clients.slice(-1);
	if (last) await sure(last.send('PUT', `/scorecards/${await cardOf(last, id, stage)}`, { scores: marks(7), status: 'submitted', version: 0 }));
	await expect(console.getByText('评委都交了')).toBeVisible();
	await console.getByRole('button', { name: '截止打分' }).first().click();
	await expect(hall.getByText('打分截止')).toBeVisible();
	expect(await hall.locator('.score').count()).toBe(0);

	// The score is out once the server has said so to the console; from then on the hall has a second.
	const seen = watchFor(hall, '.shown .score');
	const answered = console.waitForResponse((response) => response.request().method() === 'POST').then(() => Date.now());
	await console.getByRole('button', { name: '亮分' }).first().click();
	const delays = [(await seen) - (await answered)];
	// 69 71 73 71 73 75 77 without the lowest and the highest; nobody of the hall has voted, so the experts stand alone.
	await expect(hall.locator('.shown .score')).toContainText('72.60');
	await expect(hall.locator('aside')).toContainText('72.60');

	// The second project by its API, so that nothing is left open: paper for one judge, typed in at the desk.
	const second = proposals.find((proposal) => proposal !== stage) ?? '';
	const act = async (name: string, more: Record<string, unknown> = {}) => {
		const { version } = (await sure(head.get(`${work}/pitch`))) as { version: number };
		await sure(head.send('POST', `${work}/pitch/acts`, { act: name, version, ...more }));
	};
	await act('present', { proposal: second });
	await Promise.all(phones.slice(1).map((phone) => expect(phone.getByText('台上：').first()).toBeVisible()));
	await act('open', { proposal: second });
	for (const client of clients.slice(0, 6))
		await sure(client.send('PUT', `/scorecards/${await cardOf(client, id, second)}`, { scores: marks(2), status: 'submitted', version: 0 }));
	// Somebody of the hall scores with the code on her slip, on a phone without scripts.
	const { codes } = (await sure(head.send('POST', `${work}/jury-codes`, { round: 'pitch', count: 1, hours: 5 }))) as { codes: { code: string }[] };
	const resident = await (await openBrowser(browser, { width: 360, javaScript: false })).newPage();
	await resident.goto('/jury');
	await resident.getByLabel('评分码').fill(codes[0]?.code ?? '');
	await resident.getByRole('button', { name: '去打分' }).click();
	for (const [key, value] of Object.entries(marks(2))) await resident.locator(`[name="scores.${second}.${key}"]`).fill(String(value));
	// What cannot be taken back is shown once more, and may be changed until then.
	await resident.getByRole('button', { name: '打好了，看一眼' }).click();
	await expect(resident.getByRole('alert')).toContainText('交了就不能再改');
	await resident.getByRole('button', { name: '回去改' }).click();
	await expect(resident.locator(`[name="scores.${second}.content"]`)).toHaveValue('28');
	await resident.getByRole('button', { name: '打好了，看一眼' }).click();
	await resident.getByRole('button', { name: '确认提交，不再改' }).click();
	await expect(resident.getByRole('heading', { name: '收到了，谢谢！' })).toBeVisible();
	const desk = await signedIn(browser, 'worker');
	await desk.goto(`/app/competitions/${id}/paper`);
	await desk.getByRole('link', { name: /^录入/ }).click();
	for (const [key, value] of Object.entries(marks(2))) await desk.locator(`[name="scores.${key}"]`).fill(String(value));
	await desk.getByRole('button', { name: '录完，提交' }).click();
	await expect(desk.getByText('待第二人核对')).toBeVisible();
	await act('close', { proposal: second });
	const seenToo = watchFor(hall, 'aside li:nth-child(2)');
	await act('reveal', { proposal: second });
	const answeredToo = Date.now();
	delays.push((await seenToo) - answeredToo);
	// A machine that stands still for a moment does so once.
	expect(Math.min(...delays)).toBeLessThan(1000);
	await act('end');
	await expect(hall.locator('aside li')).toHaveCount(2);
	for (const page of [console, hall, desk, resident, ...phones]) await page.context().close();
});
