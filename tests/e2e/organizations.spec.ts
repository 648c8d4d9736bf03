import { expect, type Browser, type Page } from '@playwright/test';
import { test } from './app.ts';
import { address } from './people.ts';

test.use({ subject: 'organizations' });

const phone = { width: 360, height: 740 };

/** A page in a browser of its own; the old phone has no JavaScript. */
const visit = async (browser: Browser, options: { login?: string; scripts?: boolean } = {}): Promise<Page> => {
	const context = await browser.newContext({
		baseURL: address(),
		viewport: phone,
		locale: 'zh-CN',
		javaScriptEnabled: options.scripts ?? false
	});
	const page = await context.newPage();
	if (options.login) {
		await page.goto('/login');
		await page.locator('[name=login]').fill(options.login);
		await page.locator('[name=password]').fill('miaopu-demo');
		await page.getByRole('button', { name: '登录' }).click();
		await expect(page).toHaveURL(/\/app/);
	}
	return page;
};

const apply = async (page: Page, name: string, number: string): Promise<void> => {
	await page.goto('/apply');
	await page.getByLabel('小组叫什么').fill(name);
	await page.getByLabel('主要做哪一类事').selectOption('mutual_aid');
	await page.getByLabel('找哪个社工站').selectOption({ label: '高桥街道社会工作服务站' });
	await page.getByLabel('在哪个社区').selectOption({ label: '丰京苑社区' });
	await page.getByLabel('想做什么').fill('替楼里的老人修水龙头、换灯泡。');
	await page.getByLabel('现在有多少人').fill('6');
	await page.getByLabel('联系人姓名').fill('卢师傅');
	await page.getByLabel('联系人手机号').fill(number);
	await page.getByLabel('我同意社工站保存以上信息').check();
	await page.getByRole('button', { name: '交申请' }).click();
};

test('a group applies, is asked for a change, is accepted, and records its life, all without JavaScript', async ({ browser }) => {
	const name = `修修补补队${Date.now() % 100_000}`;
	const group = await visit(browser);
	await group.goto('/apply');
	await group.getByRole('button', { name: '交申请' }).click();
	await expect(group.getByRole('alert')).toContainText('这里还没填');
	await apply(group, name, `139${String(Date.now()).slice(-8)}`);
	await expect(group.getByRole('heading', { level: 1 })).toHaveText('申请收到了');
	const receipt = group.url();
	await expect(group.getByText(/GQ-\d{4}/)).toBeVisible();

	const worker = await visit(browser, { login: 'worker' });
	await worker.getByRole('link', { name: new RegExp(name) }).click();
	await worker.locator('summary', { hasText: '退回请对方修改' }).click();
	await worker.getByLabel('要改什么').fill('请写一下什么时候方便上门。');
	await worker.getByRole('button', { name: '退回请对方修改' }).click();
	await expect(worker.getByText('已退回，等小组修改')).toBeVisible();
	const organization = worker.url().split('?')[0] ?? '';

	await group.goto(receipt);
	await expect(group.getByText('请写一下什么时候方便上门。')).toBeVisible();
	await group.getByLabel('想做什么').fill('每周六上午替楼里的老人修水龙头、换灯泡。');
	await group.getByRole('button', { name: '改好了，再交一次' }).click();
	await expect(group.getByRole('heading', { level: 1 })).toHaveText('改好的申请收到了');

	await worker.goto(organization);
	await worker.getByRole('button', { name: '受理' }).click();
	await expect(worker.getByText('孵化中', { exact: true })).toBeVisible();

	await worker.goto(`${organization}/members`);
	for (const member of ['沈阿姨', '杜师傅']) {
		await worker.getByLabel('姓名').fill(member);
		await worker.getByLabel('骨干人选').check();
		await worker.getByRole('button', { name: '加一个人' }).click();
		await expect(worker.getByRole('link', { name: member })).toBeVisible();
	}
	await worker.goto(`${organization}/activities/new`);
	await worker.getByLabel('做了什么').fill('第一次上门');
	await worker.getByLabel('小组自己办').check();
	await worker.getByLabel('沈阿姨').check();
	await worker.getByLabel('另外来了多少人').fill('9');
	await worker.getByRole('button', { name: '记好了' }).click();
	await expect(worker.getByText('10 人次')).toBeVisible();
	await worker.getByRole('link', { name: '第一次上门' }).click();
	await worker.getByRole('button', { name: '撤销这条记录' }).click();
	await worker.getByRole('button', { name: '恢复' }).click();
	await expect(worker.getByRole('heading', { name: '第一次上门' })).toBeVisible();

	await worker.goto(`${organization}/meetings/new`);
	await worker.getByLabel('什么会').fill('选举会');
	await worker.getByLabel('应到多少人').fill('3');
	await worker.getByLabel('实到多少人').fill('3');
	const vote = worker.getByRole('group', { name: '第 1 项表决' });
	await vote.getByLabel('表决什么').selectOption('elect_leader');
	await vote.getByLabel('内容').fill('选沈阿姨');
	await vote.getByLabel('选谁').selectOption({ label: '沈阿姨' });
	await vote.getByLabel('赞成').fill('2');
	await vote.getByLabel('反对').fill('1');
	await vote.getByLabel('弃权').fill('0');
	await worker.getByRole('button', { name: '记好了' }).click();
	await expect(worker.getByText('通过', { exact: true })).toBeVisible();
	await worker.goto(`${organization}/members`);
	await expect(worker.getByRole('listitem').filter({ hasText: '沈阿姨' })).toContainText('负责人');
	await worker.goto(organization);
	await expect(worker.locator('#criterion-prospective_core')).toContainText('已达到');
	await expect(worker.locator('#criterion-survey')).toContainText('0 / 30');
});

test('the head passes a stage in two taps from the list of things to do', async ({ browser }) => {
	const head = await visit(browser, { login: 'head', scripts: true });
	await head.getByRole('link', { name: /提请过关/ }).first().click();
	await head.getByRole('button', { name: '批准过关' }).click();
	await expect(head.getByRole('status').filter({ hasText: '批准了' })).toBeVisible();
});

test('what somebody typed survives another person’s change', async ({ browser }) => {
	const one = await visit(browser, { login: 'worker', scripts: true });
	await one.goto('/app/organizations?q=丰京苑邻里帮帮队');
	await one.getByRole('link', { name: '丰京苑邻里帮帮队' }).click();
	await one.getByRole('link', { name: '修改资料' }).click();
	const two = await visit(browser, { login: 'head', scripts: true });
	await two.goto(one.url());
	await two.getByLabel('想做什么').fill('站长改过的一句话。');
	await two.getByRole('button', { name: '保存' }).click();
	await expect(two.getByText('站长改过的一句话。')).toBeVisible();
	await one.getByLabel('想做什么').fill('社工还在写的一句话。');
	await one.getByRole('button', { name: '保存' }).click();
	await expect(one.getByRole('alert')).toContainText('站长改过的一句话。');
	await expect(one.getByLabel('想做什么')).toHaveValue('社工还在写的一句话。');
	await one.getByRole('button', { name: '保存' }).click();
	await expect(one.getByText('社工还在写的一句话。')).toBeVisible();
});
