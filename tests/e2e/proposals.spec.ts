import { expect, type Page } from '@playwright/test';
import { signInByApi } from '../factories/api-client.ts';
import { test } from './app.ts';
import { address, openBrowser, signedIn } from './people.ts';

test.use({ subject: 'proposals' });

/** Sets this run's words apart from those of an earlier one on the same data. */
const stamp = Date.now().toString(36);
const field = (page: Page, name: string) => page.locator(`main [name="${name}"]`);
const saved = (page: Page) => expect(page.locator('.autosave')).toContainText('已保存');
const save = (page: Page) => page.locator('.actions-bar button[value=save]').click();

/** The address of the leader's open draft in the demo data. */
const draft = async (page: Page): Promise<string> => {
	await page.goto('/app/proposals');
	const address = await page.locator('a.call-card', { hasText: '填写中' }).first().getAttribute('href');
	if (!address) throw new Error('The demo data hold no draft of the leader.');
	return address;
};

test('two people write in one draft: other fields merge, the same field is a choice, a dead network loses nothing', async ({ browser }) => {
	const leader = await signedIn(browser, 'leader', { width: 360 });
	const context = leader.context();
	const worker = await signedIn(browser, 'worker');
	const plan = `${await draft(leader)}/plan`;
	await leader.goto(plan);
	await worker.goto(plan);

	await field(leader, 'answers.goals').fill('四十位老人半年不漏诊。');
	await saved(leader);
	await field(worker, 'answers.risks').fill('志愿者请假有人顶。');
	await saved(worker);
	await expect(field(worker, 'answers.goals')).toHaveValue('四十位老人半年不漏诊。');

	await field(worker, 'answers.team').fill('社工写的分工。');
	await saved(worker);
	await field(leader, 'answers.team').fill('队长写的分工。');
	await expect(leader.getByText('刚才田晓舟也改了')).toBeVisible();
	await expect(leader.getByText('社工写的分工。')).toBeVisible();
	await leader.getByRole('button', { name: '用我的' }).click();
	await saved(leader);
	await worker.reload();
	await expect(field(worker, 'answers.team')).toHaveValue('队长写的分工。');

	await context.setOffline(true);
	await field(leader, 'answers.future').fill('断网时写的：队里接着做。');
	await expect(leader.locator('.autosave')).toContainText('已存在本机');
	// Pressing the button all the same leads nowhere: no error page of the browser in place of her words.
	await leader.getByRole('button', { name: '保存并继续' }).click();
	await expect(leader.getByText('现在没有网，先留在这一页')).toBeVisible();
	await expect(field(leader, 'answers.future')).toHaveValue('断网时写的：队里接着做。');
	await leader.close();
	await context.setOffline(false);
	const again = await context.newPage();
	await again.goto(plan);
	await expect(field(again, 'answers.future')).toHaveValue('断网时写的：队里接着做。');
	await saved(again);
	await worker.reload();
	await expect(field(worker, 'answers.future')).toHaveValue('断网时写的：队里接着做。');
});

test('a field the server refuses keeps no other from it, and who was signed out while typing is told so', async ({ browser }) => {
	const page = await signedIn(browser, 'leader', { width: 360 });
	const leader = await signInByApi(address(), 'leader');
	const base = await draft(page);
	const stored = async () => (await leader.get(`/proposals/${base.split('/').at(-1)}`)).body as { title: string; answers: Record<string, string> };
	const told = (words: string) => expect(page.getByRole('alert').filter({ hasText: words })).toBeVisible();
	const { title } = await stored();
	await page.goto(`${base}/basics`);
	await field(page, 'title').fill('长'.repeat(70));
	await told('最多 60 个字');
	await page.goto(`${base}/plan`);
	await told('项目名称');
	await field(page, 'answers.goals').fill('四十位老人一年不漏诊。');
	await expect.poll(async () => (await stored()).answers.goals).toBe('四十位老人一年不漏诊。');
	expect((await stored()).title).toBe(title);
	await page.goto(`${base}/basics`);
	await told('最多 60 个字');
	await field(page, 'title').fill(title);
	await saved(page);
	await expect(page.getByRole('alert')).toHaveCount(0);

	await page.context().clearCookies({ name: 'miaopu_session' });
	await field(page, 'title').fill(`${title}好`);
	await told('登录过期了');
	await expect(page.locator('.autosave')).toContainText('已存在本机');
	await expect(page.getByRole('link', { name: '重新登录' })).toBeVisible();
	await page.context().close();
});

test('the budget adds up while it is typed and says what breaks a rule', async ({ browser }) => {
	const page = await signedIn(browser, 'leader', { width: 360 });
	await page.goto(`${await draft(page)}/budget`);
	const lines = await page.locator('fieldset').count();
	await page.getByRole('button', { name: '加一行' }).click();
	await expect(page.locator(`#f-budget-${lines}-item`)).toBeFocused();
	await field(page, `budget[${lines}].item`).fill('笔记本电脑');
	await field(page, `budget[${lines}].category`).selectOption('activity');
	await field(page, `budget[${lines}].quantity`).fill('1');
	await field(page, `budget[${lines}].unitPrice`).fill('3,500.50');
	await expect(page.locator('fieldset').nth(lines)).toContainText('3,500.50 元');
	await expect(page.locator('fieldset').nth(lines)).toContainText('不能买');
	await page.getByRole('button', { name: `删掉预算第 ${lines + 1} 行` }).click();
	await expect(page.locator('fieldset')).toHaveCount(lines);
	// The words on the page may still be about the save before; the next test goes on from what the server has.
	const leader = await signInByApi(address(), 'leader');
	const id = page.url().split('/').at(-2);
	await expect.poll(async () => ((await leader.get(`/proposals/${id}`)).body as { budget: unknown[] }).budget.length).toBe(lines);
	await page.context().close();
});

test('without JavaScript a draft is written, a clash shown, a wrong file named, and it is submitted once', async ({ browser }) => {
	const page = await signedIn(browser, 'leader', { width: 360, javaScript: false });
	const worker = await signedIn(browser, 'worker', { javaScript: false });
	const address = await draft(page);

	await page.goto(`${address}/budget`);
	const lines = await page.locator('fieldset').count();
	await page.getByRole('button', { name: '加一行' }).click();
	await expect(page.locator('fieldset')).toHaveCount(lines + 1);
	await page.locator(`button[value="remove-${lines}"]`).click();
	await expect(page.locator('fieldset')).toHaveCount(lines);
	await field(page, 'requested').fill('六千');
	await save(page);
	await expect(page.locator('.error-summary')).toContainText('请填金额');
	await expect(field(page, 'requested')).toHaveValue('六千');

	await page.goto(`${address}/basics`);
	await worker.goto(`${address}/basics`);
	await field(worker, 'title').fill(`社工改的题目${stamp}`);
	await save(worker);
	await expect(worker).toHaveURL(/saved/);
	await field(page, 'title').fill(`陪诊不慌${stamp}`);
	await field(page, 'withinCharter').check();
	await save(page);
	await expect(page.getByText(`社工改的题目${stamp}`).first()).toBeVisible();
	await expect(field(page, 'title')).toHaveValue(`陪诊不慌${stamp}`);
	await expect(field(page, 'withinCharter')).toBeChecked();
	await save(page);
	await expect(page).toHaveURL(/saved/);

	await page.goto(`${address}/plan`);
	if ((await field(page, 'answers.future').inputValue()) === '') await field(page, 'answers.future').fill('队里接着做。');
	await page.locator('button[value=next]').click();

	await page.goto(`${address}/attachments`);
	const upload = (name: string) => page.locator('#f-file').setInputFiles({ name, mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') });
	await upload('方案.docx');
	await page.getByRole('button', { name: '上传' }).click();
	await expect(page.locator('.error-summary')).toContainText('方案.docx');
	await upload('方案.pdf');
	await page.getByRole('button', { name: '上传' }).click();
	await expect(page.locator('.file-list')).toContainText('方案.pdf');
	const file = await page.locator('.file-list a').first().getAttribute('href');
	const sent = await page.context().request.get(file ?? '');
	expect(sent.headers()['content-disposition']).toContain('attachment');
	expect(sent.headers()['x-content-type-options']).toBe('nosniff');
	const judge = await signedIn(browser, 'judge1', { javaScript: false });
	expect((await judge.context().request.get(file ?? '')).status()).toBe(404);

	// The rules are amended before she submits: she is asked, once, and at the button.
	const head = await signInByApi(new URL(page.url()).origin, 'head');
	const call = (await head.get(`/proposals/${address.split('/').at(-1)}`)).body as { competition: string };
	const { version } = (await head.get(`/competitions/${call.competition}`)).body as { version: number };
	const text = '每户只登记一次，重复的不算。';
	expect((await head.send('POST', `/competitions/${call.competition}/amendments`, { text, closesAt: null, version })).status).toBeLessThan(300);
	await page.goto(`${address}/check`);
	await expect(page.getByText(text)).toBeVisible();
	await page.getByRole('button', { name: '确认提交' }).click();
	await expect(page.locator('.error-summary')).toContainText('我看过了');
	await page.getByLabel('规则变更（1 处）我看过了').check();
	await page.getByRole('button', { name: '确认提交' }).click();
	await expect(page).toHaveURL(/receipt/);
	const number = await page.locator('main .text-3xl').textContent();
	expect(number).toMatch(/^spring-\d{3}$/);
	await page.goto(`${address}/check`);
	await expect(page).toHaveURL(new RegExp(`${address}$`));
	await expect(page.locator('main')).toContainText(number ?? '');
});

test('an organizer sets up a call, announces it, and screens what comes in', async ({ browser }) => {
	const page = await signedIn(browser, 'head');
	await page.goto('/app/competitions/new');
	await field(page, 'title').fill('秋后小院');
	await field(page, 'slug').fill(`courtyard-${stamp}`);
	await page.getByRole('button', { name: '开始设置' }).click();
	await expect(page.getByText('还没写主题和说明')).toBeVisible();
	await page.getByRole('link', { name: /^基本信息/ }).click();
	await field(page, 'theme').fill('把院子里的事做起来。');
	await field(page, 'fund').fill('20,000');
	await page.getByRole('button', { name: '保存', exact: true }).click();
	await page.getByRole('link', { name: /^赛道和申报表/ }).click();
	await field(page, 'tracks[0].cap').fill('2500');
	await page.getByRole('button', { name: '保存', exact: true }).click();
	await page.getByRole('link', { name: /^评审与评分表/ }).click();
	await field(page, 'rounds[0].weight').fill('90');
	await page.getByRole('button', { name: '保存', exact: true }).click();
	await expect(page.locator('.error-summary')).toContainText('等于 100');
	await field(page, 'rounds[0].weight').fill('100');
	await page.getByRole('button', { name: '保存', exact: true }).click();
	await page.getByRole('link', { name: '去发布' }).click();
	await page.getByRole('button', { name: '发布公告' }).click();
	await expect(page.getByText('到点自动开放申报')).toBeVisible();
	const stranger = await (await openBrowser(browser, { javaScript: false })).newPage();
	await stranger.goto(`/competitions/courtyard-${stamp}`);
	await expect(stranger.locator('main')).toContainText('资助 300 元 至 2,500 元');

	await page.goto('/app/competitions');
	await page.getByRole('link', { name: /春种一畦/ }).click();
	await page.getByRole('link', { name: /^初审/ }).first().click();
	await page.getByRole('link', { name: '审下一份' }).click();
	const title = await page.locator('h1').textContent();
	await page.locator('label', { hasText: '退回修改' }).click();
	await page.getByRole('button', { name: '保存意见' }).click();
	await expect(page.locator('.error-summary')).toContainText('请写明理由');
	await field(page, 'reason').fill('请写明每次去几户。');
	await page.getByRole('button', { name: '保存意见' }).click();
	await page.waitForURL((url) => /screening(\/|$)/.test(url.pathname));
	await page.goto(page.url().replace(/screening.*/, 'proposals?status=returned'));
	await expect(page.locator('.data-table')).toContainText(title ?? '');
});
